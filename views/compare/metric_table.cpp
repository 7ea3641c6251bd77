#include "views/compare/metric_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <QCoreApplication>

#include "core/evaluation/baselines.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text) {
    return QCoreApplication::translate("ember::CompareView", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

const Scores& scoresOf(const EvaluationResult& result, int baseline) {
    return baseline < 0 ? result.prediction : result.baselines[static_cast<std::size_t>(baseline)];
}

const BaselineInfo* infoOf(const std::string& name) {
    for (const BaselineInfo& info : baseline_catalogue()) {
        if (to_string(info.baseline) == name) {
            return &info;
        }
    }
    return nullptr;
}

/// Shuffled labels belong to a model; the other baselines know the real cells only, so they stand once.
std::vector<MetricColumn> columnsOf(const std::vector<EvaluatedModel>& models) {
    std::vector<MetricColumn> columns;
    for (std::size_t model = 0; model < models.size(); ++model) {
        columns.push_back({models[model].name, {}, true, models[model].color, static_cast<int>(model), -1});
    }
    QStringList shared;
    for (std::size_t model = 0; model < models.size(); ++model) {
        if (!models[model].result) {
            continue;
        }
        const auto& baselines = models[model].result->baselines;
        for (std::size_t at = 0; at < baselines.size(); ++at) {
            const BaselineInfo* info = infoOf(baselines[at].name);
            const bool shuffled = baselines[at].name == to_string(Baseline::shuffled_labels);
            const QString title = textOf(info != nullptr ? info->title : baselines[at].name);
            if (!shuffled && shared.contains(title)) {
                continue;
            }
            shared << title;
            columns.push_back({shuffled && models.size() > 1
                                   ? tr("%1, %2").arg(models[model].name, title.toLower())
                                   : title,
                               info != nullptr ? textOf(info->meaning) : QString(),
                               false,
                               {},
                               static_cast<int>(model),
                               static_cast<int>(at)});
        }
    }
    return columns;
}

/// Mean of the rows that fit the scope; a single row keeps its interval.
MetricValue valueIn(const Scores& scores, std::size_t column, const MetricScope& scope) {
    if (scope.perturbation.empty() && scope.cellType.empty()) {
        return scores.overall.at(column);
    }
    const auto& rows = scope.cellType.empty() ? scores.perturbations : scores.cell_types;
    MetricValue found{none, none, none};
    double sum = 0;
    int count = 0;
    for (const EvaluationRow& row : rows) {
        const bool fits = (scope.perturbation.empty() || row.perturbation == scope.perturbation) &&
                          (scope.cellType.empty() || row.cell_type == scope.cellType);
        if (fits && std::isfinite(row.values.at(column).value)) {
            found = row.values[column];
            sum += found.value;
            ++count;
        }
    }
    return count > 1 ? MetricValue{sum / count, none, none} : found;
}

MetricValue valueOf(const EvaluatedModel& model, int baseline, const std::string& metric,
                    const MetricScope& scope) {
    if (!model.result) {
        return {none, none, none};
    }
    const auto& names = model.result->columns;
    const auto at = std::find(names.begin(), names.end(), metric);
    return at == names.end() ? MetricValue{none, none, none}
                             : valueIn(scoresOf(*model.result, baseline),
                                       static_cast<std::size_t>(at - names.begin()), scope);
}

/// What is asked first stands first; the rest keeps the catalogue's order.
std::size_t placeOf(const std::string& metric) {
    static const std::vector<std::string> first = {"pearson_delta",      "perturbation_correlation",
                                                   "gene_correlation",   "mse_delta",
                                                   "energy_distance",    "nn_distance",
                                                   "cell_type_accuracy", "temporal_coherence",
                                                   "de_direction_match", "de_spearman_lfc_sig"};
    return static_cast<std::size_t>(std::find(first.begin(), first.end(), metric) - first.begin());
}

/// The best model, where there is more than one with a value and they differ, and baselines no worse than it.
void rank(MetricLine& line, const std::vector<MetricColumn>& columns) {
    if (!line.info.ranked) {
        return;
    }
    const auto better = [&line](double a, double b) { return line.info.larger_is_better ? a > b : a < b; };
    int models = 0, best = -1;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const double value = line.values[at].value;
        if (columns[at].isModel && std::isfinite(value)) {
            ++models;
            best = best < 0 || better(value, line.values[static_cast<std::size_t>(best)].value)
                       ? static_cast<int>(at)
                       : best;
        }
    }
    if (best < 0) {
        return;
    }
    const double bestValue = line.values[static_cast<std::size_t>(best)].value;
    bool tie = false;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const double value = line.values[at].value;
        if (!columns[at].isModel && std::isfinite(value) && !better(bestValue, value)) {
            line.asGood.push_back(static_cast<int>(at));
        }
        tie = tie || (columns[at].isModel && static_cast<int>(at) != best && value == bestValue);
    }
    line.best = models > 1 && !tie ? best : -1;
}

} // namespace

MetricTable metricTable(const std::vector<EvaluatedModel>& models, const MetricScope& scope) {
    MetricTable table;
    table.columns = columnsOf(models);
    for (const EvaluatedModel& model : models) {
        if (model.result && table.unit.isEmpty()) {
            table.unit = textOf(model.result->unit);
        }
    }
    for (const MetricInfo& info : metric_catalogue()) {
        MetricLine line{info, {}, -1, {}};
        bool any = false;
        for (const MetricColumn& column : table.columns) {
            line.values.push_back(
                valueOf(models[static_cast<std::size_t>(column.model)], column.baseline, info.name, scope));
            any = any || std::isfinite(line.values.back().value);
        }
        if (!any) {
            table.undefined << textOf(info.title);
            continue;
        }
        rank(line, table.columns);
        table.lines.push_back(std::move(line));
    }
    std::stable_sort(table.lines.begin(), table.lines.end(), [](const MetricLine& a, const MetricLine& b) {
        return placeOf(a.info.name) < placeOf(b.info.name);
    });
    return table;
}

QString metricCsv(const MetricTable& table) {
    const auto quoted = [](QString text) {
        const bool plain = !text.contains(',') && !text.contains('"') && !text.contains('\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    };
    QStringList lines, header{"metric", "title"};
    for (const MetricColumn& column : table.columns) {
        header << quoted(column.title) << quoted(column.title + " low") << quoted(column.title + " high");
    }
    lines << header.join(',');
    for (const MetricLine& line : table.lines) {
        QStringList cells{textOf(line.info.name), quoted(textOf(line.info.title))};
        for (const MetricValue& value : line.values) {
            cells << formatExact(value.value) << formatExact(value.low) << formatExact(value.high);
        }
        lines << cells.join(',');
    }
    return lines.join('\n') + '\n';
}

QStringList evaluatedPerturbations(const std::vector<EvaluatedModel>& models) {
    QStringList names;
    for (const EvaluatedModel& model : models) {
        for (const EvaluationRow& row :
             model.result ? model.result->prediction.perturbations : std::vector<EvaluationRow>()) {
            if (!names.contains(textOf(row.perturbation))) {
                names << textOf(row.perturbation);
            }
        }
    }
    return names;
}

QStringList evaluatedCellTypes(const std::vector<EvaluatedModel>& models) {
    std::map<std::string, std::uint64_t> cells;
    for (const EvaluatedModel& model : models) {
        for (const EvaluationRow& row :
             model.result ? model.result->prediction.cell_types : std::vector<EvaluationRow>()) {
            if (!row.cell_type.empty()) {
                cells[row.cell_type] = std::max(cells[row.cell_type], row.cells_real);
            }
        }
    }
    std::vector<std::pair<std::string, std::uint64_t>> sorted(cells.begin(), cells.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    QStringList names;
    for (const auto& [name, count] : sorted) {
        names << textOf(name);
    }
    return names;
}

CurveData metricCurves(const std::vector<EvaluatedModel>& models, const std::string& metric,
                       const std::string& perturbation) {
    CurveData data;
    const QStringList types = evaluatedCellTypes(models);
    const MetricInfo* info = find_metric(metric);
    if (types.isEmpty() || info == nullptr) {
        return data;
    }
    data.title = textOf(info->title);
    data.xLabel = tr("Cell type, those with most cells first");
    data.yLabel = textOf(info->title);
    data.categories = types;
    data.joined = false;
    bool intervals = false;
    QString unit;
    int baselineColor = static_cast<int>(models.size()); // behind those of the models
    for (const MetricColumn& column : columnsOf(models)) {
        const EvaluatedModel& model = models[static_cast<std::size_t>(column.model)];
        CurveSeries series;
        series.name = column.title;
        series.color = column.isModel ? column.color : categoryColor(baselineColor++);
        series.dashed = !column.isModel;
        bool any = false;
        for (const QString& type : types) {
            const MetricValue value =
                valueOf(model, column.baseline, metric, {perturbation, type.toStdString()});
            series.y.push_back(value.value);
            series.low.push_back(value.low);
            series.high.push_back(value.high);
            any = any || std::isfinite(value.value);
            intervals = intervals || std::isfinite(value.low);
        }
        if (model.result && unit.isEmpty()) {
            unit = textOf(model.result->unit);
        }
        if (any) {
            data.series.push_back(std::move(series));
        }
    }
    if (intervals) {
        data.intervalLabel = tr("95 % bootstrap interval over %1").arg(unit.isEmpty() ? tr("cells") : unit);
    }
    if (info->target) {
        data.targets.push_back({*info->target, tr("target %1").arg(formatNumber(*info->target))});
    }
    if (info->aim) {
        data.targets.push_back({*info->aim, tr("aim %1").arg(formatNumber(*info->aim))});
    }
    return data;
}

} // namespace ember
