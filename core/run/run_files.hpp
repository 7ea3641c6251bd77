#pragma once
// Writes what `state tx train` leaves beside its checkpoints, byte formats included.

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "core/run/run_directory.hpp"

namespace ember {

/// pert_onehot_map.pt, batch_onehot_map.torch, cell_type_onehot_map.torch: dicts of numpy text → float32
/// vector.
void write_label_map(const std::filesystem::path& file, const LabelMap& map);
/// var_dims.pkl, pickle protocol 4.
void write_var_dims(const std::filesystem::path& file, const VarDims& dims);
/// data_module.torch: a dict of plain values.
void write_data_module(const std::filesystem::path& file, const nlohmann::ordered_json& arguments);
/// version_0/hparams.yaml.
void write_hparams(const std::filesystem::path& file, const nlohmann::ordered_json& hyper_parameters);

/// Everything but checkpoints: config.yaml (`config_text`), maps, var_dims, data module, hparams. Each file
/// atomically.
void write_run_files(const RunDirectory& run, const std::string& config_text,
                     const nlohmann::ordered_json& data_arguments,
                     const nlohmann::ordered_json& hyper_parameters);

} // namespace ember
