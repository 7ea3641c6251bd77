// A new network: its configuration from model.kwargs, its weights, its trained parts.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/max.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/model/st_model.hpp"
#include "core/training/fresh_weights.hpp"
#include "tests/core/training/fixture_network.hpp"

using namespace ember;

namespace {

nlohmann::json small_model() {
    return {{"hidden_dim", 48},
            {"cell_set_len", 16},
            {"transformer_backbone_key", "llama"},
            {"transformer_backbone_kwargs",
             {{"bidirectional_attention", true},
              {"num_hidden_layers", 2},
              {"num_attention_heads", 4},
              {"intermediate_size", 96},
              {"vocab_size", 128}}}};
}

StConfig config_of(const nlohmann::json& model, const std::string& embed_key = "X_hvg",
                   const std::string& space = "gene") {
    return fresh_st_config(model, embed_key, space, 200, 500, 200, 7, 3);
}

double average(const at::Tensor& x) {
    return x.to(at::kDouble).mean().item<double>();
}
double deviation(const at::Tensor& x) {
    return std::sqrt(x.to(at::kDouble).square().mean().item<double>());
}

std::string error_of(const nlohmann::json& model) {
    try {
        config_of(model);
    } catch (const Error& error) {
        return error.class_name() + " " + error.place().key;
    }
    return "accepted";
}

} // namespace

TEST(FreshNetwork, DefaultsAreArcStates) {
    const StConfig config = config_of(small_model());
    EXPECT_EQ(config.encoder_layers, 2);
    EXPECT_TRUE(config.basal_is_mlp);
    EXPECT_EQ(config.kv_heads, 4);
    EXPECT_EQ(config.head_dim, 12);
    EXPECT_TRUE(config.gene_decoder && config.final_relu && config.predict_residual);
    EXPECT_EQ(config.decoder_hidden_dims, (std::vector<std::int64_t>{1024, 1024, 512}));
    EXPECT_EQ(config.gene_dim, 200);
    EXPECT_EQ(config.output_dim, 200);
    EXPECT_EQ(config.dead_parameters, 128 * 48);

    const StConfig all = config_of(small_model(), "X_emb", "all");
    EXPECT_EQ(all.gene_dim, 500);
    EXPECT_TRUE(all.final_down_then_up);
    EXPECT_FALSE(all.final_relu);
    EXPECT_FALSE(config_of(small_model(), "X_emb", "embedding").gene_decoder);
    EXPECT_TRUE(config_of(small_model(), "X_emb", "embedding").final_relu);
}

TEST(FreshNetwork, AConfigurationOfARunMakesItsNetwork) {
    for (const auto& entry : std::filesystem::directory_iterator(test_data("state/variants"))) {
        if (!entry.is_directory()) {
            continue;
        }
        const auto hparams = read_json(entry.path() / "hparams.json");
        const CheckpointPtr weights = Checkpoint::open(entry.path() / "weights.safetensors");
        const std::string key =
            hparams.at("embed_key").is_null() ? "" : hparams.at("embed_key").get<std::string>();
        nlohmann::json kwargs = hparams;
        std::int64_t genes = hparams.at("gene_dim");
        if (hparams.at("decoder_cfg").is_null()) {
            kwargs["gene_decoder_bool"] = false;
        } else {
            genes = hparams.at("decoder_cfg").at("gene_dim");
            kwargs["decoder_hidden_dims"] = hparams.at("decoder_cfg").at("hidden_dims");
        }
        const StConfig read = read_st_config(hparams, weights->tensors(), nullptr, "");
        const StConfig fresh = fresh_st_config(kwargs, key, hparams.at("output_space"), read.input_dim, genes,
                                               genes, read.pert_dim, hparams.at("batch_dim"));
        const auto values = [](const StConfig& c) {
            return std::tuple(c.input_dim, c.hidden_dim, c.output_dim, c.pert_dim, c.layers, c.heads,
                              c.kv_heads, c.head_dim, c.intermediate_dim, c.encoder_layers, c.decoder_layers,
                              c.basal_layers, c.basal_is_mlp, c.activation, c.predict_residual,
                              c.bidirectional, c.mask_attn, c.batch_encoder, c.batch_token,
                              c.confidence_token, c.final_relu, c.final_down_then_up, c.gene_decoder,
                              c.residual_decoder, c.decoder_hidden_dims, c.gene_dim, c.dead_parameters);
        };
        EXPECT_EQ(values(fresh), values(read)) << entry.path();
        if (!read.lora.enabled) {
            EXPECT_EQ(fresh.parameters, read.parameters) << entry.path();
        }
    }
}

TEST(FreshNetwork, WhatDoesNotFitIsRefused) {
    nlohmann::json model = small_model();
    model["transformer_backbone_kwargs"]["num_attention_heads"] = 5;
    EXPECT_THAT(error_of(model), testing::HasSubstr("BadConfig"));
    EXPECT_THAT(error_of(model), testing::HasSubstr("num_attention_heads"));
    model = small_model();
    model["transformer_backbone_kwargs"]["num_key_value_heads"] = 3;
    EXPECT_THAT(error_of(model), testing::HasSubstr("num_key_value_heads"));
    model = small_model();
    model["hidden_dim"] = "wide";
    EXPECT_THAT(error_of(model), testing::HasSubstr("BadConfig model.kwargs.hidden_dim"));
    model = small_model();
    model["transformer_backbone_key"] = "GPT2";
    EXPECT_THAT(error_of(model), testing::HasSubstr("UnsupportedModel"));
    model = small_model();
    model["activation"] = "tanh";
    EXPECT_THAT(error_of(model), testing::HasSubstr("activation"));
    model = small_model();
    model["residual_decoder"] = true;
    model["decoder_hidden_dims"] = {8, 9};
    EXPECT_THAT(error_of(model), testing::HasSubstr("decoder_hidden_dims"));
    NetworkSettings settings;
    settings.lora = {true, 4, 8, 0, false, {"q_proj", "z_proj"}};
    EXPECT_THROW(TrainableNetwork(config_of(small_model()), settings, 1), Error);
}

TEST(FreshNetwork, WeightsAreDrawnAsArcStateDraws) {
    nlohmann::json model = small_model();
    model["batch_encoder"] = true;
    NetworkSettings settings;
    settings.lora.enable = true;
    TrainableNetwork network(config_of(model), settings, 5);
    const std::string layer = "transformer_backbone.base_model.model.layers.1.";
    const at::Tensor encoder = *network.find("basal_encoder.0.weight");
    const double bound = 1 / std::sqrt(200.0);
    EXPECT_NEAR(average(encoder), 0, 0.02 * bound);
    EXPECT_NEAR(deviation(encoder), bound / std::sqrt(3.0), 0.01 * bound);
    EXPECT_LE(at::max(encoder.abs()).item<double>(), bound);
    EXPECT_GT(at::max(encoder.abs()).item<double>(), 0.99 * bound);
    const at::Tensor query = *network.find(layer + "self_attn.q_proj.base_layer.weight");
    EXPECT_NEAR(average(query), 0, 0.002);
    EXPECT_NEAR(deviation(query), 0.02, 0.001);
    EXPECT_NEAR(query.to(at::kDouble).pow(4).mean().item<double>() / std::pow(deviation(query), 4), 3, 0.3);
    EXPECT_NEAR(deviation(*network.find("batch_encoder.weight")), 1, 0.15);
    EXPECT_EQ(deviation(*network.find(layer + "self_attn.q_proj.lora_B.default.weight")), 0);
    EXPECT_NEAR(deviation(*network.find(layer + "self_attn.q_proj.lora_A.default.weight")),
                1 / std::sqrt(3.0 * 48), 0.01);
    EXPECT_TRUE(network.find(layer + "input_layernorm.weight")->eq(1).all().item<bool>());
    EXPECT_EQ(network.find("transformer_backbone.base_model.model.embed_tokens.weight"), nullptr);
}

TEST(FreshNetwork, NormalNumbersAreNormal) {
    std::vector<float> values(1'000'001);
    fill_normal(values, 2, 3, "a weight");
    std::sort(values.begin(), values.end());
    double sum = 0, squares = 0, fourths = 0;
    for (const double value : values) {
        sum += value;
        squares += value * value;
        fourths += value * value * value * value;
    }
    const auto count = static_cast<double>(values.size());
    EXPECT_NEAR(sum / count, 0, 0.01);
    EXPECT_NEAR(squares / count, 4, 0.02);
    EXPECT_NEAR(fourths / count, 48, 1);
    // Kolmogorov-Smirnov: 1.95 / √n is passed by 99.9 % of samples.
    double distance = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = 0.5 * std::erfc(-values[i] / (2 * std::sqrt(2.0)));
        distance = std::max(distance, std::abs(expected - (static_cast<double>(i) + 0.5) / count));
    }
    EXPECT_LT(distance, 1.95 / std::sqrt(count));
    EXPECT_GT(values.back(), 2 * 4.3);
    EXPECT_LT(values.front(), -2 * 4.3);
}

TEST(FreshNetwork, SeedAndNameDecide) {
    TrainableNetwork first(config_of(small_model()), {}, 5), again(config_of(small_model()), {}, 5),
        other(config_of(small_model()), {}, 6);
    const at::Tensor a = *first.find("project_out.0.weight");
    EXPECT_TRUE(a.equal(*again.find("project_out.0.weight")));
    EXPECT_FALSE(a.equal(*other.find("project_out.0.weight")));
    EXPECT_FALSE(a.equal(*first.find("pert_encoder.3.weight")));
}

TEST(FreshNetwork, AdaptersDecideWhatIsTrained) {
    NetworkSettings settings;
    settings.lora = {true, 4, 8, 0, false, {"q_proj", "down_proj"}};
    TrainableNetwork network(config_of(small_model()), settings, 1);
    for (const NetworkParameter& parameter : network.parameters()) {
        const bool backbone = parameter.name.starts_with("transformer_backbone.");
        const bool adapter = parameter.name.find(".lora_") != std::string::npos;
        EXPECT_EQ(parameter.trained(), adapter || !backbone) << parameter.name;
        if (adapter) {
            EXPECT_TRUE(parameter.name.find("q_proj") != std::string::npos ||
                        parameter.name.find("down_proj") != std::string::npos)
                << parameter.name;
        }
    }
    settings.lora.enable = false;
    settings.freeze_backbone = true;
    TrainableNetwork frozen(config_of(small_model()), settings, 1);
    for (const NetworkParameter& parameter : frozen.parameters()) {
        EXPECT_EQ(parameter.trained(), !parameter.name.starts_with("transformer_backbone.") &&
                                           !parameter.name.starts_with("project_out."))
            << parameter.name;
    }
}
