#pragma once
// The configuration in typed form: what the data stream, the network, the losses and the loop take.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

enum class SetLoss { energy, sinkhorn, se, mse };
enum class KernelDistance { energy, gaussian, laplacian };
enum class OptimizerKind { adam, adamw };
enum class ScheduleKind { constant, linear, cosine };
enum class ControlPairing { random, batch };
enum class CellShuffle { automatic, full, windows };
enum class TrainPrecision { float32, bfloat16 };
enum class HyperConnection { paper, seed };
enum class VelocityForm { formula, upstream };

struct DataSettings {
    std::filesystem::path split_file;         ///< TOML; empty: `files` without hold-out
    std::vector<std::filesystem::path> files; ///< when there is no split file
    std::string embed_key;                    ///< key of obsm; "" or "X": the matrix X
    std::string output_space = "gene";        ///< gene, all or embedding
    std::string pert_col, cell_type_key, batch_col, control_pert;
    ControlPairing pairing = ControlPairing::random;
    bool yield_controls = true;                   ///< control groups are targets too
    std::filesystem::path perturbation_features;  ///< empty: one-hot
    std::optional<double> downsample;             ///< share of the counts kept
    std::optional<std::int64_t> downsample_cells; ///< at most so many cells per group
    double val_subsample_fraction = 1;
    std::int64_t min_cells = 1;    ///< groups with fewer cells are refused or left out
    std::int64_t memory_bytes = 0; ///< budget for cells kept in memory; 0: a quarter of the machine's
    int prefetch = 2;              ///< batches read ahead
    /// How cells larger than memory are mixed: over the whole file (with a copy for fast reading where the
    /// file is compressed), or within windows of chunks. Automatic: fully while the copy is within its limit.
    CellShuffle shuffle = CellShuffle::automatic;
    std::int64_t row_cache_bytes = 0;         ///< limit of the folder of copies; 0: 64 GiB
    bool reshuffle = false;                   ///< other sets in each epoch; arc-state shuffles once
    std::string velocity_key, confidence_key; ///< obsm and obs names; empty: no velocity
};

struct LoraSettings {
    bool enable = false;
    std::int64_t r = 16;
    double alpha = 32, dropout = 0.05;
    bool adapt_mlp = false;
    std::vector<std::string> targets; ///< {} means auto: q,k,v,o (+ gate, up, down)
};

struct HyperConnectionSettings { // mHC
    bool enable = false;
    HyperConnection form = HyperConnection::paper;
    std::int64_t streams = 4, sinkhorn_iters = 20;
};

struct NetworkSettings {
    double dropout = 0.1;
    double decoder_dropout = 0.1; ///< in the gene decoder
    LoraSettings lora;
    HyperConnectionSettings mhc;
    bool freeze_backbone = false;    ///< freeze_pert_backbone
    std::filesystem::path init_from; ///< empty: fresh
    bool gradient_checkpointing = false;
    TrainPrecision precision = TrainPrecision::float32;
};

struct LossSettings {
    SetLoss loss = SetLoss::energy;
    KernelDistance distance = KernelDistance::energy;
    double blur = 0.05, sinkhorn_weight = 0.01, energy_weight = 1;
    std::int64_t chunks = 1;
    bool randomize_chunks = false;
    double regularization = 0;
    double decoder_weight = 1;
    bool detach_decoder = false;
    double batch_token_weight = 0.1, confidence_weight = 0.01, confidence_target_scale = 10;
};

struct VelocitySettings {
    bool enable = false;
    double lambda = 0.1, mu = 0.01, beta = 1, min_confidence = 0.3;
    std::int64_t warmup_steps = 1000;
    VelocityForm form = VelocityForm::formula;
    bool weighted = false; ///< by confidence
    std::optional<double> max_row_gradient;
};

struct OptimizerSettings {
    OptimizerKind kind = OptimizerKind::adam;
    double lr = 1e-4, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
    double gradient_clip = 10; ///< global L2 norm, 0: off
    std::int64_t accumulation = 1;
    ScheduleKind schedule = ScheduleKind::constant;
    std::int64_t warmup_steps = 0;
    double final_lr_ratio = 0; ///< of lr, at the last step of a schedule
};

struct LoopSettings {
    std::int64_t batch_sets = 16;
    std::int64_t max_steps = 400000;
    std::optional<std::int64_t> max_epochs;
    std::int64_t val_freq = 2000;         ///< steps
    std::int64_t log_every = 50;          ///< steps
    std::int64_t ckpt_every = 0;          ///< steps; 0: only best and last
    std::optional<std::int64_t> patience; ///< validations without a better loss before an early stop
    double min_delta = 0;
    std::uint64_t seed = 42;
    bool roll_back = true; ///< after a NaN or a spike
    bool overwrite = false;
    std::int64_t monitor_cells = 1000; ///< of validation predictions kept for the live map; 0: none
};

struct TrainSettings {
    DataSettings data;
    NetworkSettings network;
    LossSettings loss;
    VelocitySettings velocity;
    OptimizerSettings optimizer;
    LoopSettings loop;
    nlohmann::json model_kwargs; ///< model.kwargs as resolved: dimensions, heads …
};

/// From a resolved configuration. Relative paths are taken from the working directory, as arc-state does.
TrainSettings train_settings(const nlohmann::json& config);

} // namespace ember
