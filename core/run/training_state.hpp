#pragma once
// A training checkpoint: everything that Lightning keeps in a .ckpt, written so that arc-state loads it, and
// read so that training goes on, ours or arc-state's.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/tensor_view.hpp"

namespace ember {

/// A tensor to be written; the memory stays the caller's until the file is complete.
struct SavedTensor {
    std::string name;
    ScalarType type = ScalarType::float32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes; ///< row-major, little-endian; empty with `zeros`
    bool zeros = false;               ///< written as zeros that nobody holds (embed_tokens)
};

/// Adam's moments of one parameter (names are not written); `parameter` is its position in named_parameters()
/// order.
struct SavedMoments {
    std::int64_t parameter = 0;
    double step = 0;
    SavedTensor exp_avg, exp_avg_sq;
};

struct OptimizerGroup {
    double lr = 1e-4, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
    bool decoupled_weight_decay = false;
    std::int64_t parameters = 0; ///< indices 0 … parameters − 1
};

struct TrainingState {
    std::int64_t epoch = 0, global_step = 0; ///< epochs that are done; optimizer steps that are done
    std::vector<SavedTensor> weights;        ///< in state_dict order
    /// Modules for the state_dict's metadata; empty: those that the weights' names tell.
    std::vector<std::string> modules;
    nlohmann::ordered_json hyper_parameters;
    std::optional<OptimizerGroup> optimizer;
    std::vector<SavedMoments> moments;
    std::int64_t batches_in_epoch = 0;  ///< batches of this epoch that are done, for Lightning's loops
    std::int64_t batches_per_epoch = 0; ///< 0: unknown
    std::int64_t batches_total = -1;    ///< since the run's start; -1: one for each step
    std::int64_t val_batches = 0;       ///< of a validation
    std::optional<double> best_score;   ///< for Lightning's ModelCheckpoint entry
    std::string best_path, checkpoint_folder;
    std::int64_t val_freq = 2000;
    nlohmann::ordered_json
        emberview; ///< ours: schedule, sampler, RNG, guard; a plain dict under the key "emberview"
};

/// Writes a .ckpt atomically: zip with stored entries, pickle protocol 2, 64-byte aligned storages; the same
/// state gives the same bytes. Streams; needs no memory of the tensors' size. Cancel is checked every few
/// megabytes. Throws NoSpace (before anything is written, where the file system reserves space), CannotWrite,
/// Cancelled, UnsupportedType (a tensor's type); the target stays as it was.
void write_training_state(const std::filesystem::path& file, const TrainingState& state, JobContext& job);

/// What resuming needs; tensors point into the checkpoint's mapping.
struct LoadedMoments {
    std::int64_t parameter = 0;
    double step = 0;
    TensorView exp_avg, exp_avg_sq;
};
struct LoadedTrainingState {
    CheckpointPtr checkpoint;
    /// Where to go on: a checkpoint of the last batch of an epoch counts as the start of the next.
    std::int64_t epoch = 0, global_step = 0, batches_in_epoch = 0;
    std::optional<OptimizerGroup> optimizer; ///< empty in a file without optimizer state
    std::vector<LoadedMoments> moments;      ///< by parameter; without those that never had a gradient
    std::optional<double> best_score;
    nlohmann::json emberview; ///< null in arc-state's files
};

/// Compares the checksums of all data, so a damaged file is refused. Errors of Checkpoint::open, Corrupt,
/// BadCheckpoint (weights alone, optimizer state that cannot be gone on with).
LoadedTrainingState read_training_state(const std::filesystem::path& file);

struct CheckpointBytes; // core/run/checkpoint_bytes.hpp
/// The same from bytes in memory; `path` is only named in errors.
LoadedTrainingState training_state_from_bytes(CheckpointBytes source, const std::filesystem::path& path);

} // namespace ember
