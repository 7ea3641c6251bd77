// A comparison as CSV and JSON, and the files with their provenance.

#include <cmath>

#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"
#include "core/evaluation/compare.hpp"

namespace ember {

namespace {

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

std::string numbers(std::initializer_list<double> values) {
    std::string text;
    for (const double value : values) {
        text += ',' + csv_number(value);
    }
    return text;
}

nlohmann::json estimate_json(const Estimate& estimate) {
    return {
        {"value", number(estimate.value)}, {"low", number(estimate.low)}, {"high", number(estimate.high)}};
}

void add_metric_lines(std::string& csv, const std::vector<std::string>& columns, const std::string& model,
                      const Scores& scores, std::size_t column) {
    const MetricInfo* info = find_metric(columns[column]);
    const MetricValue& value = scores.overall[column];
    csv += columns[column] + ',' + csv_text(info != nullptr ? info->title : columns[column]) + ',' +
           (info == nullptr || info->larger_is_better ? "true" : "false") + ',' +
           (info != nullptr && info->target ? csv_number(*info->target) : std::string()) + ',' +
           csv_text(model) + numbers({value.value, value.low, value.high}) + '\n';
}

std::string text_of(const nlohmann::json& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

nlohmann::json parameters_json(const CompareRequest& request) {
    return {{"pert_col", request.pert_col},
            {"control_pert", request.control_pert},
            {"celltype_col", request.celltype_col},
            {"time_col", request.time_col},
            {"replicate_col", request.replicate_col},
            {"batch_col", request.batch_col},
            {"bootstrap", request.change.bootstrap},
            {"shuffles", request.change.shuffles},
            {"halves", request.change.halves},
            {"least_cells", request.change.least_cells},
            {"least_reliability", request.change.least_reliability},
            {"permutations", request.permutations},
            {"gene_sets", request.gene_sets.string()},
            {"seed", request.seed}};
}

} // namespace

std::string metrics_csv(const CompareResult& result) {
    std::string csv = "metric,title,larger_is_better,target,model,value,low,high\n";
    for (const ModelResult& model : result.models) {
        if (!model.evaluation) {
            continue;
        }
        const EvaluationResult& found = *model.evaluation;
        for (std::size_t column = 0; column < found.columns.size(); ++column) {
            add_metric_lines(csv, found.columns, model.name, found.prediction, column);
            for (const Scores& baseline : found.baselines) {
                add_metric_lines(csv, found.columns, model.name + ":" + baseline.name, baseline, column);
            }
        }
    }
    return csv;
}

std::string by_cell_type_csv(const CompareResult& result) {
    std::string csv = "perturbation,cell_type,model,pearson,low,high,p,shuffled_mean,slope,over_baseline,"
                      "over_baseline_low,over_baseline_high,baseline_other_types,baseline_perturbation_mean,"
                      "reliability,size,judged,why_not,cells,control_cells,units,control_units\n";
    for (const PerturbationChange& change : result.changes) {
        for (const TypeChange& type : change.types) {
            for (std::size_t i = 0; i < result.models.size(); ++i) {
                const ModelAgreement& model = type.models[i];
                csv += csv_text(change.perturbation) + ',' + csv_text(type.type) + ',' +
                       csv_text(result.models[i].name) +
                       numbers({model.pearson.value, model.pearson.low, model.pearson.high, model.p,
                                model.shuffled_mean, model.slope, model.over_baseline.value,
                                model.over_baseline.low, model.over_baseline.high, type.others.value,
                                type.perturbation_mean.value, type.reliability, type.size}) +
                       (type.judged ? ",true," : ",false,") + csv_text(type.why_not) + ',' +
                       std::to_string(type.cells) + ',' + std::to_string(type.control_cells) + ',' +
                       std::to_string(type.units) + ',' + std::to_string(type.control_units) + '\n';
            }
        }
    }
    return csv;
}

std::string condition_table_csv(const CompareResult& result) {
    return result.response ? condition_response_csv(result.response_request, *result.response)
                           : std::string();
}

std::string pathways_csv(const CompareResult& result) {
    std::string csv = "perturbation,cell_type,set,size,observed_nes,observed_padj";
    for (const ModelResult& model : result.models) {
        csv += ',' + csv_text(model.name + "_nes") + ',' + csv_text(model.name + "_padj");
    }
    csv += ",leading_edge\n";
    for (const PathwayTable& table : result.pathways) {
        for (const ComparedPathway& row : table.rows) {
            csv += csv_text(table.perturbation) + ',' + csv_text(table.type) + ',' + csv_text(row.name) +
                   ',' + std::to_string(row.size);
            for (std::size_t i = 0; i < row.nes.size(); ++i) {
                csv += numbers({row.nes[i], row.padj[i]});
            }
            std::string genes;
            for (const std::string& gene : row.leading) {
                genes += (genes.empty() ? "" : " ") + gene;
            }
            csv += ',' + csv_text(genes) + '\n';
        }
    }
    return csv;
}

nlohmann::json compare_json(const CompareRequest& request, const CompareResult& result) {
    nlohmann::json models = nlohmann::json::array(), changes = nlohmann::json::array();
    for (std::size_t i = 0; i < result.models.size(); ++i) {
        const ModelResult& model = result.models[i];
        nlohmann::json unknown = nlohmann::json::array(), metrics = nlohmann::json::object();
        for (const UnknownPerturbation& one : model.origin.unknown) {
            unknown.push_back({{"label", one.label}, {"cells", one.cells}});
        }
        if (model.evaluation) {
            for (std::size_t c = 0; c < model.evaluation->columns.size(); ++c) {
                const MetricValue& value = model.evaluation->prediction.overall[c];
                metrics[model.evaluation->columns[c]] = estimate_json({value.value, value.low, value.high});
            }
        }
        models.push_back({{"name", model.name},
                          {"cells", model.cells},
                          {"model", model.origin.model},
                          {"unknown_perturbations", unknown},
                          {"metrics", metrics},
                          {"differences", difference_json(model.difference_request, model.difference)}});
    }
    for (const PerturbationChange& change : result.changes) {
        nlohmann::json types = nlohmann::json::array(), overall = nlohmann::json::object();
        for (const TypeChange& type : change.types) {
            nlohmann::json pearson = nlohmann::json::object();
            for (std::size_t i = 0; i < result.models.size(); ++i) {
                pearson[result.models[i].name] = estimate_json(type.models[i].pearson);
                pearson[result.models[i].name]["p"] = number(type.models[i].p);
            }
            types.push_back({{"cell_type", type.type},
                             {"cells", type.cells},
                             {"control_cells", type.control_cells},
                             {"reliability", number(type.reliability)},
                             {"judged", type.judged},
                             {"why_not", type.why_not},
                             {"pearson_of_the_change", pearson}});
        }
        for (std::size_t i = 0; i < result.models.size(); ++i) {
            overall[result.models[i].name] = estimate_json(change.overall[i].pearson);
            overall[result.models[i].name]["p"] = number(change.overall[i].p);
        }
        changes.push_back(
            {{"perturbation", change.perturbation}, {"overall", overall}, {"cell_types", types}});
    }
    return {{"verdicts", verdicts_json(result.verdicts)},
            {"models", models},
            {"changes", changes},
            {"unit", result.unit},
            {"units", result.units},
            {"cells", result.facts.cells},
            {"genes", result.facts.compared_genes},
            {"gene_sets", result.gene_sets},
            {"warnings", result.warnings},
            {"parameters", parameters_json(request)}};
}

nlohmann::json compare_provenance(const CompareRequest& request, const CompareResult& result,
                                  JobContext& job) {
    nlohmann::json inputs = nlohmann::json::array();
    const auto add = [&](const std::string& role, const AnnData& data, const MatrixSource& source) {
        inputs.push_back({{"role", role},
                          {"file", std::filesystem::absolute(data.path()).string()},
                          {"sha256", sha256_of_file(data.path(), job)},
                          {"matrix", to_string(source)}});
    };
    add("real cells", *request.real, request.real_source);
    for (const ComparedPrediction& prediction : request.predictions) {
        add(prediction.name, *prediction.data, prediction.source);
        inputs.back()["model"] = prediction.origin.model;
    }
    if (!request.gene_sets.empty()) {
        inputs.push_back({{"role", "gene sets"},
                          {"file", std::filesystem::absolute(request.gene_sets).string()},
                          {"sha256", sha256_of_file(request.gene_sets, job)}});
    }
    return {{"program", "emberview"},
            {"version", EMBER_VERSION},
            {"inputs", inputs},
            {"gene_sets", result.gene_sets},
            {"parameters", parameters_json(request)}};
}

std::vector<std::filesystem::path> write_comparison(const CompareRequest& request,
                                                    const CompareResult& result,
                                                    const std::filesystem::path& folder, JobContext& job) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        throw Error("CannotWrite", "The output folder cannot be made: " + failure.message(),
                    {folder.string(), {}, {}}, "Choose a folder that you may write to");
    }
    std::vector<std::pair<std::string, std::string>> files = {
        {"verdicts.csv", verdicts_csv(result.verdicts)},
        {"by_cell_type.csv", by_cell_type_csv(result)},
        {"metrics.csv", metrics_csv(result)},
        {"condition_table.csv", condition_table_csv(result)},
        {"pathways.csv", result.pathways.empty() ? std::string() : pathways_csv(result)},
        {"verdicts.json", text_of(compare_json(request, result))},
        {"provenance.json", text_of(compare_provenance(request, result, job))}};
    std::vector<std::filesystem::path> written;
    for (const auto& [name, text] : files) {
        if (!text.empty()) {
            job.check_cancelled();
            write_file_atomically(folder / name, text);
            written.push_back(folder / name);
        }
    }
    return written;
}

} // namespace ember
