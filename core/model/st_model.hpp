#pragma once
// The State Transition network (arc-state 0.11.1): forward pass on the CPU in float32.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/job.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/st_config.hpp"

namespace ember {

/// Cells that a forward pass should have, if there are as many: the matrix products then run at full speed.
constexpr std::int64_t cells_per_pass = 2048;

/// Sets of cells for one forward pass. The sets may differ in length: everything but attention works on
/// single cells, so they stand one after the other without padding. `cells` below is the sum of
/// `set_lengths`.
struct StBatch {
    std::vector<std::int64_t> set_lengths;     ///< cells of each set, all ≥ 1
    std::span<const float> basal;              ///< [cells × D] the paired control cells
    std::span<const float> pert_encodings;     ///< [encodings × H] from encode_perturbations()
    std::span<const std::int32_t> pert_index;  ///< [cells] row of `pert_encodings`
    std::span<const std::int32_t> batch_index; ///< [cells] row of the batch encoder, or empty: no batch term
    bool decode_genes = false;                 ///< also run the gene decoder
    std::function<void(double)> on_progress;   ///< hears the finished share of the pass after every layer
};

struct StOutput {
    std::vector<float> prediction; ///< [cells × O]
    std::vector<float> confidence; ///< [sets], empty without a confidence token
    std::vector<float> genes;      ///< [cells × G], empty unless asked for
};

/// Sees the intermediate results, by the names of the stage fixtures ("layer0_q_proj", "transformer_in" …);
/// `values` is [rows × width], with the special tokens of each set where the stage has them.
using StageObserver =
    std::function<void(std::string_view stage, std::int64_t rows, std::int64_t width, const float* values)>;

/// Weights and work buffers of one network. Not thread-safe: one forward pass at a time.
class StModel {
public:
    /// Takes the tensors from the checkpoint's mapping (adapters are merged into copies). Throws
    /// MissingMember and ShapeMismatch naming the tensor.
    StModel(CheckpointPtr checkpoint, StConfig config);
    ~StModel();
    StModel(const StModel&) = delete;
    StModel& operator=(const StModel&) = delete;

    const StConfig& config() const noexcept;

    /// Pert encoder: [n × P] → [n × H].
    std::vector<float> encode_perturbations(std::span<const float> vectors);

    /// Checks for cancel between products, some 50 ms apart at 300 GFLOP/s.
    void forward(const StBatch& batch, StOutput& output, JobContext& job, const StageObserver& observe = {});

private:
    struct Network;
    std::unique_ptr<Network> network_;
};

} // namespace ember
