#pragma once
// Values of options: their types and bounds.

#include <string>

#include <nlohmann/json.hpp>

#include "core/experiment/config_schema.hpp"

namespace ember {

/// `value` as the option takes it: whole reals as integers, 0 and 1 as booleans, a single value as a list of
/// one. Throws BadConfig at {source, option.key} when the type is wrong or the value out of bounds, with what
/// it takes as remedy.
nlohmann::json checked_value(const ConfigOption& option, const nlohmann::json& value,
                             const std::string& source);

/// "a whole number from 1", "one of adam, adamw"
std::string what_it_takes(const ConfigOption& option);

} // namespace ember
