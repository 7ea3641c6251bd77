// Networks with adapters and hyper-connections: training and prediction compute the same, and a pretrained
// backbone starts as it was.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/index_select.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/model/st_model.hpp"
#include "core/training/optimizer.hpp"
#include "tests/core/training/fixture_network.hpp"

using namespace ember;

namespace {

/// A network's parameters as a checkpoint has them.
class ParameterCheckpoint final : public Checkpoint {
public:
    ParameterCheckpoint(const TrainableNetwork& network, nlohmann::json hyper_parameters)
        : hyper_parameters_(std::move(hyper_parameters)) {
        for (const NetworkParameter& parameter : network.parameters()) {
            if (!parameter.held()) {
                continue;
            }
            kept_.push_back(parameter.value.detach().contiguous());
            TensorView view;
            view.name = parameter.name;
            view.type = ScalarType::float32;
            view.shape = parameter.shape;
            view.strides = kept_.back().strides().vec();
            view.data = static_cast<const std::byte*>(kept_.back().const_data_ptr());
            tensors_.push_back(view);
        }
    }
    const std::filesystem::path& path() const override { return path_; }
    const std::string& format() const override { return format_; }
    const std::vector<TensorView>& tensors() const override { return tensors_; }
    const TensorView* find(const std::string& name) const override {
        for (const TensorView& view : tensors_) {
            if (view.name == name) {
                return &view;
            }
        }
        return nullptr;
    }
    const nlohmann::json& hyper_parameters() const override { return hyper_parameters_; }
    std::optional<std::int64_t> epoch() const override { return {}; }
    std::optional<std::int64_t> global_step() const override { return {}; }
    bool has_optimizer_state() const override { return false; }
    std::uint64_t file_bytes() const override { return 0; }
    std::string fingerprint() const override { return "parameters"; }

private:
    std::filesystem::path path_ = "network";
    std::string format_ = "parameters";
    std::vector<at::Tensor> kept_;
    std::vector<TensorView> tensors_;
    nlohmann::json hyper_parameters_;
};

std::vector<float> floats(const at::Tensor& x) {
    const at::Tensor dense = x.detach().contiguous();
    return {dense.const_data_ptr<float>(), dense.const_data_ptr<float>() + dense.numel()};
}

/// What `infer` computes with these weights.
at::Tensor inferred(FixtureNetwork& fixture, const nlohmann::json& hyper_parameters) {
    const auto checkpoint = std::make_shared<ParameterCheckpoint>(*fixture.network, hyper_parameters);
    const StConfig config = read_st_config(*checkpoint, nullptr);
    StModel model(checkpoint, config);
    const std::int64_t cells = fixture.input.basal.size(0);
    const std::vector<float> basal = floats(fixture.input.basal),
                             encodings = model.encode_perturbations(
                                 floats(at::index_select(fixture.input.pert_rows, 0, fixture.input.pert)));
    std::vector<std::int32_t> rows(static_cast<std::size_t>(cells));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = static_cast<std::int32_t>(i);
    }
    StBatch batch;
    batch.set_lengths.assign(static_cast<std::size_t>(fixture.input.sets), fixture.input.set_len);
    batch.basal = basal;
    batch.pert_encodings = encodings;
    batch.pert_index = rows;
    StOutput output;
    model.forward(batch, output, fixture.job);
    at::Tensor prediction = at::empty({cells, config.output_dim}, at::kFloat);
    std::copy(output.prediction.begin(), output.prediction.end(), prediction.data_ptr<float>());
    return prediction;
}

at::Tensor evaluated(FixtureNetwork& fixture) {
    const at::NoGradGuard off;
    return fixture.network->forward(fixture.input, {0, 0, 0, false}, fixture.job).prediction;
}

void train(FixtureNetwork& fixture, int steps) {
    OptimizerSettings settings;
    settings.lr = 3e-3;
    Optimizer optimizer(fixture.network->parameters(), settings);
    for (int step = 0; step < steps; ++step) {
        fixture.run();
        optimizer.step(settings.lr, optimizer.gradient_norm());
        optimizer.clear_gradients();
    }
}

std::function<void(NetworkSettings&)> with_mixers(HyperConnection form, std::int64_t streams) {
    return [=](NetworkSettings& settings) {
        settings.mhc.enable = true;
        settings.mhc.form = form;
        settings.mhc.streams = streams;
        settings.mhc.sinkhorn_iters = 12;
    };
}

nlohmann::json with_iterations(const FixtureNetwork& fixture) {
    nlohmann::json hyper_parameters = fixture.hparams;
    hyper_parameters["mhc"] = {{"sinkhorn_iters", 12}};
    return hyper_parameters;
}

/// On one thread: these networks are too small for more.
class MixedNetwork : public testing::Test {
protected:
    MixedNetwork() { at::set_num_threads(1); }
    ~MixedNetwork() override { at::set_num_threads(before_); }

private:
    int before_ = at::get_num_threads();
};

} // namespace

TEST_F(MixedNetwork, StartsAsTheBackboneThatItWraps) {
    for (const char* variant : {"base", "lora_r4", "confidence_token", "space_all_residual"}) {
        FixtureNetwork plain(variant), mixed(variant, with_mixers(HyperConnection::paper, 4));
        EXPECT_LE(largest_difference(evaluated(mixed), evaluated(plain)), 2e-5) << variant;
    }
}

TEST_F(MixedNetwork, TrainedNetworksPredictAsInferDoes) {
    struct Case {
        const char* variant;
        HyperConnection form;
        std::int64_t streams;
    };
    for (const Case& example :
         {Case{"base", HyperConnection::paper, 4}, Case{"base", HyperConnection::paper, 2},
          Case{"base", HyperConnection::seed, 4}, Case{"lora_r4", HyperConnection::paper, 4},
          Case{"confidence_token", HyperConnection::paper, 4}}) {
        FixtureNetwork fixture(example.variant, with_mixers(example.form, example.streams));
        const double before = fixture.run().main;
        fixture.clear_gradients();
        const at::Tensor untrained = evaluated(fixture);
        train(fixture, 10);
        const at::Tensor trained = evaluated(fixture);
        EXPECT_LT(fixture.run().main, before) << example.variant;
        EXPECT_GT(largest_difference(trained, untrained), 0.02) << example.variant;
        EXPECT_LE(largest_difference(trained, inferred(fixture, with_iterations(fixture))), 2e-5)
            << example.variant;
    }
}

TEST_F(MixedNetwork, TrainedAdaptersPredictAsInferDoes) {
    for (const char* variant : {"lora_r4", "lora_r4_mlp_frozen"}) {
        FixtureNetwork fixture(variant);
        const at::Tensor untrained = evaluated(fixture);
        train(fixture, 10);
        const at::Tensor trained = evaluated(fixture);
        EXPECT_GT(largest_difference(trained, untrained), 0.02) << variant;
        EXPECT_LE(largest_difference(trained, inferred(fixture, fixture.hparams)), 2e-5) << variant;
    }
}

TEST_F(MixedNetwork, EveryMixerLearns) {
    FixtureNetwork fixture("base", with_mixers(HyperConnection::paper, 4));
    train(fixture, 3); // φ leaves zero, then α has a gradient too
    fixture.run();
    int mixers = 0;
    for (const NetworkParameter& parameter : fixture.network->parameters()) {
        if (parameter.name.find(".mhc_") != std::string::npos && !parameter.name.ends_with("norm.weight")) {
            ASSERT_TRUE(parameter.value.grad().defined()) << parameter.name;
            EXPECT_GT(parameter.value.grad().abs().max().item<double>(), 0) << parameter.name;
            ++mixers;
        }
    }
    EXPECT_EQ(mixers, 3 * 2 * 2);
}

TEST_F(MixedNetwork, RecomputingGivesTheSameGradients) {
    const auto mixed = with_mixers(HyperConnection::paper, 4);
    FixtureNetwork kept("base", mixed), again("base", [&](NetworkSettings&settings) {
        mixed(settings);
        settings.gradient_checkpointing = true;
    });
    kept.run();
    again.run();
    for (std::size_t i = 0; i < kept.network->parameters().size(); ++i) {
        const NetworkParameter& parameter = kept.network->parameters()[i];
        if (parameter.trained()) {
            EXPECT_LE(largest_difference(parameter.value.grad(), again.network->parameters()[i].value.grad()),
                      1e-6)
                << parameter.name;
        }
    }
}

TEST_F(MixedNetwork, SaysHowDoublyStochasticItIs) {
    FixtureNetwork fixture("base", with_mixers(HyperConnection::paper, 4));
    const at::NoGradGuard off;
    const NetworkOutput output = fixture.network->forward(fixture.input, {0, 0, 0, false}, fixture.job);
    EXPECT_EQ(output.mixing.size(), 2 * static_cast<std::size_t>(fixture.network->config().layers));
    const TrainingLoss loss = validation_loss(*fixture.network, output, fixture.batch, {}, {}, fixture.job);
    std::vector<std::string> names;
    for (const auto& part : loss.logged) {
        names.push_back(part.first);
        EXPECT_LT(part.first.find("mhc") == std::string::npos ? 0 : part.second, 1e-5);
    }
    EXPECT_THAT(names, testing::IsSupersetOf({"val/mhc_error_layer0", "val/mhc_error_layer1",
                                              "val/mhc_row_error", "val/mhc_column_error"}));
}

TEST_F(MixedNetwork, ImpossibleStreamsAreRefused) {
    for (const std::int64_t streams : {0, 17}) {
        try {
            FixtureNetwork fixture("base", with_mixers(HyperConnection::paper, streams));
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.class_name(), "BadConfig");
        }
    }
}
