#include "core/base/fingerprint.hpp"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace {

// Vectors of FIPS 180-4.
constexpr char empty_hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char abc_hash[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char million_a_hash[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Fingerprint, OfBytesEqualsThePublishedVectors) {
    EXPECT_EQ(ember::sha256_of_bytes("", 0), empty_hash);
    EXPECT_EQ(ember::sha256_of_bytes("abc", 3), abc_hash);
}

TEST(Fingerprint, OfAFileIsThatOfItsBytes) {
    const auto file = std::filesystem::temp_directory_path() / ("ember-hash-" + std::to_string(getpid()));
    std::ofstream(file) << std::string(1'000'000, 'a');
    ember::JobContext job;
    EXPECT_EQ(ember::sha256_of_file(file, job), million_a_hash);
    std::filesystem::remove(file);
}

TEST(Fingerprint, MissingFileAndCancelAreErrors) {
    ember::JobContext job;
    EXPECT_THROW(ember::sha256_of_file("/no/such/file", job), ember::Error);
    std::stop_source stop;
    stop.request_stop();
    ember::JobContext stopped(nullptr, stop.get_token());
    EXPECT_THROW(ember::sha256_of_file("/proc/self/exe", stopped), ember::Cancelled);
}

} // namespace
