// Adam and AdamW: torch's numbers after a step, a plain reference over many steps, threads, missing
// gradients.

#include <cmath>
#include <cstring>

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include "core/run/checkpoint.hpp"
#include "core/training/optimizer.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

at::Tensor weight_of(const Checkpoint& file, const std::string& name) {
    const TensorView* view = file.find(name);
    EXPECT_NE(view, nullptr) << name;
    return at::from_blob(const_cast<std::byte*>(view->data), view->shape, view->strides, at::kFloat).clone();
}

/// Parameters whose gradients are stored beside them.
std::vector<NetworkParameter> with_gradients(const std::string& folder, const Checkpoint& weights) {
    std::vector<NetworkParameter> parameters;
    for (const auto& entry : std::filesystem::directory_iterator(test_data(folder))) {
        const std::string file = entry.path().filename();
        if (!file.starts_with("grad__")) {
            continue;
        }
        const std::string name = file.substr(6, file.size() - 10);
        at::Tensor value = weight_of(weights, name).requires_grad_();
        value.mutable_grad() = npy_tensor(entry.path()).to(at::kFloat);
        parameters.push_back({name, value, value.sizes().vec()});
    }
    return parameters;
}

void expect_weights(const std::vector<NetworkParameter>& parameters, const std::string& file) {
    const CheckpointPtr expected = Checkpoint::open(test_data(file));
    int compared = 0;
    for (const NetworkParameter& parameter : parameters) {
        if (expected->find(parameter.name)) {
            ++compared;
            EXPECT_LE(largest_difference(parameter.value.detach(), weight_of(*expected, parameter.name)),
                      2e-5)
                << file << ' ' << parameter.name;
        }
    }
    EXPECT_GE(compared, 2) << file;
}

OptimizerSettings settings_of(const nlohmann::json& stated, OptimizerKind kind) {
    OptimizerSettings settings;
    settings.kind = kind;
    settings.lr = stated.at("lr");
    settings.weight_decay = stated.at("weight_decay");
    settings.gradient_clip = stated.at("clip_norm");
    return settings;
}

std::vector<NetworkParameter> random_parameters(std::int64_t size) {
    std::vector<NetworkParameter> parameters;
    for (std::uint64_t i = 0; i < 3; ++i) {
        const std::int64_t length = i == 1 ? size : size / 7 + 3;
        at::Tensor value = random_tensor({length}, i).to(at::kFloat).requires_grad_();
        parameters.push_back({"p" + std::to_string(i), value, value.sizes().vec()});
    }
    return parameters;
}

void set_gradients(std::vector<NetworkParameter>& parameters, std::uint64_t seed) {
    for (NetworkParameter& parameter : parameters) {
        parameter.value.mutable_grad() = random_tensor(parameter.shape, ++seed).to(at::kFloat);
    }
}

bool same_bits(const at::Tensor& a, const at::Tensor& b) {
    return a.numel() == b.numel() && std::memcmp(a.const_data_ptr<float>(), b.const_data_ptr<float>(),
                                                 static_cast<std::size_t>(a.numel()) * sizeof(float)) == 0;
}

} // namespace

TEST(Optimizer, OneStepIsTorchs) {
    const std::string stages = "state/stages";
    const auto step = read_json(test_data(stages + "/losses_and_grads.json")).at("training_step");
    const CheckpointPtr weights = Checkpoint::open(test_data("state/run_tiny/checkpoints/final.ckpt"));
    for (const auto& [kind, key] :
         {std::pair{OptimizerKind::adam, "adam"}, {OptimizerKind::adamw, "adamw"}}) {
        auto parameters = with_gradients(stages, *weights);
        const OptimizerSettings settings = settings_of(step.at(key), kind);
        Optimizer(parameters, settings).step(settings.lr, step.at("grad_norm_total").get<double>());
        expect_weights(parameters, stages + "/params_after_1_" + key + ".safetensors");
    }
}

TEST(Optimizer, OneStepIsTorchsForEveryVariant) {
    int variants = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test_data("state/variants"))) {
        const std::string folder = "state/variants/" + entry.path().filename().string();
        if (!entry.is_directory() ||
            !std::filesystem::exists(entry.path() / "params_after_1_adam.safetensors")) {
            continue;
        }
        const auto step = read_json(entry.path() / "losses_and_grads.json");
        const CheckpointPtr weights = Checkpoint::open(entry.path() / "weights.safetensors");
        auto parameters = with_gradients(folder, *weights);
        const OptimizerSettings settings = settings_of(step.at("adam"), OptimizerKind::adam);
        Optimizer(parameters, settings).step(settings.lr, step.at("grad_norm_total").get<double>());
        expect_weights(parameters, folder + "/params_after_1_adam.safetensors");
        ++variants;
    }
    EXPECT_GE(variants, 20);
}

TEST(Optimizer, ManyStepsFollowTheFormula) {
    for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::adamw}) {
        OptimizerSettings settings;
        settings.kind = kind;
        settings.weight_decay = 0.05;
        settings.gradient_clip = 1;
        std::vector<NetworkParameter> parameters = random_parameters(1000);
        std::vector<at::Tensor> w, m, v;
        for (const NetworkParameter& parameter : parameters) {
            w.push_back(parameter.value.detach().to(at::kDouble).clone());
            m.push_back(at::zeros_like(w.back()));
            v.push_back(at::zeros_like(w.back()));
        }
        Optimizer optimizer(parameters, settings);
        for (int t = 1; t <= 20; ++t) {
            set_gradients(parameters, static_cast<std::uint64_t>(t) * 100);
            const double lr = 0.01 / t, norm = optimizer.gradient_norm();
            double squares = 0;
            for (const NetworkParameter& parameter : parameters) {
                squares += parameter.value.grad().to(at::kDouble).square().sum().item<double>();
            }
            EXPECT_NEAR(norm, std::sqrt(squares), 1e-9 * norm);
            for (std::size_t i = 0; i < w.size(); ++i) {
                at::Tensor g = parameters[i].value.grad().to(at::kDouble) * std::min(1.0, 1 / (norm + 1e-6));
                if (kind == OptimizerKind::adam) {
                    g = g + settings.weight_decay * w[i];
                } else {
                    w[i] = w[i] * (1 - lr * settings.weight_decay);
                }
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                w[i] = w[i] - lr * (m[i] / (1 - std::pow(0.9, t))) /
                                  ((v[i] / (1 - std::pow(0.999, t))).sqrt() + 1e-8);
            }
            optimizer.step(lr, norm);
            optimizer.clear_gradients();
        }
        for (std::size_t i = 0; i < w.size(); ++i) {
            EXPECT_LE(largest_difference(parameters[i].value.detach(), w[i]), 2e-6);
            EXPECT_EQ(optimizer.moments()[i].step, 20);
            EXPECT_FALSE(parameters[i].value.grad().defined());
        }
    }
}

TEST(Optimizer, HasTheSameBitsForAnyNumberOfThreads) {
    const int before = at::get_num_threads();
    std::vector<std::vector<NetworkParameter>> results;
    std::vector<double> norms;
    for (const int threads : {1, 2, 5}) {
        at::set_num_threads(threads);
        std::vector<NetworkParameter> parameters = random_parameters(300000);
        set_gradients(parameters, 9);
        OptimizerSettings settings;
        settings.gradient_clip = 0.5;
        Optimizer optimizer(parameters, settings);
        norms.push_back(optimizer.gradient_norm());
        optimizer.step(1e-3, norms.back());
        results.push_back(parameters);
    }
    at::set_num_threads(before);
    for (std::size_t run = 1; run < results.size(); ++run) {
        EXPECT_EQ(norms[run], norms[0]);
        for (std::size_t i = 0; i < results[0].size(); ++i) {
            EXPECT_TRUE(same_bits(results[run][i].value, results[0][i].value));
        }
    }
}

TEST(Optimizer, LeavesAloneWhatHasNoGradientOrIsFrozen) {
    std::vector<NetworkParameter> parameters = random_parameters(50);
    parameters[0].value.requires_grad_(false);
    parameters.push_back({"transformer_backbone.embed_tokens.weight", {}, {4, 4}});
    parameters[1].value.mutable_grad() = random_tensor(parameters[1].shape, 3).to(at::kFloat);
    const at::Tensor frozen = parameters[0].value.clone(), idle = parameters[2].value.detach().clone();
    OptimizerSettings settings;
    settings.weight_decay = 0.1;
    Optimizer optimizer(parameters, settings);
    optimizer.step(0.1, optimizer.gradient_norm());
    ASSERT_EQ(optimizer.moments().size(), 2U);
    EXPECT_EQ(optimizer.moments()[0].parameter, 1);
    EXPECT_EQ(optimizer.moments()[0].step, 1);
    EXPECT_TRUE(optimizer.moments()[0].exp_avg.defined());
    EXPECT_EQ(optimizer.moments()[1].step, 0);
    EXPECT_FALSE(optimizer.moments()[1].exp_avg.defined());
    EXPECT_TRUE(same_bits(parameters[0].value, frozen));
    EXPECT_TRUE(same_bits(parameters[2].value, idle));
}

TEST(Optimizer, NormOfNoNumbersIsNoNumber) {
    std::vector<NetworkParameter> parameters = random_parameters(50);
    set_gradients(parameters, 4);
    parameters[1].value.mutable_grad()[7] = std::nanf("");
    EXPECT_TRUE(std::isnan(Optimizer(parameters, {}).gradient_norm()));
}
