#include "core/run/st_config.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/run/st_settings.hpp"
#include "core/run/st_tensors.hpp"
#include "core/run/st_unusual.hpp"

namespace ember {

namespace {

constexpr std::int64_t default_cell_set_len = 256;
constexpr double default_lora_alpha = 32;

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return text;
}

void check_backbone_kind(const StSettings& settings, const std::string& file) {
    const std::string key = settings.text("transformer_backbone_key");
    if (!key.empty() && lower_case(key) != "llama") {
        throw Error("UnsupportedModel",
                    "The model has the backbone '" + key + "'; only Llama backbones can be run",
                    {file, "transformer_backbone_key", {}}, "Choose a model with a Llama backbone");
    }
}

Activation activation_of(const StSettings& settings, const std::string& file) {
    const std::string name = lower_case(settings.text("activation"));
    for (const auto& [known, activation] :
         {std::pair{"gelu", Activation::gelu}, std::pair{"relu", Activation::relu},
          std::pair{"leakyrelu", Activation::leaky_relu}, std::pair{"elu", Activation::elu},
          std::pair{"selu", Activation::selu}}) {
        if (name == known || (name.empty() && activation == Activation::gelu)) {
            return activation;
        }
    }
    throw Error("UnsupportedModel", "The model has the unknown activation '" + name + "'",
                {file, "activation", {}});
}

/// What arc-state's data module takes when nobody states it.
OutputSpace output_space_of(const StSettings& settings, const std::string& file) {
    const std::string name = settings.text("output_space");
    if (name == "gene") {
        return OutputSpace::gene;
    }
    if (name == "embedding") {
        return OutputSpace::embedding;
    }
    if (name == "all" || name.empty()) {
        return name.empty() ? OutputSpace::gene : OutputSpace::all;
    }
    throw Error("UnsupportedModel", "The model has the unknown output space '" + name + "'",
                {file, "output_space", {}});
}

void read_heads(const StSettings& settings, const std::string& file, StConfig& config) {
    config.heads = integer_or(settings.value("transformer_backbone_kwargs", "num_attention_heads"), 0);
    if (config.heads <= 0 || config.heads > config.hidden_dim) {
        throw Error("MissingMember", "The number of attention heads is not stated, and no shape tells it",
                    {file, "transformer_backbone_kwargs.num_attention_heads", {}},
                    "Keep the checkpoint in its run directory, whose config.yaml states it");
    }
}

void read_flags(const StSettings& settings, const std::string& file, StConfig& config) {
    const auto backbone = [&](const char* key) { return settings.value("transformer_backbone_kwargs", key); };
    config.activation = activation_of(settings, file);
    config.output_space = output_space_of(settings, file);
    config.predict_residual = settings.flag("predict_residual", true);
    config.mask_attn = settings.flag("mask_attn", false);
    config.bidirectional = flag_or(backbone("bidirectional_attention"), true);
    config.rms_norm_eps = real_or(backbone("rms_norm_eps"), config.rms_norm_eps);
    config.rope_theta = real_or(backbone("rope_theta"), config.rope_theta);
    config.cell_set_len = integer_or(settings.value("cell_set_len"), default_cell_set_len);
    config.embed_key = settings.text("embed_key");
    config.control_pert = settings.text("control_pert");
    config.basal_mapping_strategy = settings.text("basal_mapping_strategy");
    config.mixers.iterations = integer_or(settings.value("mhc", "sinkhorn_iters"), config.mixers.iterations);
    config.lora.alpha = real_or(settings.value("lora", "alpha"), default_lora_alpha);
}

void read_names(const StSettings& settings, const RunDirectory* run, StConfig& config) {
    const nlohmann::json names = settings.value("gene_names");
    if (names.is_array()) {
        for (const nlohmann::json& name : names) {
            config.gene_names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
        }
    }
    if (config.gene_names.empty() && run != nullptr) {
        config.gene_names = run->var_dims.gene_names;
    }
    if (config.batch_dim == 0) {
        config.batch_dim = std::max<std::int64_t>(0, integer_or(settings.value("batch_dim"), 0));
    }
    if (config.batch_dim == 0 && run != nullptr) {
        config.batch_dim = std::max<std::int64_t>(0, run->var_dims.batch_dim.value_or(0));
    }
}

void count_parameters(const StTensors& tensors, StConfig& config) {
    for (const TensorView& tensor : tensors.all()) {
        (tensor.name.ends_with("embed_tokens.weight") ? config.dead_parameters : config.parameters) +=
            tensor.numel();
    }
}

/// Reference §3.5 and §3.6: which activations follow project_out.
void derive_output(const StTensors& tensors, StConfig& config) {
    const bool gene_space_input = config.embed_key.empty() || config.embed_key == "X_hvg";
    config.final_relu = gene_space_input || !config.gene_decoder;
    config.final_down_then_up = tensors.has_prefix("final_down_then_up.") && config.predict_residual &&
                                config.output_space == OutputSpace::all;
}

} // namespace

StConfig read_st_config(const nlohmann::json& hyper_parameters, const std::vector<TensorView>& tensors,
                        const RunDirectory* run, const std::string& file) {
    const StSettings settings(hyper_parameters, run);
    const StTensors table(tensors, file);
    check_backbone_kind(settings, file);
    StConfig config;
    read_dimensions(table, config);
    read_heads(settings, file, config);
    read_flags(settings, file, config);
    check_backbone(table, config);
    check_mixers(table, config);
    read_names(settings, run, config);
    count_parameters(table, config);
    derive_output(table, config);
    config.unusual = unusual_facts(table, settings, config, run);
    return config;
}

StConfig read_st_config(const Checkpoint& checkpoint, const RunDirectory* run) {
    StConfig config =
        read_st_config(checkpoint.hyper_parameters(), checkpoint.tensors(), run, checkpoint.path().string());
    if (!checkpoint.has_optimizer_state()) {
        config.unusual.emplace_back(
            "The checkpoint has no optimizer state: training starts afresh from its weights");
    }
    return config;
}

} // namespace ember
