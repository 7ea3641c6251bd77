#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/analysis/prediction_statistics.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace {

using namespace ember;
namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class StatisticsOutput : public testing::Test {
protected:
    void SetUp() override {
        folder = fs::path(testing::TempDir()) / "statistics_output";
        fs::remove_all(folder);
        fs::create_directories(folder);
        request.adata = folder / "input.h5ad";
        std::ofstream(request.adata) << "not read, only hashed";
        request.by = {{"condition"}, {"a/b", "day"}};
        result.overall = {"all", 3, 1.5, 0.1, -2, 5, 0.25, 7, 0};
        result.tables = {{{"condition"}, {{"Burn", 1, 1, 0, 1, 1, 0, 1, 0}}, 2}, {{"a/b", "day"}, {}, 0}};
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path folder;
    StatisticsRequest request;
    StatisticsResult result;
};

TEST(StatisticsCsv, WritesShortestExactNumbersAndQuotesLabels) {
    const double third = 1.0 / 3;
    const std::string csv = statistics_csv({{"T cell, \"CD4\"", 12, third, 0, -1e-9, 1e22, 0.5, 2, 0},
                                            {"empty", 0, NAN, NAN, NAN, NAN, NAN, NAN, 4}});
    EXPECT_EQ(csv, "group,cells,mean,std,min,max,sparsity,magnitude_mean\n"
                   "\"T cell, \"\"CD4\"\"\",12,0.3333333333333333,0,-1e-09,1e+22,0.5,2\n"
                   "empty,0,,,,,,\n");
}

TEST_F(StatisticsOutput, JsonHasTheGroupsByColumn) {
    result.overall.nonfinite = 2;
    const nlohmann::json json = statistics_json(result);
    EXPECT_EQ(json["overall"]["mean"], 1.5);
    EXPECT_EQ(json["overall"]["nonfinite"], 2);
    EXPECT_EQ(json["condition"]["Burn"]["cells"], 1);
    EXPECT_FALSE(json["condition"]["Burn"].contains("nonfinite"));
    EXPECT_TRUE(json.contains("a/b×day"));
}

TEST_F(StatisticsOutput, EveryTableHasItsProvenanceBesideIt) {
    const auto written = write_statistics(request, result, folder / "new" / "tables");
    ASSERT_EQ(written.size(), 3u);
    EXPECT_EQ(written[0].filename(), "overall.csv");
    EXPECT_EQ(written[1].filename(), "by_condition.csv");
    EXPECT_EQ(written[2].filename(), "by_a_b_day.csv");
    EXPECT_EQ(content_of(written[0]), statistics_csv({result.overall}));
    const auto beside = nlohmann::json::parse(content_of(fs::path(written[1]).replace_extension(".json")));
    EXPECT_EQ(beside["program"], "emberview");
    EXPECT_EQ(beside["input"]["sha256"], sha256_of_bytes("not read, only hashed", 21));
    EXPECT_EQ(beside["table"]["cells_without_group"], 2);
}

TEST_F(StatisticsOutput, TablesOfTheSameNameDoNotOverwriteEachOther) {
    result.tables = {{{"a", "b"}, {}, 0}, {{"a_b"}, {}, 0}, {{"overall"}, {}, 0}};
    const auto written = write_statistics(request, result, folder / "tables");
    EXPECT_EQ(written[1].filename(), "by_a_b.csv");
    EXPECT_EQ(written[2].filename(), "by_a_b_2.csv");
    EXPECT_EQ(statistics_json(result)["overall"]["cells"], 3);
    EXPECT_TRUE(statistics_json(result).contains("obs/overall"));
}

TEST_F(StatisticsOutput, AFolderThatCannotBeMadeIsSaid) {
    try {
        write_statistics(request, result, request.adata / "below a file");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "CannotWrite");
    }
}

TEST_F(StatisticsOutput, CancellingLeavesNoTable) {
    std::stop_source stop;
    stop.request_stop();
    JobContext job(nullptr, stop.get_token());
    EXPECT_THROW(write_statistics(request, result, folder / "tables", job), Cancelled);
    EXPECT_FALSE(fs::exists(folder / "tables" / "overall.csv"));
}

} // namespace
