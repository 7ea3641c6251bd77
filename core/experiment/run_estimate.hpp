#pragma once
// What a training run will cost: parameters, memory, disk and time, before its first step.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/experiment/preparation.hpp"
#include "core/experiment/train_settings.hpp"

namespace ember {

/// What the data and the vocabulary tell of a network.
struct RunExtent {
    std::int64_t input_dim = 0, output_dim = 0, pert_dim = 0, batch_dim = 0;
    std::int64_t gene_dim = 0;        ///< outputs of the gene decoder
    std::int64_t counts_dim = 0;      ///< width of the decoder's targets, 0: it is not trained
    std::uint64_t resident_bytes = 0; ///< cells kept in memory
    std::uint64_t batches_per_epoch = 1, val_batches = 0;
};

/// Numbers of a network, from model.kwargs as arc-state names them.
struct NetworkSize {
    std::int64_t parameters = 0; ///< held: without embed_tokens
    std::int64_t trainable = 0;
    std::int64_t zeros = 0; ///< embed_tokens, which is only written
    std::int64_t hidden = 0, layers = 0, heads = 0, kv_heads = 0, head_dim = 0, intermediate = 0;
    std::int64_t encoder_layers = 1, decoder_layers = 1, set_len = 0;
    std::int64_t per_set = 0; ///< parameters that a set uses once (the perturbation encoder)
};
NetworkSize network_size(const nlohmann::json& model_kwargs, const NetworkSettings& settings,
                         const std::string& output_space, const RunExtent& extent);

/// Memory that this process may still take: the machine's or its control group's, whichever is less. Empty
/// when unknown.
std::optional<std::uint64_t> available_memory();

/// Of the file system that holds `path` or its nearest existing folder; empty when unknown, 0 when it is
/// full.
std::optional<std::uint64_t> free_disk(const std::filesystem::path& path);

/// Everything but the split; measures the machine's speed once per process (some 50 ms). `run_directory`:
/// where checkpoints will be written.
RunEstimate estimate_run(const nlohmann::json& config, const TrainSettings& settings, const RunExtent& extent,
                         const std::filesystem::path& run_directory, JobContext& job);

/// NoMemory and NoSpace as faults beside training.batch_size and output_dir.
std::vector<ConfigFinding> resource_findings(const RunEstimate& estimate,
                                             const std::filesystem::path& run_directory);

} // namespace ember
