// `inspect` over the whole corpus of .h5ad files, valid and broken.

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::content_of;
using ember::test::Outcome;
using nlohmann::json;

const std::string corpus = EMBER_TEST_DATA "/h5ad/";
constexpr long memory_limit_kib = 512 * 1024;

json manifest() {
    return json::parse(content_of(corpus + "manifest.json"));
}

/// The manifest's sums of columns and rows were added up in single precision.
double tolerance_of(const std::string& where) {
    return where.find("_sum_") == std::string::npos ? 1e-6 : 1e-4;
}

/// Everything of `expected` must be in `found`: numbers to 1e-6, the rest equal.
void expect_holds(const json& found, const json& expected, const std::string& where) {
    if (expected.is_object()) {
        for (const auto& [key, value] : expected.items()) {
            if (!found.contains(key)) {
                ADD_FAILURE() << where << "/" << key << " is missing";
                continue;
            }
            expect_holds(found[key], value, where + "/" + key);
        }
    } else if (expected.is_array() && found.is_array()) {
        ASSERT_EQ(found.size(), expected.size()) << where;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            expect_holds(found[i], expected[i], where + "/" + std::to_string(i));
        }
    } else if (expected.is_number() && found.is_number()) {
        const double want = expected.get<double>();
        EXPECT_NEAR(found.get<double>(), want, tolerance_of(where) * std::max(1.0, std::abs(want))) << where;
    } else {
        EXPECT_EQ(found, expected) << where;
    }
}

class Corpus : public CliTest {};

TEST_F(Corpus, ValidFilesAreReportedAsTheManifestSays) {
    const json files = manifest()["valid"];
    ASSERT_GT(files.size(), 30u);
    for (const auto& [name, expected] : files.items()) {
        SCOPED_TRACE(name);
        const Outcome outcome = run({"inspect", corpus + "valid/" + name, "--verify", "--json"});
        EXPECT_EQ(outcome.status, 0) << outcome.out;
        EXPECT_EQ(outcome.err, "");
        const json found = outcome.json();
        for (const char* field : {"shape", "X", "obs", "obsm", "layers", "raw_shape", "obs_names_first_last",
                                  "var_names_first_last", "bytes"}) {
            if (expected.contains(field)) {
                expect_holds(found.value(field, json()), expected[field], field);
            }
        }
    }
}

TEST_F(Corpus, ValidFilesAreReadableForPeopleToo) {
    const json files = manifest()["valid"];
    ASSERT_GT(files.size(), 30u);
    for (const auto& [name, expected] : files.items()) {
        SCOPED_TRACE(name);
        const Outcome outcome = run({"inspect", corpus + "valid/" + name});
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        EXPECT_THAT(outcome.out, testing::HasSubstr("cells × "));
    }
}

/// "NotHdf5OrCorrupt" and "BadLink_or_bounded" allow several classes.
bool allowed(std::string expected, const std::string& found) {
    for (const auto& [from, to] :
         {std::pair("_or_bounded", "|BoundedDepth"), std::pair("_or_replaced", "|"),
          std::pair("OrCorrupt", "|Corrupt"), std::pair("OrTruncated", "|Truncated")}) {
        if (const std::size_t at = expected.find(from); at != std::string::npos) {
            expected.replace(at, std::string(from).size(), to);
        }
    }
    return ("|" + expected + "|").find("|" + found + "|") != std::string::npos;
}

TEST_F(Corpus, BrokenFilesEndInTheirErrorClass) {
    const json files = manifest()["broken"];
    ASSERT_GT(files.size(), 30u);
    for (const auto& [name, expected] : files.items()) {
        SCOPED_TRACE(name);
        const std::string wanted = expected["expected_error"].get<std::string>();
        const Outcome outcome = run({"inspect", corpus + "broken/" + name, "--verify", "--json"});
        const std::string found = outcome.error_class();
        EXPECT_TRUE(allowed(wanted, found)) << found << " instead of " << wanted;
        EXPECT_EQ(outcome.status, found.empty() ? 0 : 3);
        EXPECT_EQ(outcome.err, "");
        EXPECT_LT(outcome.peak_kib, memory_limit_kib);
        if (!found.empty()) {
            const json error = outcome.json()["error"];
            EXPECT_EQ(error["place"]["file"], corpus + "broken/" + name);
            EXPECT_NE(error["message"], "");
        }
    }
}

TEST_F(Corpus, BrokenFilesAreExplainedInOneLine) {
    const Outcome outcome = run({"inspect", corpus + "broken/indices_out_of_range.h5ad", "--verify"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, testing::StartsWith("error: "));
    EXPECT_THAT(outcome.err, testing::HasSubstr("indices_out_of_range.h5ad"));
    EXPECT_EQ(ember::test::count_of(outcome.err, "\n"), 1u);
}

} // namespace
