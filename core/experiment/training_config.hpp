#pragma once
// The configuration of a run: defaults, a model preset, a YAML file and `key=value` overrides as Hydra reads
// them.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

/// The tree of config.yaml (data, model, training, wandb, name, output_dir …), complete: each option of
/// config_schema.hpp has a value.
struct TrainingConfig {
    nlohmann::json values;
    std::vector<std::string> notices; ///< what was accepted without effect, one sentence each
};

/// Defaults < preset (`model=state_sm`) < file < overrides, in this order. `file` may be a config.yaml of
/// arc-state or ours, or the seeds' short form (without `kwargs`). Overrides: `key=value`, `+key=value`,
/// `++key=value`,
/// `~key`; values as Hydra reads them ([64,32], null, true, 1e-4, quoted text). Throws UnknownOption (with
/// the nearest names), BadConfig (a value of the wrong type or out of bounds; the place names file or
/// override and key).
TrainingConfig resolve_config(const std::optional<std::filesystem::path>& file,
                              std::span<const std::string> overrides);

/// The resolved configuration as YAML that arc-state's and our readers take.
std::string config_yaml(const nlohmann::json& values);

/// The value at a dotted path, or null.
nlohmann::json config_value(const nlohmann::json& values, const std::string& key);
/// Sets one option; checked like an override.
void set_config_value(nlohmann::json& values, const std::string& key, const nlohmann::json& value);

/// A value as one override, "training.lr=1.0e-04"; resolve_config reads back the same value.
std::string override_text(const std::string& key, const nlohmann::json& value);

/// The overrides that make this configuration from the defaults of its model preset, in the order of the
/// form: the command line of a form.
std::vector<std::string> overrides_of(const nlohmann::json& values);

/// <output_dir>/<name>
std::filesystem::path run_directory_of(const nlohmann::json& values);

} // namespace ember
