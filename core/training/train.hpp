#pragma once
// Training of a State Transition model: `state tx train` natively.

#include "core/base/job.hpp"
#include "core/base/train.hpp"

namespace ember {

/// Trains in `request.run_directory` until the steps or epochs are done, an early stop, a wish
/// (run_status.hpp) or a cancel; a stopped run leaves checkpoints/last.ckpt of its last whole step. Throws
/// what TrainingData, checkpoints and the configuration throw before the first step; RunBusy, WouldOverwrite,
/// NoSpace, NoMemory, NotFinite (after the rollbacks that the guard allows). Bitwise the same for the same
/// seed, data, settings and number of threads, resumed or not.
TrainResult train_st_model(const TrainRequest& request, JobContext& job);

} // namespace ember
