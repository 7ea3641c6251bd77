#pragma once
// An ST run directory as `state tx train` leaves it: configuration, vocabularies, gene names, checkpoints.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

/// Labels with their input vectors (rows of an identity matrix unless a features file was used).
struct LabelMap {
    std::vector<std::string> labels; ///< in the map's order
    std::vector<float> vectors;      ///< [labels × dim] row-major
    std::int64_t dim = 0;
    std::unordered_map<std::string, std::size_t> index; ///< label → row
    std::vector<std::int64_t> argmax; ///< [labels] position of the largest entry (one-hot index)

    bool empty() const noexcept { return labels.empty(); }
    std::optional<std::size_t> find(const std::string& label) const;
};

struct VarDims {
    std::optional<std::int64_t> input_dim, gene_dim, hvg_dim, output_dim, pert_dim, batch_dim;
    std::vector<std::string> gene_names, pert_names;
};

struct RunDirectory {
    std::filesystem::path path;
    nlohmann::json config;  ///< config.yaml
    VarDims var_dims;       ///< var_dims.pkl; empty when absent
    LabelMap perturbations; ///< pert_onehot_map.pt
    LabelMap batches;       ///< batch_onehot_map.{torch,pt,pkl}; empty when absent
    LabelMap cell_types;    ///< cell_type_onehot_map.{torch,pt,pkl}; empty when absent
    std::vector<std::filesystem::path> checkpoints; ///< final, last, best, then by name

    /// config value at a dotted path ("data.kwargs.pert_col"), or null.
    nlohmann::json config_at(const std::string& dotted) const;
    std::string config_text(const std::string& dotted) const; ///< "" when absent or null

    /// The default checkpoint: final, else last, else best, else the newest. Throws MissingMember.
    const std::filesystem::path& default_checkpoint() const;
};

/// Reads everything but the checkpoints. Throws MissingMember naming the file that a run directory must have,
/// and the unpickler's and YAML reader's errors.
RunDirectory open_run_directory(const std::filesystem::path& directory);

/// Whether the folder looks like a run directory (has config.yaml and pert_onehot_map.pt or checkpoints/).
bool is_run_directory(const std::filesystem::path& directory);

} // namespace ember
