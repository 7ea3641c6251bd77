#pragma once
// Trains in the engine, in the queue or at once, and tells the end.

#include "app/cli/command_line.hpp"
#include "core/base/train.hpp"

namespace ember::cli {

/// Throws Cancelled after telling how to go on when the run was stopped from the keyboard.
void train_and_tell(TrainRequest request, bool queue, const Invocation& invocation, JobContext& job);

} // namespace ember::cli
