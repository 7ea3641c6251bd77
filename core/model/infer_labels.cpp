#include "core/model/infer_labels.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

std::optional<std::uint32_t> CellLabels::find(const std::string& name) const {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(at - names.begin()));
}

std::uint32_t CellLabels::find_or_add(const std::string& name) {
    if (const auto known = find(name)) {
        return *known;
    }
    names.push_back(name);
    return static_cast<std::uint32_t>(names.size() - 1);
}

CellLabels read_labels(const AnnData& data, const std::string& column) {
    CategoricalColumn groups = as_groups(*data.obs(column));
    CellLabels labels{column, std::move(groups.categories), {}};
    labels.codes.reserve(groups.codes.size());
    std::optional<std::uint32_t> missing;
    for (const std::int32_t code : groups.codes) {
        if (code < 0 && !missing) {
            missing = labels.find_or_add("nan");
        }
        labels.codes.push_back(code < 0 ? *missing : static_cast<std::uint32_t>(code));
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
    const auto& columns = data.obs_columns();
    for (const std::string& name : {run.config_text("data.kwargs.cell_type_key"), std::string("cell_type"),
                                    std::string("celltype"), std::string("cellType"), std::string("ctype")}) {
        if (std::any_of(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; })) {
            return name;
        }
    }
    return {};
}

std::string batch_column(const InferRequest& request, const RunDirectory& run) {
    return request.batch_col.empty() ? run.config_text("data.kwargs.batch_col") : request.batch_col;
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
    for (const std::string& own : {run.config_text("data.kwargs.control_pert"), config.control_pert}) {
        if (run.perturbations.find(own)) {
            return {wanted, own};
        }
    }
    throw Error("UnknownControl", "The model does not know the control label '" + wanted + "'",
                {run.path.string(), "pert_onehot_map.pt", {}}, suggestion(wanted, run.perturbations.labels));
}

} // namespace ember
