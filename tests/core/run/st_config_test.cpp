#include <algorithm>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/run/checkpoint.hpp"
#include "core/run/st_config.hpp"

namespace {

using namespace ember;
namespace fs = std::filesystem;
using nlohmann::json;

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";

json read_json(const fs::path& file) {
    std::ifstream in(file);
    return json::parse(in);
}

/// Names and shapes as a checkpoint would give them, without data.
struct Tensors {
    std::vector<TensorView> views;
    explicit Tensors(const std::vector<TensorView>& from) : views(from) {}
    TensorView& at(const std::string& name) {
        const auto found = std::find_if(views.begin(), views.end(), [&](auto& v) { return v.name == name; });
        if (found == views.end()) {
            throw std::runtime_error("no tensor " + name);
        }
        return *found;
    }
    void remove(const std::string& name) {
        std::erase_if(views, [&](const TensorView& v) { return v.name == name; });
    }
};

struct Variant {
    json hyper_parameters;
    CheckpointPtr weights;
    StConfig config() const {
        return read_st_config(hyper_parameters, weights->tensors(), nullptr, "variant");
    }
};

Variant variant(const std::string& name) {
    const fs::path folder = state / "variants" / name;
    return {read_json(folder / "hparams.json"), Checkpoint::open(folder / "weights.safetensors")};
}

std::string class_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.class_name();
    }
    return "no error";
}

std::vector<std::string> all_variants() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(state / "variants")) {
        if (entry.is_directory()) {
            names.push_back(entry.path().filename());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

class EveryVariant : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryVariant, HasTheDimensionsOfItsHyperParameters) {
    const Variant model = variant(GetParam());
    const StConfig config = model.config();
    const json& stated = model.hyper_parameters;
    EXPECT_EQ(config.input_dim, stated["input_dim"]);
    EXPECT_EQ(config.hidden_dim, stated["hidden_dim"]);
    EXPECT_EQ(config.output_dim, stated["output_dim"]);
    EXPECT_EQ(config.pert_dim, stated["pert_dim"]);
    EXPECT_EQ(config.batch_dim, stated["batch_dim"]);
    EXPECT_EQ(config.cell_set_len, stated["cell_set_len"]);
    EXPECT_EQ(config.encoder_layers, stated["n_encoder_layers"]);
    EXPECT_EQ(config.decoder_layers, stated["n_decoder_layers"]);
    EXPECT_EQ(config.predict_residual, stated["predict_residual"]);
    EXPECT_EQ(config.mask_attn, stated["mask_attn"]);
    EXPECT_EQ(config.batch_encoder, stated["batch_encoder"]);
    EXPECT_EQ(config.confidence_token, stated["confidence_token"]);
    EXPECT_EQ(config.basal_is_mlp, stated["use_basal_projection"]);
    EXPECT_EQ(config.batch_token, stated["use_batch_token"]);
    EXPECT_EQ(config.gene_decoder, !stated["decoder_cfg"].is_null());
    const json& backbone = stated["transformer_backbone_kwargs"];
    EXPECT_EQ(config.layers, backbone["num_hidden_layers"]);
    EXPECT_EQ(config.heads, backbone["num_attention_heads"]);
    EXPECT_EQ(config.kv_heads, backbone["num_key_value_heads"]);
    EXPECT_EQ(config.head_dim, backbone["head_dim"]);
    EXPECT_EQ(config.intermediate_dim, backbone["intermediate_size"]);
    EXPECT_EQ(config.bidirectional, backbone["bidirectional_attention"]);
    EXPECT_EQ(config.dead_parameters,
              backbone["vocab_size"].get<std::int64_t>() * stated["hidden_dim"].get<std::int64_t>());
    EXPECT_EQ(config.gene_names.size(), stated["gene_names"].size());
}

INSTANTIATE_TEST_SUITE_P(State, EveryVariant, ::testing::ValuesIn(all_variants()));

TEST(StConfig, AllVariantsAreThere) {
    EXPECT_EQ(all_variants().size(), 25U);
}

TEST(StConfig, ReadsTheOptionsThatNoShapeTells) {
    EXPECT_FALSE(variant("causal_rope").config().bidirectional);
    EXPECT_TRUE(variant("mask_attn").config().mask_attn);
    EXPECT_EQ(variant("relu_mlps").config().activation, Activation::relu);
    EXPECT_EQ(variant("base").config().activation, Activation::gelu);
    EXPECT_EQ(variant("space_embedding").config().output_space, OutputSpace::embedding);
    EXPECT_EQ(variant("batch_token").config().basal_mapping_strategy, "batch");
}

TEST(StConfig, ReadsLora) {
    const StConfig config = variant("lora_r4_mlp_frozen").config();
    EXPECT_TRUE(config.lora.enabled);
    EXPECT_EQ(config.lora.rank, 4);
    EXPECT_EQ(config.backbone_prefix, "transformer_backbone.base_model.model.");
    EXPECT_THAT(config.unusual, ::testing::Contains(::testing::HasSubstr("LoRA")));
    EXPECT_FALSE(variant("base").config().lora.enabled);
}

TEST(StConfig, ReadsTheGeneDecoder) {
    const StConfig plain = variant("emb_in_gene_out").config();
    EXPECT_THAT(plain.decoder_hidden_dims, ::testing::ElementsAre(20, 16));
    EXPECT_EQ(plain.gene_dim, 30);
    EXPECT_FALSE(plain.residual_decoder);
    EXPECT_FALSE(plain.final_relu);
    const StConfig residual = variant("residual_decoder").config();
    EXPECT_TRUE(residual.residual_decoder);
    EXPECT_THAT(residual.decoder_hidden_dims, ::testing::ElementsAre(20, 20, 20, 20));
    EXPECT_EQ(residual.gene_dim, 30);
    EXPECT_TRUE(variant("base").config().final_relu);
    EXPECT_TRUE(variant("space_embedding").config().final_relu);
    EXPECT_TRUE(variant("space_all_residual").config().final_down_then_up);
    EXPECT_FALSE(variant("base").config().final_down_then_up);
}

TEST(StConfig, ShapesWinOverHyperParameters) {
    Variant model = variant("base");
    model.hyper_parameters["input_dim"] = 99;
    model.hyper_parameters["transformer_backbone_kwargs"]["num_hidden_layers"] = 7;
    const StConfig config = model.config();
    EXPECT_EQ(config.input_dim, 24);
    EXPECT_EQ(config.layers, 2);
    EXPECT_THAT(config.unusual, ::testing::Contains(::testing::HasSubstr("input_dim is stated as 99")));
    EXPECT_THAT(config.unusual, ::testing::Contains(::testing::HasSubstr("num_hidden_layers")));
}

TEST(StConfig, RefusesModelsItCannotRun) {
    Variant model = variant("base");
    model.hyper_parameters["transformer_backbone_key"] = "GPT2";
    EXPECT_EQ(class_of([&] { model.config(); }), "UnsupportedModel");
    model = variant("base");
    model.hyper_parameters["activation"] = "swish";
    EXPECT_EQ(class_of([&] { model.config(); }), "UnsupportedModel");
    model = variant("base");
    model.hyper_parameters["output_space"] = "latent";
    EXPECT_EQ(class_of([&] { model.config(); }), "UnsupportedModel");
    model = variant("base");
    model.hyper_parameters["transformer_backbone_kwargs"].erase("num_attention_heads");
    EXPECT_EQ(class_of([&] { model.config(); }), "MissingMember");
    model.hyper_parameters["transformer_backbone_kwargs"]["num_attention_heads"] = 5;
    EXPECT_EQ(class_of([&] { model.config(); }), "ShapeMismatch");
}

TEST(StConfig, NamesTheTensorThatIsMissingOrMisshapen) {
    const Variant model = variant("confidence_and_batch_token");
    for (const TensorView& tensor : model.weights->tensors()) {
        if (tensor.name.find("embed_tokens") != std::string::npos) {
            continue;
        }
        Tensors bent(model.weights->tensors());
        bent.at(tensor.name).shape.back() += 1;
        bent.at(tensor.name).shape.front() += 1;
        EXPECT_EQ(class_of([&] { read_st_config(model.hyper_parameters, bent.views, nullptr, "f"); }),
                  "ShapeMismatch")
            << tensor.name;
        bent.at(tensor.name).shape.push_back(1);
        EXPECT_EQ(class_of([&] { read_st_config(model.hyper_parameters, bent.views, nullptr, "f"); }),
                  "ShapeMismatch")
            << tensor.name;
    }
    Tensors without(model.weights->tensors());
    without.remove("transformer_backbone.layers.1.mlp.up_proj.weight");
    try {
        read_st_config(model.hyper_parameters, without.views, nullptr, "model.ckpt");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "MissingMember");
        EXPECT_EQ(error.place().key, "transformer_backbone.layers.1.mlp.up_proj.weight");
        EXPECT_EQ(error.place().file, "model.ckpt");
    }
}

TEST(StConfig, SaysWhatIsUnusual) {
    const auto facts = [](const std::string& name) { return variant(name).config().unusual; };
    EXPECT_THAT(facts("causal_rope"), ::testing::Contains(::testing::HasSubstr("order of cells")));
    EXPECT_THAT(facts("mask_attn"), ::testing::Contains(::testing::HasSubstr("itself only")));
    Variant model = variant("base");
    model.hyper_parameters["gene_names"] = json::array();
    EXPECT_THAT(model.config().unusual, ::testing::Contains(::testing::HasSubstr("No gene names")));
}

} // namespace
