#include "core/analysis/prediction_statistics.hpp"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using ember::test::MemoryMatrix;
using nlohmann::json;

json fixture() {
    std::ifstream file(EMBER_TEST_DATA "/analysis/predstats.json");
    return json::parse(file);
}

MemoryAnnData fixture_data(const json& expected, bool sparse) {
    const NpyArray x = read_npy(EMBER_TEST_DATA "/analysis/predstats_X.npy");
    MemoryAnnData data(x.shape[0], x.shape[1]);
    data.set_obsm("pred", {x.shape[0], x.shape[1], x.values, sparse, false, 11});
    for (const char* column : {"condition", "timepoint", "cell_type"}) {
        data.add_text(column, expected[column].get<std::vector<std::string>>());
    }
    return data;
}

void expect_group(const GroupStatistics& found, const json& expected) {
    const auto near = [&](double value, const char* field) {
        const double want = expected[field].get<double>();
        EXPECT_NEAR(value, want, 1e-12 * std::abs(want)) << found.group << " " << field;
    };
    EXPECT_EQ(found.cells, expected["n"].get<std::uint64_t>()) << found.group;
    near(found.mean, "mean");
    near(found.std, "std_ddof0");
    near(found.min, "min");
    near(found.max, "max");
    near(found.sparsity, "sparsity_abs_le_thr");
    near(found.magnitude_mean, "magnitude_mean");
}

void expect_table(const GroupTable& table, const json& expected) {
    EXPECT_EQ(table.groups.size(), expected.size()) << table.name();
    for (const GroupStatistics& group : table.groups) {
        std::string key = group.group;
        if (const std::size_t dot = key.find(" · "); dot != std::string::npos) {
            key.replace(dot, std::string(" · ").size(), "|");
        }
        ASSERT_TRUE(expected.contains(key)) << key;
        expect_group(group, expected[key]);
    }
}

StatisticsRequest fixture_request(double threshold) {
    StatisticsRequest request;
    request.source = {MatrixSource::Kind::obsm, "pred"};
    request.by = {{"condition"}, {"timepoint"}, {"cell_type"}, {"condition", "timepoint"}};
    request.threshold = threshold;
    return request;
}

class PredictionStatisticsFixture : public testing::TestWithParam<bool> {};

TEST_P(PredictionStatisticsFixture, EqualsTheReferenceAtEveryThreshold) {
    const json expected = fixture();
    const MemoryAnnData data = fixture_data(expected, GetParam());
    for (const auto& [threshold, tables] : expected["by_threshold"].items()) {
        SCOPED_TRACE(threshold);
        JobContext job;
        const StatisticsResult found = compute_statistics(data, fixture_request(std::stod(threshold)), job);
        expect_group(found.overall, tables["all"]);
        ASSERT_EQ(found.tables.size(), 4u);
        expect_table(found.tables[0], tables["condition"]);
        expect_table(found.tables[1], tables["timepoint"]);
        expect_table(found.tables[2], tables["cell_type"]);
        expect_table(found.tables[3], tables["condition_x_timepoint"]);
    }
}

INSTANTIATE_TEST_SUITE_P(DenseAndSparse, PredictionStatisticsFixture, testing::Bool(),
                         [](const auto& info) { return info.param ? "Sparse" : "Dense"; });

TEST(PredictionStatistics, HistogramCountsEveryCellOfTheFirstGrouping) {
    MemoryAnnData data(4, 2);
    data.set_x({4, 2, {3, 4, 0, 0, 6, 8, 0, 10}, false, false, 3});
    data.add_text("condition", {"b", "a", "b", "a"});
    StatisticsRequest request;
    request.by = {{"condition"}};
    request.histogram_bins = 2;
    JobContext job;
    const StatisticsResult found = compute_statistics(data, request, job);
    EXPECT_EQ(found.magnitude, (std::vector<float>{5, 0, 10, 10}));
    EXPECT_EQ(found.histogram.edges, (std::vector<double>{0, 5, 10}));
    EXPECT_EQ(found.histogram.groups, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(found.histogram.counts, (std::vector<std::vector<std::uint64_t>>{{1, 1}, {0, 2}}));
}

TEST(PredictionStatistics, EqualMagnitudesStillMakeAHistogram) {
    MemoryAnnData data(3, 1);
    data.set_x({3, 1, {2, -2, 2}, false, false, 3});
    JobContext job;
    const StatisticsResult found = compute_statistics(data, {}, job);
    EXPECT_EQ(found.histogram.groups, std::vector<std::string>{"all"});
    EXPECT_EQ(found.histogram.edges.front(), 1.5);
    EXPECT_EQ(found.histogram.edges.back(), 2.5);
}

TEST(PredictionStatistics, NoCellsMakeNoFigures) {
    MemoryAnnData data(0, 5);
    data.set_x({0, 5, {}, false, false, 3});
    JobContext job;
    const StatisticsResult found = compute_statistics(data, {}, job);
    EXPECT_EQ(found.overall.cells, 0u);
    EXPECT_TRUE(std::isnan(found.overall.mean));
}

TEST(PredictionStatistics, NegativeThresholdIsRefused) {
    MemoryAnnData data(1, 1);
    data.set_x({1, 1, {1}, false, false, 1});
    StatisticsRequest request;
    request.threshold = -1;
    JobContext job;
    EXPECT_THROW(compute_statistics(data, request, job), UsageError);
}

TEST(PredictionStatistics, AFileIsReadAsTheOpenDataSet) {
    NewAnnData parts;
    parts.obs_names = {"c1", "c2", "c3"};
    parts.var_names = {"g1", "g2"};
    parts.x = {1, 0, 2, 5, 0, 3};
    parts.obs.push_back({"condition", "category", CategoricalColumn{{"Sham", "Burn"}, {0, 1, 1}, false}});
    const std::filesystem::path file = testing::TempDir() + "/statistics.h5ad";
    write_h5ad(parts, file);
    StatisticsRequest request;
    request.adata = file;
    request.by = {{"condition"}};
    JobContext job;
    const StatisticsResult found = compute_statistics(request, job);
    EXPECT_DOUBLE_EQ(found.overall.mean, 11.0 / 6);
    EXPECT_DOUBLE_EQ(found.tables[0].groups[1].mean, 2.5);
    EXPECT_EQ(found.tables[0].groups[0].group, "Sham");
    std::filesystem::remove(file);
}

TEST(PredictionStatistics, StopsWhenCancelled) {
    MemoryAnnData data(1, 1);
    data.set_x({1, 1, {1}, false, false, 1});
    std::stop_source stop;
    stop.request_stop();
    JobContext job(nullptr, stop.get_token());
    EXPECT_THROW(compute_statistics(data, {}, job), Cancelled);
}

} // namespace
