#pragma once
// Dotted paths in a tree of JSON objects.

#include <string>

#include <nlohmann/json.hpp>

namespace ember {

/// The value at a dotted path, or nothing.
const nlohmann::json* find_value(const nlohmann::json& tree, const std::string& key);

/// Puts a value at a dotted path; makes the objects on the way.
void put_value(nlohmann::json& tree, const std::string& key, nlohmann::json value);

} // namespace ember
