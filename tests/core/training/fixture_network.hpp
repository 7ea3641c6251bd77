#pragma once
// A network with the weights of a variant of arc-state's fixtures, and its batch.

#include <memory>

#include "core/run/checkpoint.hpp"
#include "core/training/training_loss.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

namespace ember {

LossSettings loss_of(const nlohmann::json& hparams);

struct FixtureNetwork {
    std::filesystem::path folder;
    nlohmann::json hparams;
    CheckpointPtr weights;
    NetworkSettings settings;
    std::unique_ptr<TrainableNetwork> network;
    NetworkInput input;
    LossBatch batch;
    JobContext job;

    /// `change` may edit the settings before the network is made; without `final_relu` the output is smooth.
    explicit FixtureNetwork(const std::string& variant,
                            const std::function<void(NetworkSettings&)>& change = {}, bool final_relu = true);

    /// Loss and gradients of the fixture's batch, without dropout.
    TrainingLoss run(const DropoutKey& key = {0, 0, 0, false});
    void clear_gradients();
};

/// The first `cells` cells as sets of `set_len`.
NetworkInput first_sets(const NetworkInput& input, std::int64_t sets, std::int64_t set_len);

} // namespace ember
