#pragma once
// The checkpoints of a run: weights, moments and where the loop stands, written whole or not at all.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/experiment/training_data.hpp"
#include "core/run/training_state.hpp"
#include "core/training/loop_state.hpp"
#include "core/training/network.hpp"
#include "core/training/optimizer.hpp"

namespace ember {

class CheckpointStore {
public:
    CheckpointStore(std::filesystem::path run_directory, TrainableNetwork& network, Optimizer& optimizer,
                    const TrainSettings& settings, const BatchPlan& plan,
                    nlohmann::ordered_json hyper_parameters, DataFingerprint data);

    std::filesystem::path file(const std::string& name) const; ///< "last" → …/checkpoints/last.ckpt
    bool has(const std::string& name) const;

    /// Writes one state under these names, the last of them last: only the first is written, the others are
    /// hard links to it where the file system has them. Throws NoSpace, CannotWrite; older files stay as they
    /// were.
    void save(const LoopState& state, const std::vector<std::string>& names);

    /// Weights and moments from a file, ours or arc-state's; returns where its run stood. Throws
    /// ShapeMismatch, BadCheckpoint, DataChanged (written with other cells or sets) and the errors of
    /// read_training_state.
    LoopState restore(const std::filesystem::path& file);

    /// What the restored run was made with that this one is not: other threads, LibTorch or windows of cells.
    /// One sentence each.
    const std::vector<std::string>& differences() const { return differences_; }

private:
    TrainingState training_state(const LoopState& state) const;
    void restore_weights(const Checkpoint& checkpoint);
    void restore_moments(const LoadedTrainingState& loaded, const std::string& file);
    void compare(const nlohmann::json& ours);
    void compare_data(const nlohmann::json& ours, const std::string& file);
    void write_alias(const std::filesystem::path& from, const std::filesystem::path& to) const;

    std::filesystem::path folder_;
    TrainableNetwork& network_;
    Optimizer& optimizer_;
    const TrainSettings& settings_;
    BatchPlan plan_;
    nlohmann::ordered_json hyper_parameters_;
    DataFingerprint data_;
    std::vector<std::string> differences_;
};

} // namespace ember
