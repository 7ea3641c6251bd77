#pragma once
// YAML as PyYAML and OmegaConf write it: block style, keys in their order.

#include <string>

#include <nlohmann/json.hpp>

namespace ember {

/// Text that parse_yaml and PyYAML read back as the same values; ends with a line end.
std::string yaml_text(const nlohmann::ordered_json& value);

/// One scalar text, quoted when it would read as something else.
std::string yaml_scalar(const std::string& text);

} // namespace ember
