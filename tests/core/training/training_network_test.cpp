// The trained network against arc-state: outputs, gradients, which parameters are trained.

#include <set>

#include <ATen/ops/max.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/model/st_model.hpp"
#include "tests/core/training/fixture_network.hpp"

using namespace ember;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> variants() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(test_data("state/variants"))) {
        if (entry.is_directory()) {
            names.push_back(entry.path().filename());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Largest difference relative to the largest expected number; rounding noise alone (a gradient that is zero,
/// such as of queries when every cell attends to itself only) counts as nothing.
double relative_difference(const at::Tensor& actual, const at::Tensor& expected) {
    const double difference = largest_difference(actual, expected);
    return difference < 1e-7 ? 0 : difference / at::max(expected.abs()).item<double>();
}

} // namespace

TEST(TrainingNetwork, OutputsAreArcStates) {
    ASSERT_EQ(variants().size(), 25u);
    for (const std::string& name : variants()) {
        FixtureNetwork fixture(name);
        const DropoutKey evaluation{0, 0, 0, false};
        const NetworkOutput output = fixture.network->forward(fixture.input, evaluation, fixture.job);
        EXPECT_LE(largest_difference(output.prediction, npy_tensor(fixture.folder / "stage_final.npy")), 1e-5)
            << name;
        const fs::path confidence = fixture.folder / "stage_confidence.npy",
                       genes = fixture.folder / "stage_gene_decoder.npy";
        ASSERT_EQ(fs::exists(confidence), output.confidence.defined()) << name;
        if (fs::exists(confidence)) {
            EXPECT_LE(largest_difference(output.confidence, npy_tensor(confidence).view({-1})), 1e-5) << name;
        }
        if (fs::exists(genes)) {
            EXPECT_LE(
                largest_difference(fixture.network->decode_genes(output.prediction, evaluation, fixture.job),
                                   npy_tensor(genes)),
                1e-5)
                << name;
        }
    }
}

TEST(TrainingNetwork, GradientsAreArcStates) {
    int compared = 0;
    for (const std::string& name : variants()) {
        for (const bool again : {false, true}) {
            FixtureNetwork fixture(
                name, [&](NetworkSettings& settings) { settings.gradient_checkpointing = again; });
            const auto expected = read_json(fixture.folder / "losses_and_grads.json");
            const TrainingLoss loss = fixture.run();
            EXPECT_NEAR(loss.total.item<double>(), expected.at("training_step_total_loss").get<double>(),
                        5e-4)
                << name;
            for (const auto& [parameter, norm] : expected.at("grad_norms").items()) {
                const at::Tensor* value = fixture.network->find(parameter);
                ASSERT_NE(value, nullptr) << name << ' ' << parameter;
                ASSERT_TRUE(value->grad().defined()) << name << ' ' << parameter;
                EXPECT_NEAR(value->grad().norm().item<double>(), norm.get<double>(),
                            2e-4 * norm.get<double>() + 1e-6)
                    << name << ' ' << parameter;
                const fs::path file = fixture.folder / ("grad__" + parameter + ".npy");
                if (fs::exists(file)) {
                    ++compared;
                    EXPECT_LE(relative_difference(value->grad(), npy_tensor(file)), 1e-4)
                        << name << ' ' << parameter;
                }
            }
            for (const auto& parameter : expected.at("no_grad_params")) {
                const at::Tensor* value = fixture.network->find(parameter.get<std::string>());
                EXPECT_TRUE(value == nullptr || !value->grad().defined()) << name << ' ' << parameter;
            }
        }
    }
    EXPECT_GT(compared, 200);
}

TEST(TrainingNetwork, ParametersStandInArcStatesOrder) {
    for (const std::string& name : variants()) {
        FixtureNetwork fixture(name);
        const auto expected = read_json(fixture.folder / "losses_and_grads.json");
        std::set<std::string> frozen;
        for (const auto& parameter : expected.at("no_grad_params")) {
            frozen.insert(parameter.get<std::string>());
        }
        std::vector<std::string> trained, not_trained;
        for (const NetworkParameter& parameter : fixture.network->parameters()) {
            (parameter.trained() ? trained : not_trained).push_back(parameter.name);
            EXPECT_EQ(parameter.held(), !parameter.name.ends_with("embed_tokens.weight"));
            ASSERT_NE(fixture.weights->find(parameter.name), nullptr) << parameter.name;
            EXPECT_EQ(parameter.shape, fixture.weights->find(parameter.name)->shape) << parameter.name;
        }
        EXPECT_EQ(fixture.network->parameters().size(), fixture.weights->tensors().size()) << name;
        EXPECT_EQ(trained, expected.at("trainable").get<std::vector<std::string>>()) << name;
        for (const std::string& parameter : not_trained) {
            EXPECT_TRUE(frozen.contains(parameter)) << name << ' ' << parameter;
        }
    }
}
