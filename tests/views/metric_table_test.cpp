// The table of metrics: what is best, which baselines do as well, scopes, CSV.

#include "views/compare/metric_table.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "views/compare/metric_table_model.hpp"

namespace ember {
namespace {

const double nan = std::nan("");

Scores scores(const char* name, double pearson, double mse, double mac) {
    Scores made;
    made.name = name;
    made.overall = {{pearson, pearson - 0.1, pearson + 0.1}, {mse, nan, nan}, {nan, nan, nan}};
    made.perturbations = {{"Burn", {}, 50, 50, made.overall}, {"Cold", {}, 9, 9, made.overall}};
    made.cell_types = {{"Burn", "Mac", 5, 6, {{mac, mac - 0.2, mac + 0.2}, {mse, nan, nan}, {nan, nan, nan}}},
                       {"Burn", "Neu", 45, 44, made.overall}};
    return made;
}

EvaluatedModel model(const char* name, double pearson, double mse, double mac, double shuffled) {
    auto result = std::make_shared<EvaluationResult>();
    result->columns = {"pearson_delta", "mse", "nn_distance"};
    result->prediction = scores("prediction", pearson, mse, mac);
    result->baselines = {scores("control_mean", 0.1, 0.5, 0.2), scores("shuffled_labels", shuffled, 0.9, 0)};
    result->unit = "replicates (mouse)";
    return {name, QColor("#123456"), result};
}

TEST(MetricTable, MarksTheBestModelAndBaselinesThatDoAsWell) {
    const MetricTable table =
        metricTable({model("a", 0.9, 0.6, 0.1, 0.0), model("b", 0.3, 0.55, 0.7, 0.4)}, {});
    ASSERT_EQ(table.columns.size(), 5u); // two models, the control mean once, shuffled labels of each
    EXPECT_EQ(table.columns[1].title, "b");
    ASSERT_EQ(table.lines.size(), 2u);
    EXPECT_EQ(table.lines[0].info.name, "pearson_delta");
    EXPECT_EQ(table.lines[0].best, 0);
    EXPECT_TRUE(table.lines[0].asGood.empty());
    EXPECT_EQ(table.lines[1].info.name, "mse"); // smaller is better
    EXPECT_EQ(table.lines[1].best, 1);
    EXPECT_THAT(table.lines[1].asGood, testing::ElementsAre(2));
    EXPECT_FALSE(table.undefined.isEmpty());
}

TEST(MetricTable, OneModelIsNotTheBestOfOne) {
    const MetricTable table = metricTable({model("a", 0.05, 0.6, 0.1, 0.0)}, {});
    EXPECT_EQ(table.lines[0].best, -1);
    EXPECT_THAT(table.lines[0].asGood, testing::ElementsAre(1)); // the control mean has 0.1
}

TEST(MetricTable, ScopesAndIntervals) {
    const std::vector<EvaluatedModel> models = {model("a", 0.9, 0.6, 0.1, 0.0),
                                                model("b", 0.3, 0.5, 0.7, 0.0)};
    const MetricTable mac = metricTable(models, {"Burn", "Mac"});
    EXPECT_EQ(mac.lines[0].values[0].value, 0.1);
    EXPECT_EQ(mac.lines[0].values[0].high, 0.1 + 0.2);
    EXPECT_EQ(mac.lines[0].best, 1);
    EXPECT_TRUE(metricTable(models, {"Burn", "Nobody"}).lines.empty());
    EXPECT_EQ(evaluatedPerturbations(models), QStringList({"Burn", "Cold"}));
    EXPECT_EQ(evaluatedCellTypes(models), QStringList({"Neu", "Mac"})); // by their number of cells
}

TEST(MetricTable, CurvesShowEachCellTypeWithTargets) {
    const CurveData data = metricCurves({model("a", 0.9, 0.6, 0.1, 0.0)}, "pearson_delta", "Burn");
    EXPECT_EQ(data.categories, QStringList({"Neu", "Mac"}));
    ASSERT_EQ(data.series.size(), 3u);
    EXPECT_EQ(data.series[0].name, "a");
    EXPECT_THAT(data.series[0].y, testing::ElementsAre(0.9, 0.1));
    EXPECT_FALSE(data.series[0].dashed);
    EXPECT_TRUE(data.series[1].dashed);
    EXPECT_TRUE(data.intervalLabel.contains("mouse"));
    EXPECT_TRUE(metricCurves({model("a", 0.9, 0.6, 0.1, 0.0)}, "nonsense", {}).series.empty());
    EXPECT_FALSE(metricCurves({model("a", 0.9, 0.6, 0.1, 0.0)}, "nn_distance", {}).targets.empty());
}

TEST(MetricTable, CsvHasFullPrecision) {
    const QString csv = metricCsv(metricTable({model("a, b", 1.0 / 3, 0.6, 0.1, 0.0)}, {}));
    EXPECT_TRUE(csv.startsWith("metric,title,\"a, b\",\"a, b low\"")) << csv.toStdString();
    EXPECT_TRUE(csv.contains("0.3333333333333333,"));
    EXPECT_TRUE(csv.contains("0.6,nan,nan"));
}

TEST(MetricTableModel, SaysInWordsWhatIsBest) {
    MetricTableModel shown;
    shown.setTable(metricTable({model("a", 0.9, 0.6, 0.1, 0.0), model("b", 0.3, 0.55, 0.7, 0.4)}, {}));
    const auto at = [&](int row, int column, int role) {
        return shown.data(shown.index(row, MetricTableModel::firstValue + column), role);
    };
    EXPECT_EQ(at(0, 0, Qt::DisplayRole).toString(), "0.9 (0.8 to 1)");
    EXPECT_TRUE(at(0, 0, Qt::AccessibleTextRole).toString().contains("best of the models"));
    EXPECT_FALSE(at(0, 0, Qt::DecorationRole).isNull());
    EXPECT_TRUE(at(0, 1, Qt::DecorationRole).isNull());
    EXPECT_EQ(at(1, 2, Qt::DisplayRole).toString(), "≤ 0.5");
    EXPECT_TRUE(at(1, 2, Qt::ToolTipRole).toString().contains("No worse"));
    EXPECT_TRUE(shown.data(shown.index(0, 0), Qt::ToolTipRole).toString().contains("Pearson"));
    EXPECT_EQ(shown.rowOf("mse"), 1);
    EXPECT_EQ(targetText(*find_metric("nn_distance")), "lower, < 0.2");
}

} // namespace
} // namespace ember
