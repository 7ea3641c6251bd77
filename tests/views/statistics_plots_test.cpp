// What the plots of the statistics draw, against the cells themselves.

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "views/embedding/statistics_choice.hpp"
#include "views/prediction/cell_statistics.hpp"

namespace ember {
namespace {

class StatisticsPlots : public testing::Test {
protected:
    StatisticsPlots() {
        document.path = QString::fromStdString((bundled_demo() / "wound_demo.h5ad").string());
        document.data = AnnData::open(document.path.toStdString());
        document.schema = guess_schema(*document.data);
    }
    CellStatistics measured() {
        JobContext quiet;
        return cell_statistics(*document.data, statisticsRequest(document, {}), quiet);
    }
    /// Mean of X over cells that `has` says, read plainly.
    double meanOf(const std::map<std::string, std::string>& labels) const {
        const MatrixPtr matrix = document.data->matrix({});
        std::vector<float> values(matrix->rows() * matrix->cols());
        matrix->read_rows(0, matrix->rows(), values);
        std::vector<bool> in(matrix->rows(), true);
        for (const auto& [column, label] : labels) {
            const CategoricalColumn groups = as_groups(*document.data->obs(column));
            for (std::size_t cell = 0; cell < in.size(); ++cell) {
                in[cell] =
                    in[cell] && groups.categories[static_cast<std::size_t>(groups.codes[cell])] == label;
            }
        }
        double sum = 0, count = 0;
        for (std::size_t cell = 0; cell < in.size(); ++cell) {
            for (std::size_t gene = 0; in[cell] && gene < matrix->cols(); ++gene) {
                sum += values[cell * matrix->cols() + gene];
                ++count;
            }
        }
        return sum / count;
    }
    DatasetDocument document;
};

TEST_F(StatisticsPlots, MeansByConditionAndTimePoint) {
    const CellStatistics statistics = measured();
    const BarData bars = meanBars(statistics.result, document.schema, statistics.colors);
    EXPECT_EQ(bars.groups, QStringList({"day10", "day14", "day19"}));
    ASSERT_EQ(bars.series.size(), 2u);
    EXPECT_EQ(bars.series[0].name, "Sham");
    EXPECT_EQ(bars.series[1].name, "Burn");
    EXPECT_NEAR(bars.series[1].values[2], meanOf({{"condition", "Burn"}, {"timepoint", "day19"}}), 1e-6);
    EXPECT_NE(bars.series[0].color, bars.series[1].color);
}

TEST_F(StatisticsPlots, ErrorBarsAreOverMice) {
    const CellStatistics statistics = measured();
    const BarData bars = meanBars(statistics.result, document.schema, statistics.colors);
    ASSERT_EQ(bars.series[0].errors.size(), 3u);
    EXPECT_TRUE(bars.errorLabel.contains("mouse"));
    double means[3], mean = 0, squares = 0;
    for (int mouse = 0; mouse < 3; ++mouse) {
        means[mouse] = meanOf({{"mouse", "S10m" + std::to_string(mouse + 1)}});
        mean += means[mouse] / 3;
    }
    for (const double value : means) {
        squares += (value - mean) * (value - mean);
    }
    EXPECT_NEAR(bars.series[0].errors[0], std::sqrt(squares / 2 / 3), 1e-6);
}

TEST_F(StatisticsPlots, SparsityByCellType) {
    const CellStatistics statistics = measured();
    const BarData bars = sparsityBars(statistics.result, document.schema);
    ASSERT_EQ(bars.groups.size(), 11);
    EXPECT_EQ(bars.groups.front(), "Ker");
    EXPECT_TRUE(bars.percent);
    EXPECT_GT(bars.series.front().values.front(), 0.3);
    EXPECT_LT(bars.series.front().values.front(), 1.0);
}

TEST_F(StatisticsPlots, WithoutColumnsThereIsStillAPicture) {
    document.schema = {};
    CellStatistics statistics;
    StatisticsRequest request;
    request.keep_cells = true;
    JobContext quiet;
    statistics = cell_statistics(*document.data, request, quiet);
    EXPECT_TRUE(meanBars(statistics.result, document.schema, {}).series.empty());
    EXPECT_TRUE(sparsityBars(statistics.result, document.schema).series.empty());
    EXPECT_EQ(magnitudeHistogram(statistics.result, {}).series.size(), 1u);
}

} // namespace
} // namespace ember
