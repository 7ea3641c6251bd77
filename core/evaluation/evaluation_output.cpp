#include "core/evaluation/evaluation_output.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace ember {

namespace {

std::string head(const std::vector<std::string>& columns) {
    std::string line;
    for (const std::string& column : columns) {
        line += ',' + csv_text(column);
    }
    return line + '\n';
}

std::string values_of(const EvaluationRow& row) {
    std::string line;
    for (const MetricValue& value : row.values) {
        line += ',' + csv_number(value.value);
    }
    return line + '\n';
}

std::string group_line(const EvaluationRow& row) {
    return csv_text(row.perturbation) + ',' + csv_text(row.cell_type) + ',' + std::to_string(row.cells_pred) +
           ',' + std::to_string(row.cells_real) + values_of(row);
}

/// One column of the describe table, sorted, without what is not defined.
struct Description {
    std::vector<double> sorted;
    std::size_t nulls = 0;

    double mean() const {
        double sum = 0;
        for (const double v : sorted) {
            sum += v;
        }
        return sorted.empty() ? std::nan("") : sum / static_cast<double>(sorted.size());
    }
    double deviation() const {
        if (sorted.size() < 2) {
            return std::nan("");
        }
        double sum = 0;
        const double m = mean();
        for (const double v : sorted) {
            sum += (v - m) * (v - m);
        }
        return std::sqrt(sum / static_cast<double>(sorted.size() - 1));
    }
    /// The nearest value, as polars' describe.
    double quantile(double q) const {
        if (sorted.empty()) {
            return std::nan("");
        }
        return sorted[static_cast<std::size_t>(std::round(static_cast<double>(sorted.size() - 1) * q))];
    }
};

std::string type_prefix(std::string type) {
    std::replace(type.begin(), type.end(), '/', '-');
    return type + '_';
}

/// Cell types of the rows, in their order.
std::vector<std::string> types_of(const EvaluationResult& result) {
    std::vector<std::string> types;
    for (const EvaluationRow& row : result.prediction.cell_types) {
        if (std::find(types.begin(), types.end(), row.cell_type) == types.end()) {
            types.push_back(row.cell_type);
        }
    }
    return types;
}

std::string cell_types_csv(const EvaluationResult& result) {
    std::string csv = "perturbation,cell_type,cells_pred,cells_real" + head(result.columns);
    for (const EvaluationRow& row : result.prediction.cell_types) {
        csv += group_line(row);
    }
    return csv;
}

nlohmann::json input_json(const std::filesystem::path& file, const MatrixSource& source, JobContext& job) {
    return {{"file", std::filesystem::absolute(file).string()},
            {"sha256", sha256_of_file(file, job)},
            {"matrix", to_string(source)}};
}

} // namespace

std::string results_csv(const std::vector<std::string>& columns, const std::vector<EvaluationRow>& rows) {
    std::string csv = "perturbation" + head(columns);
    for (const EvaluationRow& row : rows) {
        csv += csv_text(row.perturbation) + values_of(row);
    }
    return csv;
}

std::string aggregate_csv(const std::vector<std::string>& columns, const std::vector<EvaluationRow>& rows) {
    std::vector<Description> described(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (const EvaluationRow& row : rows) {
            if (std::isnan(row.values[c].value)) {
                ++described[c].nulls;
            } else {
                described[c].sorted.push_back(row.values[c].value);
            }
        }
        std::sort(described[c].sorted.begin(), described[c].sorted.end());
    }
    std::string csv = "statistic" + head(columns);
    const auto line = [&](const std::string& name, const auto& value) {
        csv += name;
        for (const Description& column : described) {
            csv += ',' + csv_number(value(column));
        }
        csv += '\n';
    };
    line("count", [](const Description& d) { return static_cast<double>(d.sorted.size()); });
    line("null_count", [](const Description& d) { return static_cast<double>(d.nulls); });
    line("mean", [](const Description& d) { return d.mean(); });
    line("std", [](const Description& d) { return d.deviation(); });
    line("min", [](const Description& d) { return d.quantile(0); });
    line("25%", [](const Description& d) { return d.quantile(0.25); });
    line("50%", [](const Description& d) { return d.quantile(0.5); });
    line("75%", [](const Description& d) { return d.quantile(0.75); });
    line("max", [](const Description& d) { return d.quantile(1); });
    return csv;
}

std::string baselines_csv(const EvaluationResult& result) {
    std::string csv = "baseline,perturbation,cell_type,cells_pred,cells_real" + head(result.columns);
    for (const Scores& baseline : result.baselines) {
        for (const auto* rows : {&baseline.perturbations, &baseline.cell_types}) {
            for (const EvaluationRow& row : *rows) {
                csv += baseline.name + ',' + group_line(row);
            }
        }
    }
    return csv;
}

std::string intervals_csv(const EvaluationResult& result) {
    std::string csv = "perturbation,cell_type,metric,value,low,high\n";
    const auto add = [&](const std::string& pert, const std::string& type,
                         const std::vector<MetricValue>& values) {
        for (std::size_t c = 0; c < values.size(); ++c) {
            if (!std::isnan(values[c].low)) {
                csv += csv_text(pert) + ',' + csv_text(type) + ',' + result.columns[c] + ',' +
                       csv_number(values[c].value) + ',' + csv_number(values[c].low) + ',' +
                       csv_number(values[c].high) + '\n';
            }
        }
    };
    add("all", {}, result.prediction.overall);
    for (const auto* rows : {&result.prediction.perturbations, &result.prediction.cell_types}) {
        for (const EvaluationRow& row : *rows) {
            add(row.perturbation, row.cell_type, row.values);
        }
    }
    return csv;
}

std::string control_tests_csv(const std::vector<std::string>& genes, const std::vector<ControlTest>& tests,
                              const std::string& cell_type) {
    std::string csv = "target,feature,target_mean,ref_mean,target_membership,ref_membership,log2_fold_change,"
                      "percent_change,p_value,statistic,fdr\n";
    for (const ControlTest& test : tests) {
        if (test.cell_type != cell_type) {
            continue;
        }
        const std::string members =
            ',' + std::to_string(test.cells) + ',' + std::to_string(test.control_cells);
        for (std::size_t g = 0; g < test.pval.size(); ++g) {
            csv += csv_text(test.perturbation) + ',' + csv_text(genes[g]) + ',' + csv_number(test.mean[g]) +
                   ',' + csv_number(test.control_mean[g]) + members + ',' +
                   csv_number(test.log2_fold_change[g]) + ',' + csv_number(test.percent_change[g]) + ',' +
                   csv_number(test.pval[g]) + ',' + csv_number(test.statistic[g]) + ',' +
                   csv_number(test.fdr[g]) + '\n';
        }
    }
    return csv;
}

std::vector<std::filesystem::path> write_evaluation(const EvaluationRequest& request,
                                                    const EvaluationResult& result,
                                                    const std::filesystem::path& folder, JobContext& job) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        throw Error("CannotWrite", "The output folder cannot be made: " + failure.message(),
                    {folder.string(), {}, {}}, "Choose a folder that you may write to");
    }
    nlohmann::json beside = evaluation_json(request, result);
    beside["program"] = "emberview";
    beside["version"] = EMBER_VERSION;
    beside["input"] = {{"predicted", input_json(request.adata_pred, request.pred_source, job)},
                       {"real", input_json(request.adata_real, request.real_source, job)}};
    std::vector<std::filesystem::path> written;
    const auto write = [&](const std::string& name, const std::string& content) {
        job.check_cancelled();
        written.push_back(folder / name);
        write_file_atomically(written.back(), content);
    };
    const auto write_slice = [&](const std::string& prefix, const std::string& type,
                                 const std::vector<EvaluationRow>& rows) {
        write(prefix + "results.csv", results_csv(result.columns, rows));
        write(prefix + "agg_results.csv", aggregate_csv(result.columns, rows));
        if (!result.real_de.empty()) {
            write(prefix + "real_de.csv", control_tests_csv(result.genes, result.real_de, type));
            write(prefix + "pred_de.csv", control_tests_csv(result.genes, result.pred_de, type));
        }
    };
    write_slice("", "", result.prediction.perturbations);
    for (const std::string& type : types_of(result)) {
        std::vector<EvaluationRow> rows;
        std::copy_if(result.prediction.cell_types.begin(), result.prediction.cell_types.end(),
                     std::back_inserter(rows),
                     [&](const EvaluationRow& row) { return row.cell_type == type; });
        write_slice(type_prefix(type), type, rows);
    }
    if (!result.prediction.cell_types.empty()) {
        write("cell_types.csv", cell_types_csv(result));
    }
    if (!result.baselines.empty()) {
        write("baselines.csv", baselines_csv(result));
    }
    if (!result.unit.empty()) {
        write("intervals.csv", intervals_csv(result));
    }
    write("evaluation.json", beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return written;
}

std::filesystem::path evaluation_folder(const AnnData& pred) {
    const std::filesystem::path folder = std::filesystem::absolute(pred.path()).parent_path();
    std::error_code failure;
    if (folder.filename().string().starts_with("eval_") &&
        std::filesystem::exists(folder.parent_path() / "config.yaml", failure)) {
        return folder;
    }
    if (!std::filesystem::exists(folder / "config.yaml", failure)) {
        return {};
    }
    std::string checkpoint = "final.ckpt";
    const auto& keys = pred.uns_keys();
    if (std::find(keys.begin(), keys.end(), "emberview") != keys.end()) {
        const nlohmann::json record = pred.uns("emberview");
        const auto at = nlohmann::json::json_pointer("/infer/model/checkpoint");
        if (record.contains(at) && record.at(at).is_string()) {
            checkpoint = std::filesystem::path(record.at(at).get<std::string>()).filename().string();
        }
    }
    return folder / ("eval_" + checkpoint);
}

} // namespace ember
