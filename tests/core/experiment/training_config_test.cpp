#include "core/experiment/training_config.hpp"

#include <gmock/gmock.h>

#include "core/experiment/config_schema.hpp"
#include "core/experiment/model_presets.hpp"
#include "scratch_folder.hpp"

namespace {

using namespace ember;
using ember::test::error_of;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Config : public ember::test::ScratchTest {
protected:
    static json of(std::vector<std::string> overrides) { return resolve_config({}, overrides).values; }
    json of_file(const std::string& yaml, std::vector<std::string> overrides = {}) const {
        return resolve_config(write("c.yaml", yaml), overrides).values;
    }
};

TEST_F(Config, EachOptionHasAValue) {
    const json values = of({});
    for (const ConfigOption& option : config_options()) {
        EXPECT_EQ(config_value(values, option.key), option.fallback) << option.key;
    }
}

TEST_F(Config, PresetsAreThoseOfArcState) {
    const json small = of({"model=state_sm"});
    EXPECT_EQ(config_value(small, "model.kwargs.hidden_dim"), 672);
    EXPECT_EQ(config_value(small, "model.kwargs.transformer_backbone_kwargs.head_dim"), 84);
    EXPECT_EQ(config_value(small, "model.kwargs.gene_decoder_bool"), false);
    EXPECT_EQ(config_value(small, "model.kwargs.use_basal_projection"), false);
    for (const std::string& name : model_presets()) {
        const json values = of({"model=" + name});
        const auto backbone = [&](const char* leaf) {
            return config_value(values, std::string("model.kwargs.transformer_backbone_kwargs.") + leaf);
        };
        EXPECT_EQ(backbone("hidden_size"), config_value(values, "model.kwargs.hidden_dim"));
        EXPECT_EQ(backbone("num_attention_heads").get<int>() * backbone("head_dim").get<int>(),
                  backbone("hidden_size").get<int>());
    }
    EXPECT_EQ(of({"data=perturbation", "training=default", "wandb=default"}), of({}));
    const Error error = error_of([] { of({"model=cpa"}); });
    EXPECT_EQ(error.class_name(), "BadConfig");
    EXPECT_THAT(error.remedy(), HasSubstr("state_sm"));
    EXPECT_EQ(error_of([] { of({"training=scgpt"}); }).class_name(), "BadConfig");
}

TEST_F(Config, LaterStatementsWin) {
    const std::string yaml = "model: state_sm\ntraining: {lr: 0.001, max_steps: 5}\n";
    const json values = of_file(yaml, {"training.max_steps=7", "training.max_steps=9"});
    EXPECT_EQ(config_value(values, "model.kwargs.hidden_dim"), 672);
    EXPECT_EQ(config_value(values, "training.lr"), 0.001);
    EXPECT_EQ(config_value(values, "training.max_steps"), 9);
    EXPECT_EQ(config_value(of_file(yaml, {"~training.lr"}), "training.lr"), 1e-4);
    EXPECT_EQ(config_value(of_file(yaml, {"model=state"}), "model.kwargs.hidden_dim"), 768);
}

TEST_F(Config, TheShortFormOfFilesIsRead) {
    const json values = of_file("model:\n  lora: {enable: true, r: 16, alpha: 32}\n  use_mhc: true\n"
                                "  use_velocity_alignment: true\n  velocity_lambda: 0.1\n"
                                "  velocity_min_confidence: 0.3\n  velocity_warmup_steps: 1000\n"
                                "gradient_clip_val: 0.5\nlearning_rate: 2e-5\nvelocity_mu: 0.05\n");
    EXPECT_EQ(config_value(values, "model.kwargs.lora.enable"), true);
    EXPECT_EQ(config_value(values, "model.kwargs.use_mhc"), true);
    EXPECT_EQ(config_value(values, "training.gradient_clip_val"), 0.5);
    EXPECT_EQ(config_value(values, "training.lr"), 2e-5);
    EXPECT_EQ(config_value(values, "model.kwargs.velocity_mu"), 0.05);
}

TEST_F(Config, HydrasTemplateIsRead) {
    const json values = of_file("defaults:\n  - data: perturbation\n  - model: state_sm\n  - _self_\n"
                                "hydra: {run: {dir: .}}\nname: mine\n"
                                "model:\n  kwargs:\n    cell_set_len: 32\n    hidden_dim: 96\n"
                                "    transformer_backbone_kwargs:\n"
                                "      max_position_embeddings: ${model.kwargs.cell_set_len}\n");
    EXPECT_EQ(config_value(values, "name"), "mine");
    EXPECT_EQ(config_value(values, "model.kwargs.transformer_backbone_kwargs.max_position_embeddings"), 32);
    EXPECT_EQ(config_value(values, "model.kwargs.transformer_backbone_kwargs.hidden_size"), 96);
    EXPECT_EQ(config_value(values, "model.kwargs.transformer_backbone_kwargs.head_dim"), 84);
}

TEST_F(Config, ConfigurationsOfArcStateAreReadWithoutNotice) {
    for (const char* run : {"st_wound", "st_drug", "st_pbmc"}) {
        const TrainingConfig config =
            resolve_config(std::filesystem::path(EMBER_DEMO) / run / "config.yaml", {});
        EXPECT_THAT(config.notices, IsEmpty()) << run;
        EXPECT_EQ(config_value(config.values, "name"), run);
        EXPECT_EQ(config_value(config.values, "training.lr"), 0.001);
        EXPECT_EQ(config_value(config.values, "model.kwargs.decoder_hidden_dims"), json::array({64}));
    }
}

TEST_F(Config, UnknownKeysSuggestTheRightOne) {
    const Error error = error_of([] { of({"+training.max_step=10"}); });
    EXPECT_EQ(error.class_name(), "UnknownOption");
    EXPECT_EQ(error.place().file, "+training.max_step=10");
    EXPECT_THAT(error.remedy(), HasSubstr("'training.max_steps'"));
    EXPECT_EQ(error_of([] { of({"model.kwargs.lora={enabel:true}"}); }).class_name(), "UnknownOption");
    EXPECT_EQ(error_of([] { of({"~training.max_step"}); }).class_name(), "UnknownOption");
    const Error in_file = error_of([&] { of_file("model:\n  velocity_lamda: 0.1\n"); });
    EXPECT_EQ(in_file.class_name(), "UnknownOption");
    EXPECT_THAT(in_file.place().file, HasSubstr("c.yaml"));
    EXPECT_THAT(in_file.remedy(), HasSubstr("'model.kwargs.velocity_lambda'"));
}

TEST_F(Config, WrongValuesAreRefused) {
    for (const char* wrong : {"training.lr=fast",
                              "training.lr=-1",
                              "training.lr=null",
                              "training.lr=inf",
                              "training.lr=nan",
                              "training.batch_size=0",
                              "training.batch_size=1.5",
                              "training.batch_size=99999999999999999999",
                              "model.kwargs.loss=enrgy",
                              "model.kwargs.lora.enable=maybe",
                              "model.kwargs.lora.enable=2",
                              "model.kwargs.decoder_hidden_dims=[64,x]",
                              "model.kwargs.transformer_backbone_key=GPT2",
                              "data.kwargs.val_subsample_fraction=1.5",
                              "training.max_steps=[1]",
                              "name=",
                              "name=a/b",
                              "name=..",
                              "data.kwargs.embed_key=${oc.env:HOME}",
                              "data.kwargs.pert_col=null",
                              "model.kwargs.transformer_backbone_kwargs.hidden_size=10",
                              "model.kwargs.transformer_backbone_kwargs.num_key_value_heads=5",
                              "model.kwargs.lora.target=some"}) {
        const Error error = error_of([&] { of({wrong}); });
        EXPECT_EQ(error.class_name(), "BadConfig") << wrong;
        EXPECT_FALSE(error.remedy().empty()) << wrong;
        EXPECT_FALSE(error.place().key.empty()) << wrong;
    }
    EXPECT_THAT(error_of([] { of({"model.kwargs.loss=enrgy"}); }).remedy(), HasSubstr("'energy'"));
    EXPECT_EQ(error_of([&] { of_file("[1, 2]\n"); }).class_name(), "BadConfig");
    EXPECT_EQ(error_of([&] { of_file("data: {kwargs: {control_pert: no}}\n"); }).class_name(), "BadConfig");
    EXPECT_EQ(error_of([&] { resolve_config(folder / "none.yaml", {}); }).class_name(), "MissingMember");
}

TEST_F(Config, ValuesTakeTheTypeOfTheirOption) {
    const json values = of({"training.max_steps=1e5", "use_wandb=0", "data.kwargs.control_pert=0",
                            "data.kwargs.files=a.h5ad", "model.kwargs.lora={enable:true,r:4}",
                            "data.kwargs.embed_key=X", "data.kwargs.toml_config_path=some dir/{a,b}.toml"});
    EXPECT_EQ(config_value(values, "training.max_steps").dump(), "100000");
    EXPECT_EQ(config_value(values, "use_wandb"), false);
    EXPECT_EQ(config_value(values, "data.kwargs.control_pert"), "0");
    EXPECT_EQ(config_value(values, "data.kwargs.files"), json::array({"a.h5ad"}));
    EXPECT_EQ(config_value(values, "model.kwargs.lora.r"), 4);
    EXPECT_EQ(config_value(values, "data.kwargs.toml_config_path"), "some dir/{a,b}.toml");
    EXPECT_EQ(
        config_value(of({"data.kwargs.control_pert=[('DMSO_TF', 0.0, 'uM')]"}), "data.kwargs.control_pert"),
        "[('DMSO_TF', 0.0, 'uM')]");
    EXPECT_EQ(config_value(of({"data.kwargs.pert_col=drugname_drugconc"}), "data.kwargs.control_pert"),
              "[('DMSO_TF', 0.0, 'uM')]");
    EXPECT_EQ(config_value(of({"model.kwargs.transformer_backbone_kwargs.num_attention_heads=4"}),
                           "model.kwargs.transformer_backbone_kwargs.num_key_value_heads"),
              4);
}

TEST_F(Config, ANetworkServiceIsOneNotice) {
    const std::vector<std::string> overrides = {"use_wandb=true", "wandb.entity=lab", "wandb.tags=[a,b]"};
    EXPECT_THAT(resolve_config({}, overrides).notices, ElementsAre(HasSubstr("TensorBoard")));
    const std::vector<std::string> silent = {"use_wandb=false"};
    EXPECT_THAT(resolve_config({}, silent).notices, IsEmpty());
    const std::vector<std::string> unused = {"model.kwargs.softplus=false"};
    EXPECT_THAT(resolve_config({}, unused).notices, ElementsAre(HasSubstr("model.kwargs.softplus")));
}

TEST_F(Config, OneOptionIsSetAndChecked) {
    json values = of({});
    set_config_value(values, "model.cell_set_len", 64);
    EXPECT_EQ(config_value(values, "model.kwargs.cell_set_len"), 64);
    EXPECT_EQ(config_value(values, "model.kwargs.transformer_backbone_kwargs.max_position_embeddings"), 64);
    EXPECT_EQ(error_of([&] { set_config_value(values, "training.lr", "x"); }).class_name(), "BadConfig");
    EXPECT_EQ(error_of([&] { set_config_value(values, "training.lx", 1); }).class_name(), "UnknownOption");
}

TEST_F(Config, OverridesMakeTheSameConfigurationAgain) {
    const std::vector<std::string> stated = {
        "model=tahoe_best",      "training.lr=3e-5",
        "name=it's, mine",       "data.kwargs.files=[a b.h5ad,'c,d.h5ad']",
        "training.max_epochs=3", "model.kwargs.cell_set_len=64"};
    const json values = of(stated);
    const std::vector<std::string> again = overrides_of(values);
    EXPECT_EQ(of(again), values);
    EXPECT_THAT(again, SizeIs(stated.size()));
    EXPECT_EQ(again.front(), "model=tahoe_best");
    EXPECT_THAT(overrides_of(of({})), IsEmpty());
}

TEST_F(Config, TheRunDirectoryIsFolderAndName) {
    EXPECT_EQ(run_directory_of(of({"output_dir=./runs/", "name=one"})), "runs/one");
    EXPECT_EQ(run_directory_of(of({})), "debugging/debug");
}

} // namespace
