#include "core/training/train.hpp"

#include "core/base/error.hpp"

namespace ember {

TrainResult train_st_model(const TrainRequest&, JobContext&) {
    throw Error("EngineFailure", "Training is not in this build");
}

} // namespace ember
