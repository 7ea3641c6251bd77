#pragma once
// A batch of sets as the tensors that the network and the losses take.

#include <cstdint>
#include <vector>

#include "core/experiment/training_data.hpp"
#include "core/training/network.hpp"
#include "core/training/training_loss.hpp"

namespace ember {

struct BatchTensors {
    NetworkInput input;
    LossBatch compared;
};

/// Borrows the batch's arrays: the batch outlives the tensors. `perturbations` is the map of the network's
/// input, and `rows` says where each row of the data's own map stands in it.
BatchTensors batch_tensors(TrainingBatch& batch, const LabelMap& perturbations,
                           const std::vector<std::int64_t>& rows, const StConfig& config);

} // namespace ember
