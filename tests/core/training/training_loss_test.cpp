// The composed loss against arc-state's training_step, and the names under which its parts are logged.

#include <map>

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/training/training_loss.hpp"
#include "tests/core/training/fixture_network.hpp"

using namespace ember;

namespace {

using Logged = std::map<std::string, double>;

Logged as_map(const TrainingLoss& loss) {
    return {loss.logged.begin(), loss.logged.end()};
}

at::Tensor optional_npy(const std::filesystem::path& file) {
    return std::filesystem::exists(file) ? npy_tensor(file) : at::Tensor();
}

struct Small { ///< a batch of two sets of four cells
    NetworkOutput output;
    LossBatch batch;
    Small() {
        output.prediction = random_tensor({8, 3}, 1);
        batch = {2, 4, random_tensor({8, 3}, 2), random_tensor({8, 3}, 3), {}, {}, {}, {}};
    }
};

} // namespace

TEST(TrainingLoss, IsArcStates) {
    int compared = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test_data("state/variants"))) {
        const auto& folder = entry.path();
        const std::string name = folder.filename();
        if (!entry.is_directory() || name.find("batch_token") != std::string::npos) { // logits are not stored
            continue;
        }
        const auto hparams = read_json(folder / "hparams.json"),
                   expected = read_json(folder / "losses_and_grads.json");
        NetworkOutput output;
        output.prediction = npy_tensor(folder / "stage_final.npy");
        output.confidence = optional_npy(folder / "stage_confidence.npy");
        LossBatch batch;
        batch.set_len = hparams.at("cell_set_len");
        batch.sets = output.prediction.size(0) / batch.set_len;
        batch.target = npy_tensor(folder / "in_pert_cell_emb.npy");
        batch.control = npy_tensor(folder / "in_ctrl_cell_emb.npy");
        batch.counts = optional_npy(folder / "in_pert_cell_counts.npy");
        const at::Tensor genes = optional_npy(folder / "stage_gene_decoder.npy");
        const GeneDecoding decode = [&](const at::Tensor&, const DropoutKey&) { return genes; };
        const TrainingLoss loss =
            training_loss(genes.defined() && batch.counts.defined() ? decode : GeneDecoding(), output, batch,
                          loss_of(hparams), {}, {0, 0, 0, false});
        const double tolerance = name.find("sinkhorn") != std::string::npos ? 2e-3 : 5e-4;
        EXPECT_NEAR(loss.total.item<double>(), expected.at("training_step_total_loss").get<double>(),
                    tolerance)
            << name;
        ++compared;
    }
    EXPECT_GE(compared, 20);
}

TEST(TrainingLoss, LogsWhatArcStateLogs) {
    Small small;
    LossSettings settings;
    settings.loss = SetLoss::se;
    settings.regularization = 0.1;
    small.output.confidence = at::tensor({0.3, 0.4}, at::kDouble);
    small.output.batch_logits = random_tensor({2, 3}, 4);
    small.batch.batch = at::tensor(std::vector<std::int64_t>{1, 1, 1, 1, 2, 2, 2, 2});
    small.batch.counts = random_tensor({8, 5}, 5);
    const at::Tensor genes = random_tensor({8, 5}, 6);
    const GeneDecoding decode = [&](const at::Tensor&, const DropoutKey&) { return genes; };
    const TrainingLoss loss = training_loss(decode, small.output, small.batch, settings, {}, {});
    Logged logged = as_map(loss);
    std::vector<std::string> names;
    for (const auto& part : logged) {
        names.push_back(part.first);
    }
    EXPECT_THAT(names, testing::UnorderedElementsAre("train_loss", "train/sinkhorn_loss", "train/energy_loss",
                                                     "train/batch_token_loss", "decoder_loss",
                                                     "train/confidence_loss", "train/actual_loss",
                                                     "train/l1_regularization", "train/total_loss"));
    EXPECT_NEAR(loss.total.item<double>(),
                logged["train_loss"] + 0.1 * logged["train/batch_token_loss"] + logged["decoder_loss"] +
                    logged["train/confidence_loss"] + 0.1 * logged["train/l1_regularization"],
                1e-12);
    EXPECT_EQ(loss.main, logged["train_loss"]);
    EXPECT_NEAR(logged["train_loss"], 0.01 * logged["train/sinkhorn_loss"] + logged["train/energy_loss"],
                1e-12);

    const TrainingLoss validation = validation_loss(decode, small.output, small.batch, settings, {});
    logged = as_map(validation);
    EXPECT_EQ(logged.count("val_loss") + logged.count("val/decoder_loss") +
                  logged.count("val/confidence_loss") + logged.count("val/actual_loss") +
                  logged.count("val/sinkhorn_loss") + logged.count("val/energy_loss"),
              6U);
    EXPECT_EQ(validation.main, loss.main);
}

TEST(TrainingLoss, DetachedDecoderSeesTheTargetsInOneStepOfTen) {
    Small small;
    small.batch.counts = random_tensor({8, 3}, 5);
    small.output.prediction.requires_grad_();
    LossSettings settings;
    settings.detach_decoder = true;
    int seen = 0;
    for (std::uint64_t step = 0; step < 400; ++step) {
        at::Tensor given;
        const GeneDecoding decode = [&](const at::Tensor& latent, const DropoutKey&) {
            given = latent;
            return latent * 2;
        };
        training_loss(decode, small.output, small.batch, settings, {}, {7, step, 0, true});
        EXPECT_FALSE(given.requires_grad());
        seen += largest_difference(given, small.batch.target) == 0;
    }
    EXPECT_GT(seen, 20);
    EXPECT_LT(seen, 60);
}

TEST(TrainingLoss, AddsVelocityWithItsWarmUp) {
    Small small;
    small.batch.velocity = random_tensor({8, 3}, 8);
    small.batch.confidence = random_tensor({8}, 9).abs() + 0.3;
    VelocitySettings velocity;
    velocity.enable = true;
    const auto at_step = [&](std::uint64_t step) {
        return training_loss({}, small.output, small.batch, {}, velocity, {1, step, 0, true});
    };
    Logged early = as_map(at_step(0)), late = as_map(at_step(2000));
    EXPECT_EQ(early["train/velocity_lambda_t"], 0);
    EXPECT_EQ(late["train/velocity_lambda_t"], 1);
    EXPECT_EQ(late["train/velocity_coverage"], 1);
    EXPECT_EQ(late["train/ot_loss"], late["train_loss"]);
    EXPECT_NEAR(at_step(2000).total.item<double>(),
                late["train_loss"] + 0.1 * late["train/velocity_loss"] +
                    0.01 * late["train/velocity_magnitude_loss"],
                1e-12);
    EXPECT_EQ(validation_loss({}, small.output, small.batch, {}, velocity).total.item<double>(),
              late["train_loss"]);
}

TEST(TrainingLoss, ControlsOfAnotherWidthAreRefused) {
    Small small;
    small.batch.control = random_tensor({8, 4}, 3);
    LossSettings settings;
    settings.regularization = 1;
    try {
        training_loss({}, small.output, small.batch, settings, {}, {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "BadConfig");
    }
}
