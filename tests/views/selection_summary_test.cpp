// The selected cells' figures against a plain look at the matrix.

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "views/prediction/selection_summary.hpp"

namespace ember {
namespace {

class SelectionSummaryTest : public testing::Test {
protected:
    SelectionSummaryTest() : data(AnnData::open(bundled_demo() / "wound_demo.h5ad")) {
        request.source = {MatrixSource::Kind::obsm, "X_hvg"};
        request.by = {{"condition"}, {"cell_type", "timepoint"}};
        request.keep_cells = true;
        JobContext quiet;
        result = compute_statistics(*data, request, quiet);
        bins = magnitude_bins(result);
    }

    CellSelection randomCells(double share) const {
        std::mt19937 random(7);
        std::bernoulli_distribution chosen(share);
        CellSelection cells(data->n_obs());
        for (std::size_t cell = 0; cell < cells.size(); ++cell) {
            if (chosen(random)) {
                cells.insert(cell);
            }
        }
        return cells;
    }

    /// Two passes over the values of these cells.
    GroupStatistics plainly(const CellSelection& cells) const {
        const MatrixPtr matrix = data->matrix(request.source);
        std::vector<float> all(matrix->rows() * matrix->cols());
        matrix->read_rows(0, matrix->rows(), all);
        GroupStatistics figures{"selected", cells.count(), 0, 0, 1e300, -1e300, 0, 0, 0};
        const double n = static_cast<double>(figures.cells * matrix->cols());
        const auto eachRow = [&](const auto& visit) {
            cells.for_each([&](std::size_t cell) {
                visit(std::span(all).subspan(cell * matrix->cols(), matrix->cols()));
            });
        };
        eachRow([&](std::span<const float> row) {
            double squares = 0;
            for (const double x : row) {
                figures.mean += x / n;
                figures.sparsity += (x == 0 ? 1 : 0) / n;
                figures.min = std::min(figures.min, x);
                figures.max = std::max(figures.max, x);
                squares += x * x;
            }
            figures.magnitude_mean += std::sqrt(squares) / static_cast<double>(figures.cells);
        });
        double squares = 0;
        eachRow([&](std::span<const float> row) {
            for (const double x : row) {
                squares += (x - figures.mean) * (x - figures.mean);
            }
        });
        figures.std = std::sqrt(squares / n);
        return figures;
    }

    AnnDataPtr data;
    StatisticsRequest request;
    StatisticsResult result;
    std::vector<std::uint16_t> bins;
};

TEST_F(SelectionSummaryTest, FiguresAreThoseOfTheValues) {
    for (const double share : {0.001, 0.3, 0.99}) {
        const CellSelection cells = randomCells(share);
        const GroupStatistics found = summarise_selection(cells, result, bins).selected;
        const GroupStatistics wanted = plainly(cells);
        EXPECT_EQ(found.cells, wanted.cells);
        EXPECT_NEAR(found.mean, wanted.mean, 1e-9);
        EXPECT_NEAR(found.std, wanted.std, 1e-9);
        EXPECT_EQ(found.min, wanted.min);
        EXPECT_EQ(found.max, wanted.max);
        EXPECT_NEAR(found.sparsity, wanted.sparsity, 1e-9);
        EXPECT_NEAR(found.magnitude_mean, wanted.magnitude_mean, 1e-5);
        EXPECT_EQ(found.nonfinite, 0u);
    }
}

TEST_F(SelectionSummaryTest, AllCellsAreTheWhole) {
    CellSelection all(data->n_obs());
    all.select_all();
    const SelectionSummary summary = summarise_selection(all, result, bins);
    EXPECT_NEAR(summary.selected.mean, result.overall.mean, 1e-12);
    EXPECT_NEAR(summary.selected.std, result.overall.std, 1e-12);
    EXPECT_EQ(summary.selected.sparsity, result.overall.sparsity);
    for (std::size_t t = 0; t < result.tables.size(); ++t) {
        for (std::size_t g = 0; g < result.tables[t].groups.size(); ++g) {
            EXPECT_EQ(summary.cells_by_group[t][g], result.tables[t].groups[g].cells);
        }
    }
    std::vector<std::uint64_t> counts(summary.magnitudes.size());
    for (const auto& group : result.histogram.counts) {
        std::transform(counts.begin(), counts.end(), group.begin(), counts.begin(), std::plus<>());
    }
    EXPECT_EQ(summary.magnitudes, counts);
}

TEST_F(SelectionSummaryTest, NoCellsAreNoFigures) {
    const SelectionSummary summary = summarise_selection(CellSelection(data->n_obs()), result, bins);
    EXPECT_EQ(summary.selected.cells, 0u);
    EXPECT_TRUE(std::isnan(summary.selected.mean));
    EXPECT_EQ(summary.cells_by_group[0], (std::vector<std::uint64_t>{0, 0}));
}

TEST_F(SelectionSummaryTest, AGroupIsItsCells) {
    const CellSelection burn = cells_of_group(result, 0, 1);
    EXPECT_EQ(burn.count(), result.tables[0].groups[1].cells);
    const SelectionSummary summary = summarise_selection(burn, result, bins);
    EXPECT_NEAR(summary.selected.mean, result.tables[0].groups[1].mean, 1e-12);
    EXPECT_NEAR(summary.selected.std, result.tables[0].groups[1].std, 1e-12);
    EXPECT_EQ(summary.cells_by_group[0][0], 0u);
}

} // namespace
} // namespace ember
