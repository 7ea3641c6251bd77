#include <gmock/gmock.h>

#include <set>

#include "core/experiment/config_schema.hpp"
#include "core/experiment/option_value.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/experiment/training_config.hpp"

namespace {

using namespace ember;
using testing::Contains;
using testing::ElementsAre;

std::string key_of(const char* name) {
    const ConfigOption* const option = find_config_option(name);
    return option == nullptr ? "" : option->key;
}

TEST(ConfigSchema, EveryOptionIsComplete) {
    std::set<std::string> keys;
    const std::set<std::string> sections = {"Data",      "Model", "Adaptation",  "Loss",
                                            "Optimizer", "Loop",  "Checkpoints", "Monitoring"};
    for (const ConfigOption& option : config_options()) {
        EXPECT_TRUE(keys.insert(option.key).second) << option.key << " is there twice";
        EXPECT_FALSE(option.title.empty()) << option.key;
        EXPECT_TRUE(option.help.ends_with(".")) << option.key;
        EXPECT_EQ(sections.count(option.section), 1U) << option.key;
        EXPECT_NO_THROW(checked_value(option, option.fallback, "")) << option.key;
        EXPECT_EQ(option.kind == OptionKind::choice, !option.choices.empty()) << option.key;
        EXPECT_EQ(find_config_option(option.key), &option);
    }
}

TEST(ConfigSchema, EveryAliasMeansOneOption) {
    for (const ConfigOption& option : config_options()) {
        for (const std::string& alias : option.aliases) {
            EXPECT_EQ(key_of(alias.c_str()), key_of(alias == option.key ? alias.c_str() : option.key.c_str()))
                << alias;
        }
    }
}

TEST(ConfigSchema, FindsOptionsByTheSpellingsOfTheSeeds) {
    EXPECT_EQ(key_of("+training.log_every_n_steps"), "training.log_every_n_steps");
    EXPECT_EQ(key_of("++training.lr"), "training.lr");
    EXPECT_EQ(key_of("learning_rate"), "training.lr");
    EXPECT_EQ(key_of("model.learning_rate"), "training.lr");
    EXPECT_EQ(key_of("gradient_clip_val"), "training.gradient_clip_val");
    EXPECT_EQ(key_of("model.lora.enable"), "model.kwargs.lora.enable");
    EXPECT_EQ(key_of("lora.r"), "model.kwargs.lora.r");
    EXPECT_EQ(key_of("model.use_mhc"), "model.kwargs.use_mhc");
    EXPECT_EQ(key_of("mhc.sinkhorn_iters"), "model.kwargs.mhc.sinkhorn_iters");
    EXPECT_EQ(key_of("model.velocity_lambda"), "model.kwargs.velocity_lambda");
    EXPECT_EQ(key_of("velocity_warmup_steps"), "model.kwargs.velocity_warmup_steps");
    EXPECT_EQ(key_of("data.embed_key"), "data.kwargs.embed_key");
    EXPECT_EQ(key_of("max_epochs"), "training.max_epochs");
    EXPECT_EQ(key_of("model.kwargs.freeze_pert"), "model.kwargs.freeze_pert_backbone");
    EXPECT_EQ(key_of("name"), "name");
    EXPECT_EQ(find_config_option("training.max_stepz"), nullptr);
}

TEST(ConfigSchema, SuggestsFullKeys) {
    EXPECT_THAT(nearest_config_keys("training.max_stepz"), Contains("training.max_steps"));
    EXPECT_THAT(nearest_config_keys("model.kwargs.lora.enabled"), Contains("model.kwargs.lora.enable"));
    EXPECT_THAT(nearest_config_keys("data.kwargs.batch_size"), Contains("training.batch_size"));
    EXPECT_THAT(nearest_config_keys("model.kwargs.velocity_lamda").front(), "model.kwargs.velocity_lambda");
}

TEST(ConfigSchema, DefaultsReachTheSettings) {
    const TrainSettings settings = train_settings(resolve_config({}, {}).values);
    EXPECT_EQ(settings.loop.batch_sets, 16);
    EXPECT_EQ(settings.loop.max_steps, 400000);
    EXPECT_EQ(settings.loop.val_freq, 2000);
    EXPECT_EQ(settings.loop.ckpt_every, 0); // arc-state states 2000 and writes none
    EXPECT_FALSE(settings.loop.max_epochs.has_value());
    EXPECT_DOUBLE_EQ(settings.optimizer.lr, 1e-4);
    EXPECT_DOUBLE_EQ(settings.optimizer.weight_decay, 0.0005);
    EXPECT_EQ(settings.data.control_pert, "DMSO_TF");
    EXPECT_EQ(settings.data.output_space, "all");
    EXPECT_EQ(settings.model_kwargs.at("hidden_dim"), 768);
    EXPECT_EQ(settings.network.lora.r, 16);
    EXPECT_DOUBLE_EQ(settings.velocity.lambda, 0.1);
}

TEST(ConfigSchema, EachOptionThatWorksChangesWhatIsRead) {
    const std::vector<std::string> overrides = {"model.kwargs.mhc.form=seed",
                                                "model.kwargs.velocity_form=upstream",
                                                "training.optimizer=adamw",
                                                "training.lr_schedule=cosine",
                                                "data.kwargs.min_cells=7",
                                                "data.kwargs.memory_bytes=1e9",
                                                "training.precision=bfloat16",
                                                "training.gradient_checkpointing=true",
                                                "training.early_stop_patience=3",
                                                "model.kwargs.lora.target_modules=[q_proj,v_proj]",
                                                "model.kwargs.decoder_loss_weight=0.25"};
    const TrainSettings settings = train_settings(resolve_config({}, overrides).values);
    EXPECT_EQ(settings.network.mhc.form, HyperConnection::seed);
    EXPECT_EQ(settings.velocity.form, VelocityForm::upstream);
    EXPECT_EQ(settings.optimizer.kind, OptimizerKind::adamw);
    EXPECT_EQ(settings.optimizer.schedule, ScheduleKind::cosine);
    EXPECT_EQ(settings.data.min_cells, 7);
    EXPECT_EQ(settings.data.memory_bytes, 1000000000);
    EXPECT_EQ(settings.network.precision, TrainPrecision::bfloat16);
    EXPECT_TRUE(settings.network.gradient_checkpointing);
    EXPECT_EQ(settings.loop.patience, 3);
    EXPECT_THAT(settings.network.lora.targets, ElementsAre("q_proj", "v_proj"));
    EXPECT_DOUBLE_EQ(settings.loss.decoder_weight, 0.25);
    EXPECT_EQ(settings.model_kwargs.at("lora").at("target"), "modules");
}

} // namespace
