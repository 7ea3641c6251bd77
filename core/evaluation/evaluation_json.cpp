#include <cmath>

#include "core/evaluation/baselines.hpp"
#include "core/evaluation/evaluation_output.hpp"

namespace ember {

namespace {

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json values_json(const std::vector<std::string>& columns, const std::vector<MetricValue>& values) {
    nlohmann::json json = nlohmann::json::object();
    for (std::size_t c = 0; c < columns.size(); ++c) {
        json[columns[c]] = {{"value", number(values[c].value)}};
        if (!std::isnan(values[c].low)) {
            json[columns[c]]["low"] = number(values[c].low);
            json[columns[c]]["high"] = number(values[c].high);
        }
    }
    return json;
}

nlohmann::json rows_json(const std::vector<std::string>& columns, const std::vector<EvaluationRow>& rows) {
    nlohmann::json json = nlohmann::json::array();
    for (const EvaluationRow& row : rows) {
        nlohmann::json one = {{"perturbation", row.perturbation},
                              {"cells_pred", row.cells_pred},
                              {"cells_real", row.cells_real},
                              {"metrics", values_json(columns, row.values)}};
        if (!row.cell_type.empty()) {
            one["cell_type"] = row.cell_type;
        }
        json.push_back(std::move(one));
    }
    return json;
}

nlohmann::json scores_json(const std::vector<std::string>& columns, const Scores& scores) {
    return {{"overall", values_json(columns, scores.overall)},
            {"perturbations", rows_json(columns, scores.perturbations)},
            {"cell_types", rows_json(columns, scores.cell_types)}};
}

nlohmann::json definitions_json(const std::vector<std::string>& columns) {
    nlohmann::json json = nlohmann::json::object();
    for (const std::string& column : columns) {
        if (const MetricInfo* const metric = find_metric(column)) {
            json[column] = {{"title", metric->title},
                            {"formula", metric->formula},
                            {"reason", metric->reason},
                            {"cell_eval", metric->of_cell_eval}};
            if (metric->target) {
                json[column]["target"] = *metric->target;
            }
            if (metric->aim) {
                json[column]["aim"] = *metric->aim;
            }
        }
    }
    return json;
}

nlohmann::json parameters_json(const EvaluationRequest& request) {
    nlohmann::json json = {
        {"pert_col", request.pert_col},
        {"control_pert", request.control_pert},
        {"celltype_col", request.celltype_col},
        {"time_col", request.time_col},
        {"replicate_col", request.replicate_col},
        {"control_cells", request.control == ControlCells::predicted ? "predicted" : "real"},
        {"profile", request.profile},
        {"skip_metrics", request.skip_metrics},
        {"allow_discrete", request.allow_discrete},
        {"epsilon", request.epsilon},
        {"distance_cells", request.distance_cells},
        {"bootstrap", request.bootstrap},
        {"seed", request.seed}};
    if (!request.de_pred.empty()) {
        json["de_pred"] = request.de_pred.string();
    }
    if (!request.de_real.empty()) {
        json["de_real"] = request.de_real.string();
    }
    if (request.pred_embedding && request.real_embedding) {
        json["embed_key"] = to_string(*request.pred_embedding);
    }
    return json;
}

} // namespace

nlohmann::json evaluation_json(const EvaluationRequest& request, const EvaluationResult& result) {
    nlohmann::json baselines = nlohmann::json::object(), meanings = nlohmann::json::object();
    for (const Scores& baseline : result.baselines) {
        baselines[baseline.name] = scores_json(result.columns, baseline);
    }
    for (const BaselineInfo& info : baseline_catalogue()) {
        meanings[to_string(info.baseline)] = info.meaning;
    }
    return {{"parameters", parameters_json(request)},
            {"genes", result.genes.size()},
            {"prediction", scores_json(result.columns, result.prediction)},
            {"baselines", std::move(baselines)},
            {"baseline_definitions", std::move(meanings)},
            {"interval_unit", result.unit},
            {"definitions", definitions_json(result.columns)},
            {"notes", result.notes},
            {"warnings", result.warnings}};
}

} // namespace ember
