#include "core/run/zip_archive.hpp"

#include <gtest/gtest.h>

#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
using namespace ember::test;

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Opens the archive and reads all of its entries.
void read_all(const std::string& file) {
    const ZipArchive archive(bytes_of(file), "a.zip");
    for (const ZipEntry& entry : archive.entries()) {
        archive.checked_data(entry);
    }
}

ZipWriter two_parts() {
    ZipWriter zip;
    zip.add("top/a", "first").add("top/b", std::string(100, 'b'));
    return zip;
}

TEST(ZipArchive, ReadsStoredEntriesBehindPadding) {
    ZipWriter zip = two_parts();
    zip.parts[1].local_padding = 40;
    zip.comment = "a comment";
    const std::string file = zip.write();
    const ZipArchive archive(bytes_of(file), "a.zip");
    ASSERT_EQ(archive.entries().size(), 2U);
    EXPECT_EQ(text_of(archive.checked_data(*archive.find("top/a"))), "first");
    EXPECT_EQ(text_of(archive.checked_data(*archive.find("top/b"))), std::string(100, 'b'));
    EXPECT_EQ(archive.find("top/c"), nullptr);
}

TEST(ZipArchive, ReadsZip64) {
    ZipWriter zip = two_parts();
    zip.parts[0].zip64 = zip.parts[1].zip64 = true;
    zip.zip64_end = true;
    const std::string file = zip.write();
    const ZipArchive archive(bytes_of(file), "a.zip");
    EXPECT_EQ(text_of(archive.checked_data(*archive.find("top/a"))), "first");
}

TEST(ZipArchive, AcceptsAChecksumThatPyTorchLeftOut) {
    std::string file = two_parts().write();
    for (std::size_t at = file.find("PK\x01\x02"); at != std::string::npos;
         at = file.find("PK\x01\x02", at + 1)) {
        file.replace(at + 16, 4, 4, '\0');
    }
    EXPECT_EQ(class_of([&] { read_all(file); }), "no error");
}

TEST(ZipArchive, EveryTruncationIsAnError) {
    ZipWriter zip = two_parts();
    for (const bool zip64 : {false, true}) {
        zip.zip64_end = zip64;
        const std::string file = zip.write();
        for (std::size_t size = 0; size < file.size(); ++size) {
            EXPECT_NE(class_of([&] { read_all(file.substr(0, size)); }), "no error") << size;
        }
    }
}

struct Lie {
    const char* name;
    std::function<void(ZipWriter&)> tell;
    const char* expected = "Corrupt";
};

class LyingZip : public ::testing::TestWithParam<Lie> {};

TEST_P(LyingZip, IsRefused) {
    ZipWriter zip = two_parts();
    GetParam().tell(zip);
    EXPECT_EQ(class_of([&] { read_all(zip.write()); }), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Lies, LyingZip,
    ::testing::Values(Lie{"compressed", [](ZipWriter& z) { z.parts[0].method = 8; }, "UnsupportedType"},
                      Lie{"encrypted", [](ZipWriter& z) { z.parts[0].flags = 1; }, "UnsupportedType"},
                      Lie{"checksum", [](ZipWriter& z) { z.parts[1].wrong_crc = true; }},
                      Lie{"overlap", [](ZipWriter& z) { z.parts[0].claimed_size = 60; }},
                      Lie{"same_data_twice", [](ZipWriter& z) { z.parts[1].claimed_offset = 0; }},
                      Lie{"beyond_the_file", [](ZipWriter& z) { z.parts[1].claimed_size = 1 << 20; }},
                      Lie{"beyond_any_file",
                          [](ZipWriter& z) {
                              z.parts[1].zip64 = true;
                              z.parts[1].claimed_size = INT64_MAX;
                          }},
                      Lie{"offset_beyond",
                          [](ZipWriter& z) {
                              z.parts[1].zip64 = true;
                              z.parts[1].claimed_offset = INT64_MAX;
                          }},
                      Lie{"offset_in_data", [](ZipWriter& z) { z.parts[1].claimed_offset = 45; }},
                      Lie{"other_name_length", [](ZipWriter& z) { z.parts[0].local_name = "top/other"; }},
                      Lie{"duplicate", [](ZipWriter& z) { z.add("top/a", "again"); }},
                      Lie{"more_entries", [](ZipWriter& z) { z.claimed_count = 3; }},
                      Lie{"fewer_entries", [](ZipWriter& z) { z.claimed_count = 1; }},
                      Lie{"many_entries",
                          [](ZipWriter& z) {
                              z.zip64_end = true;
                              z.claimed_count = INT64_MAX;
                          }},
                      Lie{"directory_elsewhere", [](ZipWriter& z) { z.claimed_directory = 3; }},
                      Lie{"directory_beyond",
                          [](ZipWriter& z) {
                              z.zip64_end = true;
                              z.claimed_directory = INT64_MAX;
                          }},
                      Lie{"zip64_end_elsewhere",
                          [](ZipWriter& z) {
                              z.zip64_end = true;
                              z.claimed_zip64_end = 4;
                          }},
                      Lie{"zip64_end_beyond",
                          [](ZipWriter& z) {
                              z.zip64_end = true;
                              z.claimed_zip64_end = INT64_MAX;
                          }}),
    [](const auto& info) { return info.param.name; });

TEST(ZipArchive, SaysWhenAFileIsNoZip) {
    EXPECT_EQ(class_of([] { read_all("hello, this is not a zip archive at all"); }), "NotACheckpoint");
    EXPECT_EQ(class_of([] { read_all(""); }), "NotACheckpoint");
}

} // namespace
