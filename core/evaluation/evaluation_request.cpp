#include <algorithm>

#include "core/analysis/schema_guess.hpp"
#include "core/embedding/embed.hpp"
#include "core/evaluation/evaluate.hpp"

namespace ember {

namespace {

nlohmann::json record_of(const AnnData& pred) {
    const auto& keys = pred.uns_keys();
    if (std::find(keys.begin(), keys.end(), "emberview") == keys.end()) {
        return nlohmann::json::object();
    }
    const nlohmann::json record = pred.uns("emberview");
    const auto at = nlohmann::json::json_pointer("/infer/parameters");
    return record.contains(at) ? record.at(at) : nlohmann::json::object();
}

std::string text_of(const nlohmann::json& record, const char* key) {
    return record.is_object() && record.contains(key) && record[key].is_string()
               ? record[key].get<std::string>()
               : std::string();
}

bool has_obs(const AnnData& data, const std::string& name) {
    const auto& columns = data.obs_columns();
    return std::any_of(columns.begin(), columns.end(), [&](const auto& known) { return known.name == name; });
}

/// The member of that name, else X.
MatrixSource source_or_x(const AnnData& data, const std::string& name) {
    const auto& members = data.obsm();
    const bool there = name.starts_with("obsm/") &&
                       std::any_of(members.begin(), members.end(), [&](const MemberInfo& member) {
                           return "obsm/" + member.key == name && !member.data_frame;
                       });
    return there ? embedding_source(data, name, false) : MatrixSource{};
}

} // namespace

EvaluationRequest evaluation_request(const AnnData& pred, const AnnData& real) {
    EvaluationRequest request;
    request.adata_pred = pred.path();
    request.adata_real = real.path();
    const nlohmann::json record = record_of(pred);
    const Schema schema = guess_schema(real);
    const std::string written = text_of(record, "written_to");
    request.pred_source = source_or_x(pred, written);
    request.real_source = source_or_x(real, written);
    const auto column = [&](const char* key, const std::string& guessed) {
        const std::string recorded = text_of(record, key);
        const std::string& wanted = recorded.empty() ? guessed : recorded;
        return has_obs(real, wanted) && has_obs(pred, wanted) ? wanted : std::string();
    };
    request.pert_col = column("pert_col", schema.pert_col.value);
    const std::string control = text_of(record, "control_pert");
    request.control_pert = control.empty() ? schema.control_pert.value : control;
    request.celltype_col = column("celltype_col", schema.celltype_col.value);
    request.time_col = column("", schema.timepoint_col.value);
    request.replicate_col = column("", schema.replicate_col.value);
    return request;
}

} // namespace ember
