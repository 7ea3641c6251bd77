#pragma once
// YAML configuration files as JSON.

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace ember {

/// Scalars as Python's YAML reader types them (null, true/yes/on, integers, reals, else text; quoted: text).
/// Aliases are followed within bounds. Errors: MissingMember (no such file), BadConfig (syntax with its row,
/// nesting deeper than 64, more than 200,000 values once aliases are unfolded, larger than 8 MiB).
nlohmann::json read_yaml(const std::filesystem::path& file);

/// As read_yaml, of text; `file` is only named in errors.
nlohmann::json parse_yaml(const std::string& text, const std::string& file);

} // namespace ember
