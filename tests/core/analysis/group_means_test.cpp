#include "core/analysis/group_means.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/stacked_matrix.hpp"
#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using ember::test::MemoryMatrix;
using testing::ElementsAre;
using testing::FloatEq;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
const MatrixSource predicted{MatrixSource::Kind::obsm, "X_hvg"};

MemoryAnnData small(bool sparse) {
    MemoryAnnData data(5, 2);
    data.set_x({5, 2, {1, 0, 3, 4, 0, 0, 8, 2, 7, 7}, sparse, false, 2});
    data.set_obsm("X_hvg", {5, 2, {4, 4, 3, 4, 0, 0, 8, nan, 7, 7}, false, false, 3});
    data.add_categories("condition", {{"Sham", "Burn"}, {1, 1, 0, 0, -1}, false});
    data.add_text("day", {"a", "a", "b", "b", "b"});
    return data;
}

TEST(GroupMeans, AreTheSameOfSparseAndDenseRows) {
    for (const bool sparse : {false, true}) {
        const MemoryAnnData data = small(sparse);
        JobContext job;
        const GroupMeans means = group_means(data, {}, {"condition", "day"}, job);
        ASSERT_THAT(means.labels, ElementsAre(ElementsAre("Sham", "b"), ElementsAre("Burn", "a")));
        EXPECT_THAT(means.cells, ElementsAre(2u, 2u));
        EXPECT_THAT(means.mean, ElementsAre(4, 1, 2, 2));
        EXPECT_EQ(means.find({"Burn", "a"}), 1);
        EXPECT_EQ(means.find({"Burn", "b"}), -1);
    }
}

TEST(GroupMeans, LeaveOutCellsThatAreNotFinite) {
    const MemoryAnnData data = small(false);
    JobContext job;
    const GroupMeans means = group_means(data, predicted, {"condition"}, job);
    EXPECT_THAT(means.cells, ElementsAre(1u, 2u));
    EXPECT_EQ(means.nonfinite_cells, 1u);
    EXPECT_THAT(means.mean, ElementsAre(0, 0, 3.5, 4));
}

TEST(CellDistances, AreEuclideanAndMissingWhereAValueIs) {
    const MemoryAnnData data = small(true);
    JobContext job;
    const std::vector<float> distances = cell_distances(*data.matrix({}), *data.matrix(predicted), job);
    ASSERT_EQ(distances.size(), 5u);
    EXPECT_THAT(distances[0], FloatEq(5));
    EXPECT_THAT(distances[1], FloatEq(0));
    EXPECT_TRUE(std::isnan(distances[3]));
    MemoryAnnData other(5, 1);
    other.set_x({5, 1, {1, 2, 3, 4, 5}});
    EXPECT_THROW(cell_distances(*data.matrix({}), *other.matrix({}), job), Error);
}

TEST(StackedMatrix, ReadsAsOneMatrix) {
    const MemoryAnnData data = small(true);
    const MatrixPtr stacked = stack_matrices({data.matrix({}), data.matrix(predicted)});
    ASSERT_EQ(stacked->rows(), 10u);
    std::vector<float> across(3 * 2), gathered(3 * 2);
    stacked->read_rows(4, 3, across);
    EXPECT_THAT(across, ElementsAre(7, 7, 4, 4, 3, 4));
    JobContext job;
    stacked->gather_rows(std::vector<std::uint64_t>{1, 5, 9}, gathered, job);
    EXPECT_THAT(gathered, ElementsAre(3, 4, 4, 4, 7, 7));
    std::vector<std::uint64_t> firsts;
    std::uint64_t rows = 0;
    stacked->for_each_block(std::function<void(const RowBlock<float>&)>([&](const RowBlock<float>& block) {
                                EXPECT_EQ(block.first_row, rows);
                                rows += block.rows;
                            }),
                            job);
    EXPECT_EQ(rows, 10u);
    MemoryAnnData other(5, 1);
    other.set_x({5, 1, {1, 2, 3, 4, 5}});
    EXPECT_THROW(stack_matrices({data.matrix({}), other.matrix({})}), Error);
    EXPECT_THROW(stack_matrices({}), UsageError);
}

} // namespace
