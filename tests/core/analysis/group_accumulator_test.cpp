#include "core/analysis/group_accumulator.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace {

using namespace ember;

TEST(CompensatedSum, KeepsWhatAPlainSumLoses) {
    CompensatedSum sum;
    for (const double term : {1.0, 1e100, 1.0, -1e100}) {
        sum.add(term);
    }
    EXPECT_EQ(sum.value(), 2.0);
}

TEST(GroupAccumulator, AnEmptyGroupHasNoFigures) {
    const GroupStatistics none = GroupAccumulator().finish("none", 0);
    EXPECT_EQ(none.cells, 0u);
    EXPECT_TRUE(std::isnan(none.mean) && std::isnan(none.std) && std::isnan(none.magnitude_mean));
}

TEST(GroupAccumulator, CellsWithoutFiniteValuesCountAsCellsOnly) {
    GroupAccumulator group;
    RowStatistics lost;
    lost.nonfinite = 3;
    group.add(lost);
    const std::vector<float> row = {1, 2, 3};
    group.add(measure_dense_row<float>(row, 0, 0));
    const GroupStatistics found = group.finish("g", 0);
    EXPECT_EQ(found.cells, 2u);
    EXPECT_EQ(found.nonfinite, 3u);
    EXPECT_DOUBLE_EQ(found.mean, 2);
    EXPECT_DOUBLE_EQ(found.min, 1);
    EXPECT_DOUBLE_EQ(found.std, std::sqrt(2.0 / 3));
}

TEST(GroupAccumulator, MergingRowsEqualsOneLongRow) {
    std::vector<float> all;
    GroupAccumulator group;
    for (int r = 0; r < 9; ++r) {
        std::vector<float> row;
        for (int c = 0; c < 13; ++c) {
            row.push_back(static_cast<float>((r * 31 + c * 17) % 23) + 1000.0F * static_cast<float>(r));
        }
        all.insert(all.end(), row.begin(), row.end());
        group.add(measure_dense_row<float>(row, 0, 4000));
    }
    const RowStatistics whole = measure_dense_row<float>(all, 0, 4000);
    const GroupStatistics found = group.finish("g", 4000);
    EXPECT_NEAR(found.std, std::sqrt(whole.squares / 117), 1e-12 * found.std);
    EXPECT_NEAR(found.mean, 4000 + whole.sum / 117, 1e-12 * found.mean);
}

} // namespace
