// init_from: perturbations by label, adapters by name, genes in another order.

#include <algorithm>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/experiment/pretrained.hpp"
#include "core/training/checkpoint_tensors.hpp"
#include "core/training/vocabulary.hpp"
#include "core/training/weight_transfer.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

const std::vector<std::string> new_labels{"Burn", "control", "pert_A", "pert_E"};

Pretrained tiny() {
    return open_pretrained(test_data("state/run_tiny"));
}

/// The architecture of `pretrained` for other perturbations.
StConfig config_for(const Pretrained& pretrained, std::int64_t perturbations) {
    StConfig config = pretrained.config;
    config.pert_dim = perturbations;
    return config;
}

at::Tensor stored(const Pretrained& pretrained, const std::string& name) {
    return float_tensor(*pretrained.checkpoint->find(name));
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

TEST(WeightTransfer, MapsPerturbationsByLabel) {
    const Pretrained pretrained = tiny();
    const LabelMap perturbations = one_hot_map(new_labels);
    TrainableNetwork network(config_for(pretrained, 4), {}, 1);
    const TransferReport report = transfer_weights(
        network, pretrained, {perturbations, {}, pretrained.config.gene_names, "control"}, false);
    const at::Tensor theirs = stored(pretrained, "pert_encoder.0.weight");
    const at::Tensor ours = *network.find("pert_encoder.0.weight");
    const LabelMap& old = pretrained.run->perturbations;
    for (std::size_t i = 0; i < new_labels.size(); ++i) {
        const std::string source = new_labels[i] == "Burn" ? "control" : new_labels[i];
        const auto column = old.argmax[*old.find(source)];
        EXPECT_TRUE(ours.select(1, static_cast<std::int64_t>(i)).equal(theirs.select(1, column))) << source;
    }
    EXPECT_EQ(report.perturbations_new, std::vector<std::string>{"Burn"});
    EXPECT_EQ(report.perturbations_kept.size(), 3U);
    EXPECT_TRUE(network.find("project_out.9.weight")->equal(stored(pretrained, "project_out.9.weight")));
    EXPECT_TRUE(report.fresh.empty());
    EXPECT_TRUE(report.unused.empty());
}

TEST(WeightTransfer, LikeThePeerOnlyEqualShapes) {
    const Pretrained pretrained = tiny();
    const LabelMap perturbations = one_hot_map(new_labels);
    TrainableNetwork network(config_for(pretrained, 4), {}, 1);
    const at::Tensor before = network.find("pert_encoder.0.weight")->detach().clone();
    const TransferReport report =
        transfer_weights(network, pretrained, {perturbations, {}, {}, "control"}, true);
    EXPECT_TRUE(network.find("pert_encoder.0.weight")->equal(before));
    EXPECT_TRUE(holds(report.fresh, "pert_encoder.0.weight"));
}

TEST(WeightTransfer, LoadsThePlainBackboneIntoAnAdaptedOneAndBack) {
    const Pretrained pretrained = tiny();
    NetworkSettings settings;
    settings.lora.enable = true;
    settings.lora.r = 4;
    TrainableNetwork adapted(pretrained.config, settings, 1);
    const TransferReport report =
        transfer_weights(adapted, pretrained,
                         {pretrained.run->perturbations, {}, pretrained.config.gene_names, "control"}, false);
    const std::string layer = "transformer_backbone.base_model.model.layers.1.self_attn.q_proj.";
    const at::Tensor* const base = adapted.find(layer + "base_layer.weight");
    ASSERT_NE(base, nullptr);
    EXPECT_TRUE(base->equal(stored(pretrained, "transformer_backbone.layers.1.self_attn.q_proj.weight")));
    EXPECT_TRUE(holds(report.fresh, layer + "lora_A.default.weight"));

    const Pretrained lora = open_pretrained(test_data("state/run_tiny_lora"));
    StConfig plain_config = lora.config;
    plain_config.lora = {};
    TrainableNetwork plain(plain_config, {}, 1);
    transfer_weights(plain, lora, {lora.run->perturbations, {}, lora.config.gene_names, "control"}, false);
    const at::Tensor merged =
        at::addmm(stored(lora, layer + "base_layer.weight"), stored(lora, layer + "lora_B.default.weight"),
                  stored(lora, layer + "lora_A.default.weight"), 1, lora.config.lora.alpha / 4);
    EXPECT_TRUE(
        plain.find("transformer_backbone.layers.1.self_attn.q_proj.weight")->allclose(merged, 0, 1e-7));
}

TEST(WeightTransfer, BringsGenesIntoTheDatasOrder) {
    const Pretrained pretrained = tiny();
    std::vector<std::string> reversed = pretrained.config.gene_names;
    std::reverse(reversed.begin(), reversed.end());
    TrainableNetwork network(pretrained.config, {}, 1);
    transfer_weights(network, pretrained, {pretrained.run->perturbations, {}, reversed, "control"}, false);
    EXPECT_TRUE(network.find("basal_encoder.weight")
                    ->select(1, 0)
                    .equal(stored(pretrained, "basal_encoder.weight").select(1, 79)));
    EXPECT_TRUE(network.find("project_out.9.bias")
                    ->select(0, 3)
                    .equal(stored(pretrained, "project_out.9.bias").select(0, 76)));
}

TEST(WeightTransfer, NamesGenesThatTheModelLacks) {
    const Pretrained pretrained = tiny();
    std::vector<std::string> genes = pretrained.config.gene_names;
    genes[5] = "Krt5";
    TrainableNetwork network(pretrained.config, {}, 1);
    try {
        transfer_weights(network, pretrained, {pretrained.run->perturbations, {}, genes, "control"}, false);
        FAIL() << "a gene is missing";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "GeneMismatch");
        EXPECT_NE(std::string(error.what()).find("Krt5"), std::string::npos);
    }
}

TEST(WeightTransfer, SaysWhichTensorDoesNotFit) {
    const Pretrained pretrained = tiny();
    StConfig other = pretrained.config;
    other.hidden_dim = 24;
    TrainableNetwork network(other, {}, 1);
    try {
        transfer_weights(network, pretrained, {pretrained.run->perturbations, {}, {}, "control"}, false);
        FAIL() << "the widths differ";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "ShapeMismatch");
    }
}

TEST(Pretrained, ItsSizesWinOverDefaultsAndNotOverWishes) {
    const Pretrained pretrained = tiny();
    nlohmann::json config = {{"model", {{"kwargs", nlohmann::json::object()}}}};
    EXPECT_FALSE(adopt_architecture(config, pretrained).empty() &&
                 config["model"]["kwargs"]["hidden_dim"].is_null());
    EXPECT_EQ(config["model"]["kwargs"]["hidden_dim"], 48);
    EXPECT_EQ(config["model"]["kwargs"]["transformer_backbone_kwargs"]["num_hidden_layers"], 2);
    EXPECT_EQ(config["model"]["kwargs"]["cell_set_len"], 16);
    config["model"]["kwargs"]["hidden_dim"] = 64;
    EXPECT_THROW(adopt_architecture(config, pretrained), Error);
}

TEST(Vocabulary, IsExtendedSorted) {
    const LabelMap both =
        extended_map(one_hot_map({"Sham", "drug_b", "drug_a"}), one_hot_map({"Sham", "Burn"}));
    EXPECT_EQ(both.labels, (std::vector<std::string>{"Burn", "Sham", "drug_a", "drug_b"}));
    EXPECT_TRUE(is_one_hot(both));
    EXPECT_EQ(rows_in(one_hot_map({"Sham", "Burn"}), both), (std::vector<std::int64_t>{0, 1}));
}
