// Options of the network. Defaults are those of arc-state's model=state, or of its code where the preset is
// silent.

#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

constexpr double most_layers = 256, most_width = 65536;

void add_size(OptionList& model) {
    model
        .integer("cell_set_len", 512, "Cells in a set",
                 "The model looks at so many cells together and learns how the whole set shifts. Cell types "
                 "with fewer cells are filled up by drawing cells again.")
        .unit("cells")
        .within(1, most_width);
    model
        .integer("hidden_dim", 768, "Width of the model",
                 "Numbers that describe a cell inside the model. Wider models learn more and take more "
                 "memory and time.")
        .within(1, most_width);
    model
        .integer("n_encoder_layers", 1, "Layers of the encoders",
                 "Layers that turn cells and perturbations into the model's own numbers.")
        .within(1, most_layers)
        .advanced();
    model
        .integer("n_decoder_layers", 1, "Layers of the output",
                 "Layers that turn the model's numbers back into a cell.")
        .within(1, most_layers)
        .advanced();
    model
        .choice("activation", "gelu", {"gelu", "relu", "leakyrelu", "elu", "selu"}, "Activation",
                "The bend between the layers of the encoders.")
        .advanced();
    model
        .real("dropout", 0.1, "Dropout",
              "Share of the encoders' numbers left out at random while training, against learning by heart.")
        .within(0, 0.99);
    model
        .boolean("use_basal_projection", true, "Deep encoder of controls",
                 "Encode the control cell with several layers rather than one.")
        .advanced();
    model
        .boolean("predict_residual", true, "Predict the change",
                 "Predict how a cell differs from its control rather than the cell itself.")
        .advanced();
}

void add_tokens(OptionList& model) {
    model.boolean("batch_encoder", false, "Tell the model the batch",
                  "The model learns a correction for each batch.");
    model
        .boolean("use_batch_token", false, "Guess the batch",
                 "A further token guesses the batch, so that the model keeps batch and effect apart.")
        .advanced();
    model
        .boolean("confidence_token", false, "Predict the confidence",
                 "A further token predicts how large the error of each set is.")
        .advanced();
    model
        .boolean("mask_attn", false, "Cells do not see each other",
                 "Each cell is predicted alone; for comparison only.")
        .advanced();
    model.integer("extra_tokens", 0, "Further tokens", "Positions kept for further tokens.")
        .within(0, most_layers)
        .advanced();
}

void add_decoder(OptionList& model) {
    model
        .boolean("gene_decoder_bool", true, "Gene decoder",
                 "Also predict genes from the predicted state, where the data have them.")
        .advanced();
    model
        .list("decoder_hidden_dims", OptionKind::integer, nlohmann::json::array({1024, 1024, 512}),
              "Widths of the gene decoder", "Widths of its layers, from the state to the genes.")
        .from(1)
        .advanced();
    model.real("decoder_dropout", 0.1, "Dropout of the gene decoder", "As dropout, in the gene decoder.")
        .within(0, 0.99)
        .advanced();
    model
        .boolean("residual_decoder", false, "Shortcuts in the gene decoder",
                 "Every other layer of the decoder adds its input to its output.")
        .advanced();
}

void add_backbone(std::vector<ConfigOption>& options) {
    OptionList model(options, "Model", "model.kwargs.");
    model
        .choice("transformer_backbone_key", "llama", {"llama"}, "Kind of backbone",
                "The transformer in the middle of the model. Only Llama can be trained.")
        .advanced();
    OptionList backbone(options, "Model", "model.kwargs.transformer_backbone_kwargs.");
    backbone
        .integer("num_hidden_layers", 8, "Layers of the backbone",
                 "More layers learn more and take more time.")
        .within(1, most_layers);
    backbone
        .integer("num_attention_heads", 12, "Attention heads",
                 "In how many ways cells are compared with each other.")
        .within(1, 4096);
    backbone
        .integer("num_key_value_heads", 12, "Key and value heads",
                 "Usually as many as attention heads, which must be a multiple of it.")
        .within(1, 4096)
        .advanced();
    backbone.integer("head_dim", 64, "Width of a head", "Numbers in each attention head.")
        .within(1, 4096)
        .advanced();
    backbone
        .integer("intermediate_size", 3072, "Inner width",
                 "Width inside the layers of the backbone, usually four times the model's.")
        .within(1, 4 * most_width)
        .advanced();
    backbone.integer("max_position_embeddings", 512, "Positions", "Follows the cells in a set.")
        .within(1, 2 * most_width)
        .advanced();
    backbone.integer("hidden_size", 768, "Width of the backbone", "Follows the width of the model.")
        .within(1, most_width)
        .advanced();
    backbone
        .boolean("bidirectional_attention", true, "Cells see all cells",
                 "Off: each cell sees only those before it, as words of a text do.")
        .advanced();
    backbone
        .real("attention_dropout", 0.0, "Dropout of attention",
              "Share of the comparisons between cells left out at random while training.")
        .within(0, 0.99)
        .advanced();
    backbone.real("rms_norm_eps", 1e-6, "Epsilon of the norms", "A small number against division by zero.")
        .within(1e-12, 1)
        .advanced();
    backbone
        .real("rope_theta", 10000.0, "Base of positions", "Only used when cells see only those before them.")
        .from(1)
        .advanced();
}

void add_unused_backbone(std::vector<ConfigOption>& options) {
    OptionList backbone(options, "Model", "model.kwargs.transformer_backbone_kwargs.", OptionFate::notice);
    const auto unused = [&](const char* leaf, OptionKind kind, nlohmann::json fallback) {
        return backbone
            .add(leaf, kind, std::move(fallback), leaf,
                 "Accepted and not used, as in arc-state: it does not change the model.")
            .advanced();
    };
    unused("use_cache", OptionKind::boolean, false);
    unused("hidden_dropout", OptionKind::real, 0.0);
    unused("layer_norm_eps", OptionKind::real, 1e-6);
    unused("pad_token_id", OptionKind::integer, 0);
    unused("bos_token_id", OptionKind::integer, 1);
    unused("eos_token_id", OptionKind::integer, 2);
    unused("tie_word_embeddings", OptionKind::boolean, false);
    unused("rotary_dim", OptionKind::integer, 0);
    unused("use_rotary_embeddings", OptionKind::boolean, false);
    unused("vocab_size", OptionKind::integer, 32000).from(1);
    unused("n_positions", OptionKind::integer, nullptr);
}

void add_unused(std::vector<ConfigOption>& options) {
    OptionList model(options, "Model", "model.kwargs.", OptionFate::notice);
    const auto flag = [&](const char* leaf, bool fallback) {
        model
            .boolean(leaf, fallback, leaf,
                     "Accepted and not used, as in arc-state: it does not change the model.")
            .advanced();
    };
    flag("softplus", true);
    flag("transformer_decoder", false);
    flag("use_effect_gating_token", false);
    flag("confidence_head", false);
    flag("finetune_vci_decoder", false);
    flag("predict_mean", false);
    flag("batch_predictor", false);
    model
        .real("batch_predictor_weight", 0.1, "batch_predictor_weight",
              "Accepted and not used, as in arc-state: it does not change the model.")
        .advanced();
    model
        .text("llm_name", nullptr, "llm_name",
              "Accepted and not used, as in arc-state: it does not change the model.")
        .advanced();
}

void add_outer(std::vector<ConfigOption>& options) {
    OptionList outer(options, "Model", "model.", OptionFate::notice);
    outer
        .choice("name", "state", {"state", "pertsets", "neuralot"}, "Kind of model",
                "State Transition, by any of its names in arc-state.")
        .advanced();
    outer
        .path("checkpoint", nullptr, "checkpoint",
              "Accepted and not used, as in arc-state: start from a model with model.kwargs.init_from.")
        .advanced();
    outer
        .text("device", "cuda", "device",
              "Accepted and not used, as in arc-state: the device is chosen with --device.")
        .advanced();
}

} // namespace

void add_model_options(std::vector<ConfigOption>& options) {
    add_outer(options);
    OptionList model(options, "Model", "model.kwargs.");
    add_size(model);
    add_tokens(model);
    add_decoder(model);
    add_backbone(options);
    add_unused_backbone(options);
    add_unused(options);
}

} // namespace ember
