#include "app/cli/evaluate_text.hpp"

#include <algorithm>
#include <cmath>

#include "app/cli/help_format.hpp"
#include "app/cli/text_table.hpp"
#include "core/analysis/csv_text.hpp"
#include "core/evaluation/baselines.hpp"

namespace ember::cli {

namespace {

std::string with_interval(const MetricValue& value) {
    std::string text = readable(value.value);
    if (!std::isnan(value.low)) {
        text += " [" + readable(value.low) + ", " + readable(value.high) + "]";
    }
    return text;
}

std::string title_of(const std::string& name) {
    for (const BaselineInfo& info : baseline_catalogue()) {
        if (name == to_string(info.baseline)) {
            return info.title;
        }
    }
    return name;
}

std::string goal(const std::string& metric) {
    const MetricInfo* const info = find_metric(metric);
    if (info == nullptr || !info->ranked) {
        return "";
    }
    std::string text = info->larger_is_better ? "higher" : "lower";
    if (info->target) {
        text += (info->larger_is_better ? ", > " : ", < ") + csv_number(*info->target);
    }
    return text;
}

/// Of all metrics those that say most; the files have all.
const std::vector<std::string> most_telling = {"pearson_delta",
                                               "perturbation_correlation",
                                               "gene_correlation",
                                               "mse_delta",
                                               "overlap_at_N",
                                               "precision_at_N",
                                               "de_direction_match",
                                               "de_spearman_lfc_sig",
                                               "roc_auc",
                                               "discrimination_score_l1",
                                               "pearson_edistance",
                                               "energy_distance",
                                               "mmd2",
                                               "nn_distance",
                                               "nn_distance_real",
                                               "cell_type_accuracy",
                                               "temporal_coherence",
                                               "cell_type_accuracy_real"};

bool told(const EvaluationRequest& request, const EvaluationResult& result, std::size_t column) {
    if (!request.only_metrics.empty() || request.profile != "full") {
        return true;
    }
    const std::string& name = result.columns[column];
    const bool says_nothing =
        result.prediction.perturbations.size() == 1 && name.starts_with("discrimination");
    return std::find(most_telling.begin(), most_telling.end(), name) != most_telling.end() && !says_nothing &&
           !std::isnan(result.prediction.overall[column].value);
}

std::string overall_table(const EvaluationRequest& request, const EvaluationResult& result) {
    const bool intervals = std::any_of(result.prediction.overall.begin(), result.prediction.overall.end(),
                                       [](const MetricValue& value) { return !std::isnan(value.low); });
    std::vector<std::vector<std::string>> rows = {
        {"all cells", "better", intervals ? "prediction [95 %]" : "prediction"}};
    for (const Scores& baseline : result.baselines) {
        rows.front().push_back(title_of(baseline.name));
    }
    for (std::size_t c = 0; c < result.columns.size(); ++c) {
        if (!told(request, result, c)) {
            continue;
        }
        rows.push_back(
            {result.columns[c], goal(result.columns[c]), with_interval(result.prediction.overall[c])});
        for (const Scores& baseline : result.baselines) {
            rows.back().push_back(readable(baseline.overall[c].value));
        }
    }
    return text_table(rows);
}

/// Metrics worth a column in the table of cell types.
const std::vector<std::string> shown = {"pearson_delta",   "perturbation_correlation", "de_direction_match",
                                        "energy_distance", "cell_type_accuracy",       "temporal_coherence"};

std::string types_table(const EvaluationRequest& request, const EvaluationResult& result) {
    std::vector<std::size_t> columns;
    constexpr std::size_t most_columns = 6;
    for (const std::string& metric : request.only_metrics.empty() ? shown : result.columns) {
        const auto at = std::find(result.columns.begin(), result.columns.end(), metric);
        if (at != result.columns.end() && columns.size() < most_columns) {
            columns.push_back(static_cast<std::size_t>(at - result.columns.begin()));
        }
    }
    std::vector<std::vector<std::string>> rows = {{"perturbation, cell type", "cells"}};
    for (const std::size_t c : columns) {
        rows.front().push_back(result.columns[c]);
    }
    for (const EvaluationRow& row : result.prediction.cell_types) {
        rows.push_back({row.perturbation + ", " + row.cell_type, with_thousands(row.cells_real)});
        for (const std::size_t c : columns) {
            rows.back().push_back(with_interval(row.values[c]));
        }
    }
    return text_table(rows);
}

std::string paragraph(const std::string& text) {
    std::string lines = wrapped(text, 96);
    for (std::size_t at = lines.find('\n'); at != std::string::npos && at + 1 < lines.size();
         at = lines.find('\n', at + 1)) {
        lines.insert(at + 1, "    ");
    }
    return "    " + lines + (lines.ends_with('\n') ? "" : "\n");
}

} // namespace

std::string evaluation_text(const EvaluationRequest& request, const EvaluationResult& result) {
    std::string text =
        std::to_string(result.prediction.perturbations.size()) +
        (result.prediction.perturbations.size() == 1 ? " perturbation of '" : " perturbations of '") +
        request.pert_col + "' against '" + request.control_pert + "', " +
        with_thousands(result.genes.size()) + " genes; " + to_string(request.pred_source) +
        " of the prediction, " + to_string(request.real_source) + " of the real cells\n\n" +
        overall_table(request, result);
    if (!result.prediction.cell_types.empty()) {
        text += "\n" + types_table(request, result);
    }
    if (!result.unit.empty()) {
        text += "\n  Intervals: 95 %, value ± 1.96 standard errors, bootstrap over " + result.unit + "\n";
    }
    for (const std::string& note : result.notes) {
        text += "  " + note + "\n";
    }
    return text + "  What each metric means: emberview-cli evaluate --explain\n";
}

std::string explain_metrics(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        const MetricInfo* const metric = find_metric(name);
        if (metric == nullptr) {
            continue;
        }
        text += name + ": " + metric->title + (metric->of_cell_eval ? " (cell-eval)" : "");
        const std::string better = goal(name);
        text += (better.empty() ? std::string() : "; " + better + " is better") + "\n" +
                paragraph(metric->formula) + paragraph(metric->reason) + "\n";
    }
    text += "Baselines\n";
    for (const BaselineInfo& info : baseline_catalogue()) {
        text += "  " + info.title + "\n" + paragraph(info.meaning);
    }
    return text;
}

} // namespace ember::cli
