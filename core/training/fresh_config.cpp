#include <algorithm>
#include <cctype>

#include "core/base/error.hpp"
#include "core/training/network.hpp"
#include "core/training/network_plan.hpp"

namespace ember {

namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& what, const std::string& remedy) {
    throw Error("BadConfig", what, {"", "model.kwargs." + key, {}}, remedy);
}

/// One table of the configuration; absent and null keys take the fallback.
class Keys {
public:
    Keys(const nlohmann::json& table, std::string prefix) : table_(table), prefix_(std::move(prefix)) {}

    bool has(const char* key) const {
        return table_.is_object() && table_.contains(key) && !table_[key].is_null();
    }

    std::int64_t integer(const char* key, std::int64_t fallback) const {
        if (!has(key)) {
            return fallback;
        }
        const nlohmann::json& value = table_[key];
        if (!value.is_number() || value.get<double>() != static_cast<double>(value.get<std::int64_t>())) {
            refuse(prefix_ + key,
                   "The option " + std::string(key) + " is " + value.dump() + ", not a whole number",
                   "Give a whole number");
        }
        return value.get<std::int64_t>();
    }

    std::int64_t positive(const char* key, std::int64_t fallback) const {
        const std::int64_t value = integer(key, fallback);
        if (value < 1) {
            refuse(prefix_ + key, "The option " + std::string(key) + " is " + std::to_string(value),
                   "Give a number of 1 or more");
        }
        return value;
    }

    double real(const char* key, double fallback) const {
        return has(key) && table_[key].is_number() ? table_[key].get<double>() : fallback;
    }

    bool flag(const char* key, bool fallback) const {
        if (!has(key)) {
            return fallback;
        }
        if (!table_[key].is_boolean()) {
            refuse(prefix_ + key, "The option " + std::string(key) + " is " + table_[key].dump(),
                   "Use true or false");
        }
        return table_[key].get<bool>();
    }

    std::string text(const char* key) const {
        return has(key) && table_[key].is_string() ? table_[key].get<std::string>() : std::string();
    }

private:
    const nlohmann::json& table_;
    std::string prefix_;
};

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

Activation activation_named(const std::string& name) {
    const std::string lower = lower_case(name);
    for (const auto& [known, activation] :
         {std::pair{"gelu", Activation::gelu}, std::pair{"relu", Activation::relu},
          std::pair{"leakyrelu", Activation::leaky_relu}, std::pair{"elu", Activation::elu},
          std::pair{"selu", Activation::selu}}) {
        if (lower == known) {
            return activation;
        }
    }
    if (!name.empty()) {
        refuse("activation", "The activation '" + name + "' is unknown",
               "Use gelu, relu, leakyrelu, elu or selu");
    }
    return Activation::gelu;
}

OutputSpace space_named(const std::string& name) {
    if (name == "gene" || name.empty()) {
        return OutputSpace::gene;
    }
    if (name == "all") {
        return OutputSpace::all;
    }
    if (name == "embedding") {
        return OutputSpace::embedding;
    }
    throw Error("BadConfig", "The output space '" + name + "' is unknown",
                {"", "data.kwargs.output_space", {}}, "Use gene, all or embedding");
}

void refuse_unsupported(const Keys& model, const Keys& backbone) {
    const std::string key = lower_case(model.text("transformer_backbone_key"));
    if (!key.empty() && key != "llama") {
        throw Error("UnsupportedModel",
                    "The backbone '" + key + "' cannot be trained; only Llama backbones can",
                    {"", "model.kwargs.transformer_backbone_key", {}}, "Use llama");
    }
    if (model.flag("finetune_vci_decoder", false)) {
        throw Error("UnsupportedModel", "A decoder of the SE model cannot be trained",
                    {"", "model.kwargs.finetune_vci_decoder", {}}, "Leave finetune_vci_decoder off");
    }
    const std::string activation = lower_case(backbone.text("hidden_act"));
    if (backbone.flag("attention_bias", false) || backbone.flag("mlp_bias", false) ||
        backbone.real("attention_dropout", 0) > 0 || (!activation.empty() && activation != "silu")) {
        throw Error(
            "UnsupportedModel",
            "A backbone with biases, dropout of attention or another activation than silu cannot be trained",
            {"", "model.kwargs.transformer_backbone_kwargs", {}},
            "Leave attention_bias, mlp_bias, attention_dropout and hidden_act as they are by default");
    }
}

/// LlamaConfig's defaults; where nothing is said, attention is bidirectional, as read_st_config reads it.
void read_backbone(const Keys& backbone, StConfig& config) {
    config.layers = backbone.positive("num_hidden_layers", 32);
    config.heads = backbone.positive("num_attention_heads", 32);
    config.kv_heads = backbone.positive("num_key_value_heads", config.heads);
    config.intermediate_dim = backbone.positive("intermediate_size", 11008);
    config.bidirectional = backbone.flag("bidirectional_attention", true);
    config.rms_norm_eps = backbone.real("rms_norm_eps", 1e-6);
    config.rope_theta = backbone.real("rope_theta", 10000);
    const std::string heads = std::to_string(config.heads);
    if (config.hidden_dim % config.heads != 0) {
        refuse("transformer_backbone_kwargs.num_attention_heads",
               "The width " + std::to_string(config.hidden_dim) + " is no multiple of the " + heads +
                   " attention heads",
               "Choose a number of heads that divides hidden_dim");
    }
    if (config.heads % config.kv_heads != 0) {
        refuse("transformer_backbone_kwargs.num_key_value_heads",
               "The " + heads + " attention heads are no multiple of the " + std::to_string(config.kv_heads) +
                   " key and value heads",
               "Choose a number that divides num_attention_heads");
    }
    config.head_dim = backbone.positive("head_dim", config.hidden_dim / config.heads);
    if (!config.bidirectional && config.head_dim % 2 != 0) {
        refuse("transformer_backbone_kwargs.head_dim",
               "Rotary positions need heads of an even size, not " + std::to_string(config.head_dim),
               "Choose an even head_dim, or bidirectional_attention: true");
    }
    if (backbone.positive("hidden_size", config.hidden_dim) != config.hidden_dim) {
        refuse("transformer_backbone_kwargs.hidden_size",
               "hidden_size and hidden_dim differ: " + std::to_string(backbone.integer("hidden_size", 0)) +
                   " and " + std::to_string(config.hidden_dim),
               "Give both the same number");
    }
    config.dead_parameters = backbone.positive("vocab_size", 32000) * config.hidden_dim;
}

void read_decoder(const nlohmann::json& kwargs, const Keys& model, std::int64_t genes, StConfig& config) {
    config.gene_decoder =
        config.output_space != OutputSpace::embedding && model.flag("gene_decoder_bool", true);
    if (!config.gene_decoder) {
        return;
    }
    config.gene_dim = genes;
    config.residual_decoder = model.flag("residual_decoder", false);
    config.decoder_hidden_dims = {1024, 1024, 512};
    if (!model.has("decoder_hidden_dims")) {
        return;
    }
    const nlohmann::json& widths = kwargs["decoder_hidden_dims"];
    config.decoder_hidden_dims.clear();
    for (const nlohmann::json& width : widths) {
        if (!width.is_number_integer() || width.get<std::int64_t>() < 1) {
            refuse("decoder_hidden_dims", "The decoder's widths are " + widths.dump(),
                   "Give a list of whole numbers, such as [1024, 1024, 512]");
        }
        config.decoder_hidden_dims.push_back(width.get<std::int64_t>());
    }
    for (std::size_t j = 1; config.residual_decoder && j < config.decoder_hidden_dims.size(); j += 2) {
        if (config.decoder_hidden_dims[j] != config.decoder_hidden_dims[j - 1]) {
            refuse("decoder_hidden_dims",
                   "A residual decoder cannot change its width within a pair of blocks",
                   "Give equal widths to the first and second block, to the third and fourth …");
        }
    }
}

void read_tokens(const Keys& model, std::int64_t batch_dim, StConfig& config) {
    config.batch_dim = batch_dim;
    config.batch_encoder = model.flag("batch_encoder", false);
    config.batch_token = model.flag("use_batch_token", false) && !config.batch_encoder &&
                         config.basal_mapping_strategy == "batch";
    if ((config.batch_encoder || config.batch_token) && batch_dim < 1) {
        refuse(config.batch_encoder ? "batch_encoder" : "use_batch_token",
               "The model should know batches, but the data has none",
               "Name the batch column (data.kwargs.batch_col), or leave the option off");
    }
    config.confidence_token = model.flag("confidence_token", false);
    if (config.confidence_token && config.hidden_dim < 4) {
        refuse("confidence_token", "The width is too small for a confidence token",
               "Use a larger hidden_dim");
    }
}

/// The width of the predicted cells and what follows project_out (reference §3.5, §3.6).
void settle_output(const std::string& embed_key, StConfig& config) {
    config.output_dim = config.input_dim;
    const bool gene_space_input = embed_key.empty() || embed_key == "X_hvg";
    config.final_relu = gene_space_input || !config.gene_decoder;
    config.final_down_then_up = config.output_space == OutputSpace::all && config.predict_residual;
    if (config.output_space == OutputSpace::all && config.output_dim < 8) {
        refuse("hidden_dim", "Output space all needs 8 features or more", "Use output_space gene");
    }
}

} // namespace

StConfig fresh_st_config(const nlohmann::json& model_kwargs, const std::string& embed_key,
                         const std::string& output_space, std::int64_t input_dim, std::int64_t gene_dim,
                         std::int64_t hvg_dim, std::int64_t pert_dim, std::int64_t batch_dim) {
    static const nlohmann::json nothing = nlohmann::json::object();
    const Keys model(model_kwargs, "");
    const bool stated = model.has("transformer_backbone_kwargs");
    const Keys backbone(stated ? model_kwargs["transformer_backbone_kwargs"] : nothing,
                        "transformer_backbone_kwargs.");
    refuse_unsupported(model, backbone);
    StConfig config;
    config.embed_key = embed_key;
    config.control_pert = model.text("control_pert");
    config.basal_mapping_strategy = model.text("basal_mapping_strategy");
    config.input_dim = input_dim;
    config.pert_dim = pert_dim;
    config.hidden_dim = model.positive("hidden_dim", backbone.integer("hidden_size", 0));
    config.cell_set_len = model.positive("cell_set_len", 256);
    config.encoder_layers = model.positive("n_encoder_layers", 2);
    config.decoder_layers = model.positive("n_decoder_layers", 2);
    config.basal_is_mlp = model.flag("use_basal_projection", true);
    config.basal_layers = config.basal_is_mlp ? config.encoder_layers : 1;
    config.activation = activation_named(model.text("activation"));
    config.output_space = space_named(output_space);
    config.predict_residual = model.flag("predict_residual", true);
    config.mask_attn = model.flag("mask_attn", false);
    read_backbone(backbone, config);
    read_tokens(model, batch_dim, config);
    read_decoder(model_kwargs, model, config.output_space == OutputSpace::gene ? hvg_dim : gene_dim, config);
    settle_output(embed_key, config);
    config.backbone_prefix = "transformer_backbone.";
    for (const PlannedParameter& parameter : plan_network(config, {})) {
        config.parameters += parameter.held ? parameter.count() : 0;
    }
    return config;
}

} // namespace ember
