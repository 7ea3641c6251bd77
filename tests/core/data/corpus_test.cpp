// The test corpus: what the manifest says of every file is found, and every broken file is refused with the
// class of error that it names.

#include <chrono>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base/error.hpp"
#include "core/data/inspect.hpp"

namespace ember {
namespace {

using nlohmann::json;

const std::filesystem::path& folder() {
    static const std::filesystem::path path = std::filesystem::path(EMBER_TEST_DATA) / "h5ad";
    return path;
}

const json& manifest() {
    static const json value = json::parse(std::ifstream(folder() / "manifest.json"));
    return value;
}

std::vector<std::string> files(const char* part) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : manifest()[part].items()) {
        names.push_back(name);
    }
    return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    auto name = info.param.substr(0, info.param.rfind('.'));
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

long peak_memory_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/// Numbers to 1e-6 relative (or 1e-9 of the scale of what was summed up), everything else exactly; `found`
/// may say more than `expected`.
void expect_contains(const json& found, const json& expected, double scale, const std::string& where) {
    if (expected.is_number() && found.is_number()) {
        const double want = expected.get<double>(), have = found.get<double>();
        EXPECT_NEAR(have, want, 1e-6 * std::abs(want) + 1e-9 * scale) << where;
    } else if (expected.is_object()) {
        ASSERT_TRUE(found.is_object()) << where << ": " << found;
        const double own =
            expected.contains("sum_squares_finite") && expected["sum_squares_finite"].is_number()
                ? expected["sum_squares_finite"].get<double>()
                : scale;
        for (const auto& [key, value] : expected.items()) {
            ASSERT_TRUE(found.contains(key)) << where << "/" << key;
            expect_contains(found[key], value, own, where + "/" + key);
        }
    } else if (expected.is_array()) {
        ASSERT_TRUE(found.is_array() && found.size() == expected.size()) << where << ": " << found;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            expect_contains(found[i], expected[i], scale, where + "/" + std::to_string(i));
        }
    } else {
        EXPECT_EQ(found, expected) << where;
    }
}

class Valid : public testing::TestWithParam<std::string> {};

TEST_P(Valid, reads_to_its_manifest) {
    const auto& entry = manifest()["valid"][GetParam()];
    const auto data = AnnData::open(folder() / "valid" / GetParam());
    JobContext job;
    const auto found = inspect_anndata(*data, true, job);
    for (const auto& [key, value] : entry.items()) {
        static const std::set<std::string> about_the_file = {"what", "anndata_reads", "anndata_error",
                                                             "sha256", "n_obs_columns"};
        if (!about_the_file.contains(key)) {
            ASSERT_TRUE(found.contains(key)) << key;
            expect_contains(found[key], value, 1.0, key);
        }
    }
    for (const char* members : {"obs", "obsm", "varm", "obsp", "layers"}) {
        if (entry.contains(members)) {
            EXPECT_EQ(found[members].size(), entry[members].size()) << members;
        }
    }
    if (entry.contains("n_obs_columns")) {
        EXPECT_EQ(data->obs_columns().size(), entry["n_obs_columns"].get<std::size_t>());
    }
}

TEST_P(Valid, says_the_cheap_part_without_reading_the_values) {
    const auto& entry = manifest()["valid"][GetParam()];
    const auto data = AnnData::open(folder() / "valid" / GetParam());
    JobContext job;
    const auto found = inspect_anndata(*data, false, job);
    EXPECT_FALSE(found["X"].contains("sum_finite"));
    if (entry.contains("shape")) {
        EXPECT_EQ(found["shape"], entry["shape"]);
    }
    EXPECT_TRUE(found["X"].contains("kind") || !data->has_x());
}

INSTANTIATE_TEST_SUITE_P(Corpus, Valid, testing::ValuesIn(files("valid")), test_name);

class Broken : public testing::TestWithParam<std::string> {};

/// "NotHdf5OrCorrupt", "BadLink_or_bounded" and the like name several classes.
bool allowed(const std::string& expected, const std::string& found) {
    return expected.find(found) != std::string::npos ||
           (found == "BoundedDepth" && expected.find("bounded") != std::string::npos);
}

TEST_P(Broken, ends_in_its_class_of_error) {
    const auto expected = manifest()["broken"][GetParam()]["expected_error"].get<std::string>();
    const auto path = folder() / "broken" / GetParam();
    const long before = peak_memory_mib();
    const auto start = std::chrono::steady_clock::now();
    try {
        const auto data = AnnData::open(path);
        JobContext job;
        inspect_anndata(*data, true, job);
        ADD_FAILURE() << "the file was read";
    } catch (const Error& error) {
        EXPECT_TRUE(allowed(expected, error.class_name())) << expected << " but " << error.class_name();
        EXPECT_EQ(error.place().file, path.string());
        EXPECT_THAT(error.what(), testing::HasSubstr(GetParam()));
        EXPECT_FALSE(error.message().empty());
        EXPECT_FALSE(error.remedy().empty());
        EXPECT_EQ(error.exit_status(), ExitStatus::bad_input);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    EXPECT_LT(peak_memory_mib() - before, 512);
}

INSTANTIATE_TEST_SUITE_P(Corpus, Broken, testing::ValuesIn(files("broken")), test_name);

TEST(Corpus, has_all_files) {
    EXPECT_EQ(files("valid").size(), 33U);
    EXPECT_EQ(files("broken").size(), 36U);
}

/// Files that once crashed libhdf5, kept it busy for ever or made it allocate without bound: now they open,
/// or end in an Error.
TEST(Corpus, files_found_by_fuzzing_do_no_harm) {
    const auto start = std::chrono::steady_clock::now();
    const long before = peak_memory_mib();
    std::size_t refused = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder() / "found_by_fuzzing")) {
        SCOPED_TRACE(entry.path().filename().string());
        try {
            JobContext job;
            inspect_anndata(*AnnData::open(entry.path()), true, job);
        } catch (const Error& error) {
            ++refused;
            EXPECT_FALSE(error.message().empty());
        }
    }
    EXPECT_GE(refused, 30U);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
    EXPECT_LT(peak_memory_mib() - before, 512);
}

} // namespace
} // namespace ember
