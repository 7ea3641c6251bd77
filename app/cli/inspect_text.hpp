#pragma once
// The reports of `inspect` as text for people.

#include <string>

#include <nlohmann/json.hpp>

namespace ember::cli {

/// From inspect_anndata().
std::string anndata_text(const nlohmann::json& report);

/// From inspect_model().
std::string model_text(const nlohmann::json& report);

} // namespace ember::cli
