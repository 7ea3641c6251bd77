// Options of starting from a trained model and adapting it: init_from, freezing, LoRA, hyper-connections.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

void add_lora(std::vector<ConfigOption>& options) {
    OptionList lora(options, "Adaptation", "model.kwargs.lora.");
    lora.boolean("enable", false, "LoRA: small adapters only",
                 "Keep the trained backbone as it is and learn small additions to it. Takes less memory, and "
                 "little data spoil less.")
        .also({"use_lora"});
    lora.integer("r", 16, "Rank", "Size of the additions: larger ones can change more.")
        .within(1, 4096)
        .also({"lora_r"})
        .alias("lora.rank")
        .alias("model.kwargs.lora.rank")
        .alias("model.lora.rank");
    lora.real("alpha", 32, "Strength", "The additions count alpha ÷ rank times.")
        .within(0, 65536)
        .also({"lora_alpha"})
        .alias("model.kwargs.lora.lora_alpha");
    lora.real("dropout", 0.05, "Dropout of the adapters",
              "Share of their input left out at random while training.")
        .within(0, 0.99)
        .also({"lora_dropout"})
        .alias("model.kwargs.lora.lora_dropout");
    lora.boolean("adapt_mlp", false, "Adapt the inner layers too",
                 "Additions to the gate, up and down layers besides those of attention.");
    lora.text("target", "auto", "Adapted layers",
              "auto: query, key, value and output of attention; anything else: the list that follows.")
        .advanced();
    lora.list("target_modules", OptionKind::text, nullptr, "Names of adapted layers",
              "For example [q_proj, v_proj].")
        .advanced();
    lora.choice("bias", "none", {"none", "all", "lora_only"}, "Adapt biases",
                "Makes no difference: the backbone has no biases.")
        .advanced();
    OptionList unused(options, "Adaptation", "model.kwargs.lora.", OptionFate::notice);
    unused.text("task_type", "FEATURE_EXTRACTION", "task_type", "Accepted and not used.").advanced();
    unused
        .boolean("merge_on_eval", false, "merge_on_eval",
                 "Accepted and not used, as in arc-state: `infer` merges the additions itself.")
        .advanced();
}

void add_hyper_connections(std::vector<ConfigOption>& options) {
    OptionList model(options, "Adaptation", "model.kwargs.", OptionFate::ours);
    model
        .boolean("use_mhc", false, "Hyper-connections (mHC)",
                 "Several parallel streams between the layers, mixed so that signals neither grow nor "
                 "vanish. Makes training with several losses steadier. arc-state does not know it.")
        .alias("mhc.enable")
        .alias("model.mhc.enable")
        .alias("model.kwargs.mhc.enable");
    OptionList mhc(options, "Adaptation", "model.kwargs.mhc.", OptionFate::ours);
    mhc.choice("form", "paper", {"paper", "seed"}, "Form of mHC",
               "paper: as published (arXiv 2512.24880); seed: the earlier variant with static matrices over "
               "features.")
        .advanced();
    mhc.integer("streams", 4, "Streams", "Parallel streams between the layers.")
        .within(1, 64)
        .alias("model.kwargs.mhc.n_streams")
        .alias("model.kwargs.mhc.num_streams");
    mhc.integer("sinkhorn_iters", 20, "Balancing steps",
                "How often rows and columns of the mixing are balanced; more is more exact.")
        .within(1, 10000);
}

} // namespace

void add_adaptation_options(std::vector<ConfigOption>& options) {
    OptionList model(options, "Adaptation", "model.kwargs.");
    model
        .path("init_from", nullptr, "Start from a trained model",
              "A checkpoint (.ckpt) or a run folder. What fits is taken over by name, new perturbations "
              "are added. Empty: start from scratch.")
        .also({"init_from"});
    model
        .boolean("freeze_pert_backbone", false, "Freeze the backbone",
                 "Keep the backbone and the output as they are; only the encoders and the decoder learn.")
        .alias("model.kwargs.freeze_pert")
        .alias("model.freeze_pert")
        .alias("freeze_pert");
    add_lora(options);
    add_hyper_connections(options);
}

} // namespace ember
