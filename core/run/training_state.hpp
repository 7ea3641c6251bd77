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

/// Adam's moments of one parameter; `parameter` is its position in named_parameters() order.
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
    std::int64_t epoch = 0, global_step = 0;
    std::vector<SavedTensor> weights; ///< in state_dict order
    nlohmann::ordered_json hyper_parameters;
    std::optional<OptimizerGroup> optimizer;
    std::vector<SavedMoments> moments;
    std::int64_t batches_in_epoch = 0; ///< batches of this epoch that are done, for Lightning's loops
    std::optional<double> best_score;  ///< for Lightning's ModelCheckpoint entry
    std::string best_path, checkpoint_folder;
    std::int64_t val_freq = 2000;
    nlohmann::ordered_json
        emberview; ///< ours: schedule, sampler, RNG, guard; a plain dict under the key "emberview"
};

/// Writes a .ckpt atomically: zip with stored entries, pickle protocol 2, 64-byte aligned storages. Streams;
/// needs no memory of the tensors' size. Throws NoSpace, CannotWrite, Cancelled; the target stays as it was.
void write_training_state(const std::filesystem::path& file, const TrainingState& state, JobContext& job);

/// What resuming needs; tensors point into the checkpoint's mapping.
struct LoadedMoments {
    std::int64_t parameter = 0;
    double step = 0;
    TensorView exp_avg, exp_avg_sq;
};
struct LoadedTrainingState {
    CheckpointPtr checkpoint;
    std::int64_t epoch = 0, global_step = 0, batches_in_epoch = 0;
    std::optional<OptimizerGroup> optimizer;
    std::vector<LoadedMoments> moments;
    std::optional<double> best_score;
    nlohmann::json emberview; ///< null in arc-state's files
};

/// Errors of Checkpoint::open, BadCheckpoint (optimizer state that does not fit).
LoadedTrainingState read_training_state(const std::filesystem::path& file);

} // namespace ember
