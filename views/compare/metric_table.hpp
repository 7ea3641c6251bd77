#pragma once
// Metrics of several models beside baselines, as plain data: the table, its CSV and the plot come from it.

#include <memory>
#include <string>
#include <vector>

#include <QColor>
#include <QString>
#include <QStringList>

#include "core/evaluation/evaluate.hpp"
#include "widgets/curve_data.hpp"

namespace ember {

/// One model's metrics; null while they are computed.
struct EvaluatedModel {
    QString name;
    QColor color;
    std::shared_ptr<const EvaluationResult> result;
};

/// Which cells: an empty label means all.
struct MetricScope {
    std::string perturbation, cellType;
};

struct MetricColumn {
    QString title, meaning;
    bool isModel = false;
    QColor color;      ///< of models
    int model = 0;     ///< whose result it is in
    int baseline = -1; ///< index into its baselines; -1: the prediction
};

struct MetricLine {
    MetricInfo info;
    std::vector<MetricValue> values; ///< [columns]
    int best = -1;                   ///< column of the best model; -1: fewer than two models, or no order
    std::vector<int> asGood;         ///< baselines that do no worse than the best model
};

struct MetricTable {
    std::vector<MetricColumn> columns; ///< models first
    std::vector<MetricLine> lines;     ///< those with a value, in the catalogue's order
    QStringList undefined;             ///< titles of metrics without any value here
    QString unit;                      ///< of the intervals: "replicates (mouse)"
};

/// Rows of the scope: one perturbation and cell type, or means over them (without intervals).
MetricTable metricTable(const std::vector<EvaluatedModel>& models, const MetricScope& scope);

/// "metric,title,<column>,<column> low,<column> high…", full precision.
QString metricCsv(const MetricTable& table);

/// The metric per cell type: models with intervals, baselines dashed, targets as lines. Cell types with most
/// real cells first. Empty without cell types.
CurveData metricCurves(const std::vector<EvaluatedModel>& models, const std::string& metric,
                       const std::string& perturbation);

/// Labels that the results have, in their order.
QStringList evaluatedPerturbations(const std::vector<EvaluatedModel>& models);
QStringList evaluatedCellTypes(const std::vector<EvaluatedModel>& models);

} // namespace ember
