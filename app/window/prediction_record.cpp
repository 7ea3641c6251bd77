#include "app/window/prediction_record.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace ember {

namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* name) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? nothing : *found;
}

std::string textIn(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::vector<std::string> textsIn(const Json& object, const char* name) {
    std::vector<std::string> texts;
    const Json& value = member(object, name);
    if (value.is_string()) {
        texts.push_back(value.get<std::string>());
    }
    for (const Json& item : value.is_array() ? value : Json::array()) {
        if (item.is_string()) {
            texts.push_back(item.get<std::string>());
        }
    }
    return texts;
}

std::vector<UnknownPerturbation> unknownIn(const Json& record) {
    std::vector<UnknownPerturbation> unknown;
    const Json& cells = member(record, "unknown_perturbations");
    if (cells.is_array()) {
        const Json& counts = member(record, "unknown_cells");
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool counted = counts.is_array() && i < counts.size() && counts[i].is_number();
            unknown.push_back({cells[i].is_string() ? cells[i].get<std::string>() : cells[i].dump(),
                               counted ? counts[i].get<std::uint64_t>() : 0});
        }
        return unknown;
    }
    if (!cells.is_object()) {
        return unknown;
    }
    for (const auto& [label, count] : cells.items()) {
        unknown.push_back({label, count.is_number() ? count.get<std::uint64_t>() : 0});
    }
    return unknown;
}

} // namespace

std::optional<PredictionRecord> readPredictionRecord(const AnnData& data) {
    const auto& keys = data.uns_keys();
    if (std::find(keys.begin(), keys.end(), "emberview") == keys.end()) {
        return std::nullopt;
    }
    const Json everything = data.uns("emberview");
    const Json& record = member(everything, "infer");
    if (!record.is_object()) {
        return std::nullopt;
    }
    const Json& parameters = member(record, "parameters");
    PredictionRecord read;
    read.modelPath = QString::fromStdString(textIn(member(record, "model"), "run"));
    read.inputPath = QString::fromStdString(textIn(member(record, "input"), "file"));
    InferResult& result = read.result;
    result.cells = data.n_obs();
    result.output = data.path();
    result.written_to = textIn(parameters, "written_to");
    result.control_pert = textIn(parameters, "control_pert");
    result.pert_col = textIn(parameters, "pert_col");
    result.celltype_col = textIn(parameters, "celltype_col");
    result.batch_col = textIn(parameters, "batch_col");
    result.embed_key = textIn(parameters, "embed_key");
    result.unknown = unknownIn(record);
    result.warnings = textsIn(record, "warnings");
    return read;
}

} // namespace ember
