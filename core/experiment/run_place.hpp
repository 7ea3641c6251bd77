#pragma once
// Whether a run may be written where its configuration says.

#include <nlohmann/json.hpp>

#include "core/experiment/training_faults.hpp"

namespace ember {

/// Adds WouldOverwrite at `name` when a fresh run may not start there (check_fresh_run), CannotWrite at
/// `output_dir` when its folder cannot be made or written. Makes nothing.
void check_run_place(const nlohmann::json& config, TrainingFaults& faults);

} // namespace ember
