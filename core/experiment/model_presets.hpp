#pragma once
// The model sizes of arc-state 0.11.1 (its configs/model folder).

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

/// "state", "state_sm", …: the default first.
const std::vector<std::string>& model_presets();

/// The options in which a preset differs from `state`, by dotted key. Throws BadConfig for an unknown one.
nlohmann::json model_preset(const std::string& name);

} // namespace ember
