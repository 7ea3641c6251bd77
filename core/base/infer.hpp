#pragma once
// Request and result of a prediction with a State Transition (ST) model.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ember {

/// Options of `state tx infer` (same names and meaning) plus ours. Empty strings mean "not given": the run
/// directory's configuration decides, then the peer's defaults.
struct InferRequest {
    std::filesystem::path adata;      ///< input .h5ad
    std::filesystem::path model_dir;  ///< ST run directory
    std::filesystem::path checkpoint; ///< default: checkpoints/final.ckpt, then last, then best
    std::filesystem::path
        output;            ///< .h5ad or .npy; empty: nothing is written, predictions are kept in the result
    std::string embed_key; ///< obsm key of the input; empty: the configuration's; "X": the matrix X
    std::string pert_col;
    std::string celltype_col;
    std::vector<std::string> celltypes; ///< keep only these cell types
    std::string batch_col;
    std::string control_pert;
    std::string obsm_key;      ///< where the prediction goes in the output; empty: as the peer does
    std::filesystem::path tsv; ///< columns perturbation, num_cells: simulated cells to append
    bool all_perts = false;
    std::optional<std::int64_t> virtual_cells_per_pert;
    std::optional<std::int64_t> min_cells;
    std::optional<std::int64_t> max_cells;
    std::optional<std::int64_t> max_set_len;
    std::uint32_t seed = 42;
    bool truncate = false;       ///< use the first columns of a wider input (2058 → 2000)
    int threads = 0;             ///< 0: all cores of the thread budget
    std::string device = "auto"; ///< auto, cpu or cuda
};

/// A perturbation that the model never saw; it was encoded as the control.
struct UnknownPerturbation {
    std::string label;
    std::uint64_t cells = 0;
};

struct InferResult {
    std::uint64_t cells = 0;                                  ///< rows predicted and written
    std::uint64_t width = 0;                                  ///< columns of the prediction
    std::filesystem::path output;                             ///< file written, if any
    std::string written_to;                                   ///< "obsm/X_hvg", "X", "" for .npy
    std::string control_pert;                                 ///< label used as control
    std::string pert_col, celltype_col, batch_col, embed_key; ///< columns used (empty: none)
    std::vector<UnknownPerturbation> unknown;
    std::vector<std::string> warnings;
    std::vector<float> prediction; ///< [cells × width] when the request names no output; else empty
    double load_seconds = 0;       ///< model load
    double predict_seconds = 0;    ///< forward passes, with reading and writing
    double cells_per_second = 0;
};

} // namespace ember
