#pragma once
// What arc-state rebuilds a model from: the hyper-parameters of its checkpoints (reference §8.2), from a
// run's configuration.

#include <nlohmann/json.hpp>

#include "core/run/run_directory.hpp"

namespace ember {

/// All keys that arc-state 0.11.1 writes, in its order; `config` is the resolved configuration.
nlohmann::ordered_json hyper_parameters(const nlohmann::json& config, const VarDims& dims);

/// The arguments of cell-load's data module, as data_module.torch holds them.
nlohmann::ordered_json data_module_arguments(const nlohmann::json& config);

} // namespace ember
