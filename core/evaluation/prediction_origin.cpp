#include "core/evaluation/prediction_origin.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace ember {

namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* name) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? nothing : *found;
}

std::string text_in(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::vector<UnknownPerturbation> unknown_in(const Json& record) {
    std::vector<UnknownPerturbation> unknown;
    const Json& names = member(record, "unknown_perturbations");
    const Json& counts = member(record, "unknown_cells");
    for (std::size_t i = 0; names.is_array() && i < names.size(); ++i) {
        const bool counted = counts.is_array() && i < counts.size() && counts[i].is_number();
        unknown.push_back({names[i].is_string() ? names[i].get<std::string>() : names[i].dump(),
                           counted ? counts[i].get<std::uint64_t>() : 0});
    }
    return unknown;
}

bool has_obsm(const AnnData& data, const std::string& key) {
    return std::any_of(data.obsm().begin(), data.obsm().end(),
                       [&](const MemberInfo& info) { return info.key == key && !info.data_frame; });
}

} // namespace

PredictionOrigin prediction_origin(const AnnData& data) {
    PredictionOrigin origin;
    const auto& keys = data.uns_keys();
    if (std::find(keys.begin(), keys.end(), "emberview") == keys.end()) {
        return origin;
    }
    const Json everything = data.uns("emberview");
    const Json& record = member(everything, "infer");
    if (!record.is_object()) {
        return origin;
    }
    const Json& parameters = member(record, "parameters");
    origin.recorded = true;
    origin.model = text_in(member(record, "model"), "run");
    origin.input = text_in(member(record, "input"), "file");
    origin.written_to = text_in(parameters, "written_to");
    origin.pert_col = text_in(parameters, "pert_col");
    origin.control_pert = text_in(parameters, "control_pert");
    origin.celltype_col = text_in(parameters, "celltype_col");
    origin.batch_col = text_in(parameters, "batch_col");
    origin.unknown = unknown_in(record);
    return origin;
}

MatrixSource source_named(const AnnData& data, const std::string& name) {
    if (name.empty() || name == "X") {
        return {};
    }
    if (name == "raw/X") {
        return {MatrixSource::Kind::raw_x, {}};
    }
    if (name.starts_with("obsm/")) {
        return {MatrixSource::Kind::obsm, name.substr(5)};
    }
    if (name.starts_with("layers/")) {
        return {MatrixSource::Kind::layer, name.substr(7)};
    }
    const bool is_layer = !has_obsm(data, name) &&
                          std::find(data.layers().begin(), data.layers().end(), name) != data.layers().end();
    return {is_layer ? MatrixSource::Kind::layer : MatrixSource::Kind::obsm, name};
}

MatrixSource predicted_matrix(const AnnData& data, const PredictionOrigin& origin) {
    return source_named(data, origin.written_to);
}

} // namespace ember
