// Options of the optimizer, the loop, checkpoints and monitoring.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

constexpr double most_steps = 1e12;

void add_optimizer(std::vector<ConfigOption>& options) {
    OptionList training(options, "Optimizer", "training.");
    OptionList ours(options, "Optimizer", "training.", OptionFate::ours);
    OptionList here(options, "Optimizer", "training.", OptionFate::works_here);
    training
        .real("lr", 1e-4, "Learning rate",
              "How far each step goes. Too large: the loss jumps; too small: nothing happens. For a trained "
              "model take a tenth.")
        .within(0, 10)
        .also({"learning_rate"})
        .alias("model.kwargs.lr")
        .alias("optimizer.lr");
    ours.choice("optimizer", "adam", {"adam", "adamw"}, "Optimizer",
                "adam: as arc-state; adamw: weight decay apart from the gradients.");
    here.real("weight_decay", 0.0005, "Weight decay",
              "Pulls weights towards zero in each step. arc-state reads it and ignores it.")
        .within(0, 10)
        .alias("optimizer.weight_decay");
    training
        .real("gradient_clip_val", 10, "Gradient clipping",
              "Longer gradients are cut to this length, so that one odd batch does no harm. 0: never.")
        .from(0)
        .also({"gradient_clip_val", "grad_clip", "gradient_clip"});
    training
        .integer("gradient_accumulation_steps", 1, "Batches per step",
                 "Gradients of so many batches are added up before each step: a larger batch in the same "
                 "memory.")
        .unit("batches")
        .within(1, 65536)
        .also({"gradient_accumulation_steps", "accumulate_grad_batches"});
    ours.choice("lr_schedule", "constant", {"constant", "linear", "cosine"}, "Schedule",
                "How the learning rate falls until the last step.")
        .also({"lr_scheduler"});
    ours.integer("warmup_steps", 0, "Warm-up",
                 "Steps over which the learning rate grows from 0 at the start.")
        .unit("steps")
        .within(0, most_steps)
        .also({"lr_warmup_steps"});
    ours.real("final_lr_ratio", 0.0, "Learning rate at the end",
              "Share of the learning rate that a schedule ends with.")
        .within(0, 1)
        .advanced();
}

void add_loop(std::vector<ConfigOption>& options) {
    OptionList training(options, "Loop", "training.");
    OptionList ours(options, "Loop", "training.", OptionFate::ours);
    training.integer("batch_size", 16, "Sets in a batch", "Sets of cells that a step learns from.")
        .unit("sets")
        .within(1, 65536)
        .also({"batch_size"});
    training.integer("max_steps", 400000, "Steps", "Training ends after so many steps.")
        .unit("steps")
        .within(0, most_steps)
        .also({"max_steps"});
    ours.integer("max_epochs", nullptr, "Passes over the data",
                 "Training ends after so many passes, or at the last step if that comes first.")
        .unit("epochs")
        .within(0, most_steps)
        .also({"max_epochs", "epochs"});
    training.integer("val_freq", 2000, "Validate every", "Steps between two looks at the held-out cells.")
        .unit("steps")
        .within(1, most_steps)
        .also({"val_freq", "val_check_interval"});
    ours.integer("early_stop_patience", nullptr, "Patience",
                 "Stop when so many validations in a row were no better. Empty: never stop early.")
        .unit("validations")
        .within(1, most_steps)
        .also({"early_stopping_patience", "patience"});
    ours.real("early_stop_min_delta", 0.0, "Least improvement",
              "Smaller improvements of the validation loss do not count for the patience.")
        .from(0)
        .advanced();
    training
        .integer("train_seed", 42, "Seed",
                 "All random choices follow from it: the same seed gives the same run.")
        .within(0, 9007199254740992.0)
        .also({"train_seed", "seed"});
    ours.choice("precision", "float32", {"float32", "bfloat16"}, "Precision of the products",
                "bfloat16 is faster on processors that have it, a little less exact, and keeps weights in "
                "float32.");
    ours.boolean("gradient_checkpointing", false, "Save memory, take longer",
                 "Compute parts of the network twice instead of keeping them.")
        .also({"gradient_checkpointing"});
    ours.boolean("roll_back", true, "Go back after a spike",
                 "When the loss explodes or is not a number, go back to the last good checkpoint, go on "
                 "with other cells and say so.")
        .advanced();
    ours.boolean("peer_compatible", false, "Exactly as arc-state",
                 "Ignore what arc-state reads and ignores: weight decay, schedules, numbered checkpoints, "
                 "decoder_loss_weight.")
        .advanced();
}

void add_watching(std::vector<ConfigOption>& options) {
    OptionList here(options, "Checkpoints", "training.", OptionFate::works_here);
    here.integer("ckpt_every_n_steps", 0, "Numbered checkpoints every",
                 "Besides the best and the last model, keep one every so many steps. 0: none. arc-state "
                 "writes 2000 and ignores it.")
        .unit("steps")
        .within(0, most_steps)
        .also({"ckpt_every_n_steps"});
    OptionList training(options, "Monitoring", "training.");
    OptionList ours(options, "Monitoring", "training.", OptionFate::ours);
    training.integer("log_every_n_steps", 50, "Record every", "Steps between two points of the curves.")
        .unit("steps")
        .within(1, most_steps)
        .also({"log_every_n_steps"});
    ours.integer("monitor_cells", 1000, "Cells of the live map",
                 "Held-out cells whose predictions are kept for the live map. 0: no map.")
        .unit("cells")
        .within(0, 1000000);
}

void add_unused(std::vector<ConfigOption>& options) {
    OptionList training(options, "Loop", "training.", OptionFate::notice);
    const auto unused = [&](const char* leaf, OptionKind kind, nlohmann::json fallback, const char* help) {
        training.add(leaf, kind, std::move(fallback), leaf, help).advanced();
    };
    const char* const nowhere = "Accepted and not used, as in arc-state.";
    const char* const counting = "Accepted and not used: speed is always measured and shown.";
    unused("wandb_track", OptionKind::boolean, true, nowhere);
    unused("loss_fn", OptionKind::text, "mse",
           "Accepted and not used, as in arc-state: the loss is model.kwargs.loss.");
    unused("devices", OptionKind::integer, 1, "Accepted and not used: one device trains (--device).");
    unused("strategy", OptionKind::text, "auto", "Accepted and not used: one device trains (--device).");
    unused("use_mfu", OptionKind::boolean, false, counting);
    unused("mfu_kwargs.available_flops", OptionKind::real, 60e12, counting);
    unused("mfu_kwargs.use_backward", OptionKind::boolean, true, counting);
    unused("mfu_kwargs.logging_interval", OptionKind::integer, 10, counting);
    unused("mfu_kwargs.window_size", OptionKind::integer, 2, counting);
    unused("cumulative_flops_use_backward", OptionKind::boolean, true, counting);
}

} // namespace

void add_training_options(std::vector<ConfigOption>& options) {
    add_optimizer(options);
    add_loop(options);
    add_watching(options);
    add_unused(options);
}

} // namespace ember
