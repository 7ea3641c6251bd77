#include "core/model/infer_labels.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

bool has_obs(const AnnData& data, const std::string& name) {
    const auto& columns = data.obs_columns();
    return std::any_of(columns.begin(), columns.end(), [&](const auto& known) { return known.name == name; });
}

} // namespace

std::optional<std::uint32_t> CellLabels::find(const std::string& name) const {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(at - names.begin()));
}

CellLabels read_labels(const AnnData& data, const std::string& column) {
    const CategoricalColumn groups = as_groups(*data.obs(column));
    CellLabels labels{column, {}, {}};
    std::unordered_map<std::string, std::uint32_t> known;
    const auto code_of = [&](const std::string& name) {
        const auto [at, fresh] = known.try_emplace(name, static_cast<std::uint32_t>(labels.names.size()));
        if (fresh) {
            labels.names.push_back(name);
        }
        return at->second;
    };
    std::vector<std::uint32_t> codes; // a file may list a category twice
    for (const std::string& category : groups.categories) {
        codes.push_back(code_of(category));
    }
    labels.codes.reserve(groups.codes.size());
    for (const std::int32_t code : groups.codes) {
        labels.codes.push_back(code < 0 ? code_of("nan") : codes[static_cast<std::size_t>(code)]);
    }
    return labels;
}

std::string pert_column(const InferRequest& request, const RunDirectory& run) {
    if (!request.pert_col.empty()) {
        return request.pert_col;
    }
    const std::string configured = run.config_text("data.kwargs.pert_col");
    return configured.empty() ? "drugname_drugconc" : configured;
}

std::string celltype_column(const InferRequest& request, const RunDirectory& run, const AnnData& data) {
    if (!request.celltype_col.empty()) {
        return request.celltype_col;
    }
    for (const std::string& name : {run.config_text("data.kwargs.cell_type_key"), std::string("cell_type"),
                                    std::string("celltype"), std::string("cellType"), std::string("ctype")}) {
        if (has_obs(data, name)) {
            return name;
        }
    }
    return {};
}

BatchIndices read_batches(const InferRequest& request, const RunDirectory& run, const StConfig& config,
                          const AnnData& data, std::vector<std::string>& warnings) {
    if (!config.batch_encoder) {
        return {};
    }
    const std::string column =
        request.batch_col.empty() ? run.config_text("data.kwargs.batch_col") : request.batch_col;
    if (!has_obs(data, column) && request.batch_col.empty()) {
        warnings.push_back("The data has no batch column" + (column.empty() ? "" : " '" + column + "'") +
                           ": the model's batch term is left out");
        return {};
    }
    const CellLabels labels = read_labels(data, column);
    std::vector<std::int32_t> row_of(labels.names.size(), -1);
    for (std::size_t i = 0; i < row_of.size(); ++i) {
        const auto known = run.batches.find(labels.names[i]);
        if (known && run.batches.argmax[*known] < config.batch_dim) {
            row_of[i] = static_cast<std::int32_t>(run.batches.argmax[*known]);
        }
    }
    BatchIndices batches{column, {}};
    batches.index.reserve(labels.codes.size());
    for (const std::uint32_t code : labels.codes) {
        if (row_of[code] < 0) {
            row_of[code] = 0;
            warnings.push_back("The model does not know the batch '" + labels.names[code] +
                               "': its first batch is used");
        }
        batches.index.push_back(row_of[code]);
    }
    return batches;
}

namespace {

std::string wanted_control(const InferRequest& request, const RunDirectory& run,
                           const std::string& pert_col) {
    if (!request.control_pert.empty()) {
        return request.control_pert;
    }
    const std::string configured = run.config_text("data.kwargs.control_pert");
    if (!configured.empty()) {
        return configured;
    }
    return pert_col == "drugname_drugconc" ? "[('DMSO_TF', 0.0, 'uM')]" : "non-targeting";
}

std::string suggestion(const std::string& wanted, const std::vector<std::string>& names) {
    const auto nearest = nearest_names(wanted, names);
    return nearest.empty() ? "Give the control's label with --control-pert"
                           : "Give one of " + quoted_list(nearest) + " with --control-pert";
}

} // namespace

ControlLabel find_control(const InferRequest& request, const RunDirectory& run, const StConfig& config,
                          const CellLabels& perts, const std::string& data_file) {
    const std::string wanted = wanted_control(request, run, perts.column);
    const auto code = perts.find(wanted);
    if (!code || std::find(perts.codes.begin(), perts.codes.end(), *code) == perts.codes.end()) {
        throw Error("UnknownControl", "No cell of the data has the control label '" + wanted + "'",
                    {data_file, "obs/" + perts.column, {}}, suggestion(wanted, perts.names));
    }
    if (run.perturbations.find(wanted)) {
        return {wanted, wanted};
    }
    // A misspelled control must not turn into an unknown perturbation.
    if (const auto* meant = spelled_otherwise(wanted, run.perturbations.labels)) {
        throw Error("UnknownControl",
                    "The model does not know the control label '" + wanted + "', but knows '" + *meant + "'",
                    {run.path.string(), "pert_onehot_map.pt", {}},
                    "Write the label in the column '" + perts.column + "' of the data as the model does");
    }
    for (const std::string& own : {run.config_text("data.kwargs.control_pert"), config.control_pert}) {
        if (run.perturbations.find(own)) {
            return {wanted, own};
        }
    }
    throw Error("UnknownControl", "The model does not know the control label '" + wanted + "'",
                {run.path.string(), "pert_onehot_map.pt", {}}, suggestion(wanted, run.perturbations.labels));
}

} // namespace ember
