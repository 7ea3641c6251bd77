#pragma once
// The dict that Lightning 2.6 keeps in a .ckpt, as a tree to be pickled.

#include <memory>
#include <vector>

#include "core/run/pickle_value.hpp"
#include "core/run/torch_writer.hpp"
#include "core/run/training_state.hpp"

namespace ember {

struct LightningState {
    PickleValue root;
    std::vector<TorchStorage> storages; ///< some point into `scalars`
    std::vector<std::unique_ptr<float>> scalars;
};

LightningState lightning_state(const TrainingState& state);

} // namespace ember
