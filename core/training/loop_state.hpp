#pragma once
// Where a run stands between two steps: with weights and moments all that a resumed run needs.

#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/training/spike_guard.hpp"

namespace ember {

/// Batches are counted in windows: a window is what one optimizer step takes (gradient_accumulation_steps
/// batches, fewer at the end of an epoch). A rollback skips windows, so that `window` may run ahead of
/// `step`.
struct LoopState {
    std::int64_t step = 0;   ///< optimizer steps done
    std::int64_t window = 0; ///< windows of batches taken
    std::optional<double> train_loss, val_loss, best_val_loss;
    std::int64_t best_step = 0;          ///< optimizer steps done when it was measured
    std::int64_t validated_step = -1;    ///< step of the last validation
    std::optional<double> patience_loss; ///< that a later one must undercut by min_delta
    std::int64_t without_gain = 0;       ///< validations in a row that did not
    SpikeGuard guard;

    /// Takes the loss of a validation at `step`: best, and patience as Lightning's EarlyStopping counts it.
    void take_validation(double loss, double min_delta);

    nlohmann::ordered_json json() const;
    /// Throws BadCheckpoint when an entry is missing or of another kind.
    static LoopState from_json(const nlohmann::json& value, const std::string& file);
};

/// How batches make up windows and epochs.
struct BatchPlan {
    std::int64_t batches_per_epoch = 1, accumulation = 1;
    std::int64_t val_batches = 0; ///< of a validation

    std::int64_t windows_per_epoch() const { return (batches_per_epoch + accumulation - 1) / accumulation; }
    std::int64_t epoch_of(std::int64_t window) const { return window / windows_per_epoch(); }
    /// Number of the window's first batch since the start of the run, and how many it takes.
    std::int64_t first_batch(std::int64_t window) const {
        return epoch_of(window) * batches_per_epoch + window % windows_per_epoch() * accumulation;
    }
    std::int64_t batches(std::int64_t window) const { return first_batch(window + 1) - first_batch(window); }
};

} // namespace ember
