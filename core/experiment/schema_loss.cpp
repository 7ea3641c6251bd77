// Options of the losses, the velocity terms among them.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

void add_weights(std::vector<ConfigOption>& options) {
    OptionList model(options, "Loss", "model.kwargs.");
    model.real("sinkhorn_weight", 0.01, "Weight of Sinkhorn", "Of the loss `se`.").from(0).advanced();
    model.real("energy_weight", 1.0, "Weight of energy", "Of the loss `se`.").from(0).advanced();
    model
        .integer("mmd_num_chunks", 1, "Parts of the features",
                 "Compare sets part by part of their features and average.")
        .within(1, 65536)
        .advanced();
    model
        .boolean("randomize_mmd_chunks", false, "Random parts", "Divide the features at random in each step.")
        .advanced();
    model
        .real("regularization", 0.0, "Pull towards the control",
              "Adds this times the mean change of a cell: larger values make smaller changes.")
        .from(0)
        .advanced();
    model
        .real("decoder_weight", 1.0, "Weight of the gene decoder",
              "How much the predicted genes count beside the predicted state.")
        .from(0);
    OptionList here(options, "Loss", "model.kwargs.", OptionFate::works_here);
    here.real("decoder_loss_weight", nullptr, "Weight of the gene decoder (old name)",
              "Replaces decoder_weight when it is given. arc-state reads it and ignores it.")
        .from(0)
        .advanced();
    model
        .boolean("detach_decoder", false, "Gene decoder learns alone",
                 "Errors of the predicted genes do not change the rest of the model.")
        .advanced();
    model.real("batch_token_weight", 0.1, "Weight of guessing the batch", "With use_batch_token.")
        .from(0)
        .advanced();
    model.real("confidence_weight", 0.01, "Weight of the confidence", "With confidence_token.")
        .from(0)
        .advanced();
    model
        .real("confidence_target_scale", 10.0, "Scale of the confidence",
              "The confidence predicts this times the loss of a set.")
        .from(0)
        .advanced();
}

void add_velocity_data(OptionList& model) {
    model
        .text("velocity_key", "velocity_latent", "Velocities",
              "Key of obsm with each cell's RNA velocity in the space of the input.")
        .also({"velocity_key"});
    model
        .text("velocity_confidence_key", "velocity_confidence", "Confidence of velocities",
              "Column of obs with the confidence of each velocity, 0 to 1.")
        .also({"velocity_confidence_key"});
    model
        .choice("velocity_form", "formula", {"formula", "upstream"}, "Form of the velocity terms",
                "formula: direction and length are weighted separately, only the direction is ramped up; "
                "upstream: both are ramped up together.")
        .advanced();
    model
        .boolean("velocity_weighted", false, "Weight by confidence",
                 "Sure velocities count more; off: all used ones count alike.")
        .advanced();
    model
        .real("velocity_max_row_gradient", nullptr, "Largest pull on a cell",
              "Limits the pull of the velocity terms on a single cell. Empty: no limit.")
        .from(0)
        .advanced();
}

void add_velocity(std::vector<ConfigOption>& options) {
    OptionList model(options, "Loss", "model.kwargs.", OptionFate::ours);
    model
        .boolean("use_velocity_alignment", false, "Follow RNA velocity",
                 "Predicted changes shall point where RNA velocity points. The data must hold velocities of "
                 "the control cells. arc-state does not know it.")
        .also({"use_velocity_alignment"});
    model
        .real("velocity_lambda", 0.1, "Weight of the direction",
              "How much the angle between predicted change and velocity counts.")
        .from(0)
        .also({"velocity_lambda"});
    model
        .real("velocity_mu", 0.01, "Weight of the length",
              "How much the difference in length between change and velocity counts.")
        .from(0)
        .also({"velocity_mu"});
    model
        .real("velocity_beta", 1.0, "Expected length",
              "A predicted change is expected to be this times as long as the velocity.")
        .from(0)
        .also({"velocity_beta"})
        .advanced();
    model
        .real("velocity_min_confidence", 0.3, "Least confidence",
              "Cells whose velocity is less sure do not count.")
        .within(0, 1)
        .also({"velocity_min_confidence"});
    model
        .integer("velocity_warmup_steps", 1000, "Ramp of the direction",
                 "Steps over which the weight of the direction grows from 0.")
        .unit("steps")
        .from(0)
        .also({"velocity_warmup_steps"});
    add_velocity_data(model);
}

} // namespace

void add_loss_options(std::vector<ConfigOption>& options) {
    OptionList model(options, "Loss", "model.kwargs.");
    model.choice("loss", "energy", {"energy", "sinkhorn", "se", "mse"}, "Loss",
                 "How predicted and observed sets are compared: energy distance, Sinkhorn divergence, both "
                 "(se), or cell by cell (mse).");
    model
        .choice("distributional_loss", "energy", {"energy", "gaussian", "laplacian"}, "Kernel",
                "The kernel of the energy loss.")
        .advanced();
    model.real("blur", 0.05, "Blur", "Width of the Sinkhorn, Gaussian and Laplacian kernels.")
        .within(1e-9, 1e9)
        .advanced();
    add_weights(options);
    add_velocity(options);
}

} // namespace ember
