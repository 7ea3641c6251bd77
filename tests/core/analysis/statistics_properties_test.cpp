// What must hold for any data: groups add up to the whole, and neither the blocks nor the threads leave a
// trace.

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "core/analysis/prediction_statistics.hpp"
#include "core/base/threads.hpp"
#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using ember::test::MemoryMatrix;

struct Sample {
    std::vector<double> values;
    std::vector<std::string> condition, day;
    std::uint64_t cells = 0, genes = 0;
};

Sample draw(unsigned seed) {
    std::mt19937 random(seed);
    Sample sample;
    sample.cells = 1 + random() % 300;
    sample.genes = 1 + random() % 60;
    std::gamma_distribution<double> gamma(0.6, 2);
    const double offset = random() % 2 ? 0 : 100;
    for (std::uint64_t i = 0; i < sample.cells * sample.genes; ++i) {
        const bool zero = random() % 3 == 0;
        const bool missing = random() % 500 == 0;
        sample.values.push_back(missing ? NAN : zero ? 0 : static_cast<float>(offset + gamma(random)));
    }
    for (std::uint64_t i = 0; i < sample.cells; ++i) {
        sample.condition.push_back(random() % 3 ? "Burn" : "Sham");
        sample.day.push_back("day" + std::to_string(random() % 4));
    }
    return sample;
}

StatisticsResult measure(const Sample& sample, bool sparse, std::uint64_t block_rows,
                         bool as_double = false) {
    MemoryAnnData data(sample.cells, sample.genes);
    data.set_x({sample.cells, sample.genes, sample.values, sparse, as_double, block_rows});
    data.add_text("condition", sample.condition).add_text("day", sample.day);
    StatisticsRequest request;
    request.by = {{"condition"}, {"condition", "day"}};
    request.threshold = 0.5;
    JobContext job;
    return compute_statistics(data, request, job);
}

class StatisticsProperties : public testing::TestWithParam<unsigned> {};

TEST_P(StatisticsProperties, GroupsAndCrossingsAddUpToTheWhole) {
    const StatisticsResult found = measure(draw(GetParam()), false, 37);
    const double values = static_cast<double>(found.rows * found.cols);
    for (const GroupTable& table : found.tables) {
        std::uint64_t cells = 0, nonfinite = 0;
        double sum = 0, magnitude = 0, below = 0;
        for (const GroupStatistics& group : table.groups) {
            const double finite = static_cast<double>(group.cells * found.cols - group.nonfinite);
            cells += group.cells;
            nonfinite += group.nonfinite;
            sum += finite > 0 ? group.mean * finite : 0;
            below += finite > 0 ? group.sparsity * finite : 0;
            magnitude += group.magnitude_mean * static_cast<double>(group.cells);
        }
        const double finite = values - static_cast<double>(nonfinite);
        EXPECT_EQ(cells, found.overall.cells);
        EXPECT_EQ(nonfinite, found.overall.nonfinite);
        if (finite > 0) {
            EXPECT_NEAR(sum, found.overall.mean * finite, 1e-11 * (std::abs(sum) + 1));
            EXPECT_NEAR(below, found.overall.sparsity * finite, 1e-9 * values);
        }
        EXPECT_NEAR(magnitude, found.overall.magnitude_mean * static_cast<double>(cells),
                    1e-11 * (magnitude + 1));
    }
    std::uint64_t counted = 0;
    for (const std::vector<std::uint64_t>& group : found.histogram.counts) {
        for (const std::uint64_t count : group) {
            counted += count;
        }
    }
    EXPECT_EQ(counted, found.rows);
}

TEST_P(StatisticsProperties, BlocksAndThreadsLeaveNoTrace) {
    const Sample sample = draw(GetParam());
    for (const bool sparse : {false, true}) {
        set_thread_budget(1);
        const StatisticsResult one = measure(sample, sparse, 1);
        set_thread_budget(4);
        for (const std::uint64_t block_rows : {2u, 33u, 1000u}) {
            const StatisticsResult other = measure(sample, sparse, block_rows);
            EXPECT_EQ(statistics_csv({other.overall}), statistics_csv({one.overall}));
            for (std::size_t t = 0; t < one.tables.size(); ++t) {
                EXPECT_EQ(statistics_csv(other.tables[t].groups), statistics_csv(one.tables[t].groups));
            }
            EXPECT_EQ(other.magnitude, one.magnitude);
            EXPECT_EQ(other.histogram.counts, one.histogram.counts);
        }
    }
    set_thread_budget(0);
}

TEST_P(StatisticsProperties, EncodingChangesTheFiguresByRoundingOnly) {
    const Sample sample = draw(GetParam());
    const GroupStatistics dense = measure(sample, false, 50).overall;
    for (const GroupStatistics& other :
         {measure(sample, true, 50).overall, measure(sample, false, 50, true).overall}) {
        EXPECT_EQ(other.nonfinite, dense.nonfinite);
        if (!std::isnan(dense.mean)) {
            EXPECT_NEAR(other.mean, dense.mean, 1e-12 * std::abs(dense.mean));
            EXPECT_NEAR(other.std, dense.std, 1e-12 * dense.std + 1e-14);
            EXPECT_EQ(other.min, dense.min);
            EXPECT_EQ(other.max, dense.max);
            EXPECT_EQ(other.sparsity, dense.sparsity);
        }
        EXPECT_NEAR(other.magnitude_mean, dense.magnitude_mean, 1e-12 * dense.magnitude_mean);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StatisticsProperties, testing::Range(0u, 12u));

} // namespace
