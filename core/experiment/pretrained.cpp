#include "core/experiment/pretrained.hpp"

#include "core/base/error.hpp"
#include "core/experiment/config_schema.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* backbone = "transformer_backbone_kwargs.";

const char* activation_name(Activation activation) {
    switch (activation) {
    case Activation::gelu:
        return "gelu";
    case Activation::relu:
        return "relu";
    case Activation::leaky_relu:
        return "leakyrelu";
    case Activation::elu:
        return "elu";
    case Activation::selu:
        return "selu";
    }
    return "gelu";
}

struct Trait {
    std::string key; ///< below model.kwargs
    json value;
};

std::vector<Trait> traits_of(const StConfig& config) {
    const std::string inner = backbone;
    std::vector<Trait> traits{{"hidden_dim", config.hidden_dim},
                              {"n_encoder_layers", config.encoder_layers},
                              {"n_decoder_layers", config.decoder_layers},
                              {"use_basal_projection", config.basal_is_mlp},
                              {"activation", activation_name(config.activation)},
                              {"predict_residual", config.predict_residual},
                              {"mask_attn", config.mask_attn},
                              {inner + "hidden_size", config.hidden_dim},
                              {inner + "intermediate_size", config.intermediate_dim},
                              {inner + "num_hidden_layers", config.layers},
                              {inner + "num_attention_heads", config.heads},
                              {inner + "num_key_value_heads", config.kv_heads},
                              {inner + "head_dim", config.head_dim},
                              {inner + "bidirectional_attention", config.bidirectional}};
    if (config.batch_encoder) {
        traits.push_back({"batch_encoder", true});
    }
    if (config.gene_decoder) {
        traits.push_back({"residual_decoder", config.residual_decoder});
        traits.push_back({"decoder_hidden_dims", config.decoder_hidden_dims});
    }
    if (config.dead_parameters > 0) {
        traits.push_back({inner + "vocab_size", config.dead_parameters / config.hidden_dim});
    }
    return traits;
}

json& place_of(json& kwargs, const std::string& key) {
    json* place = &kwargs;
    for (std::size_t start = 0;;) {
        const std::size_t dot = key.find('.', start);
        place = &(*place)[key.substr(start, dot - start)];
        if (dot == std::string::npos) {
            return *place;
        }
        start = dot + 1;
    }
}

/// Sizes that follow from others or that nobody chooses.
bool is_derived(const std::string& key) {
    return key.ends_with("hidden_size") || key.ends_with("vocab_size");
}

bool left_as_default(const std::string& key, const json& value) {
    const ConfigOption* const option = find_config_option("model.kwargs." + key);
    return value.is_null() || option == nullptr || option->fallback == value;
}

} // namespace

Pretrained open_pretrained(const fs::path& init_from) {
    Pretrained pretrained;
    fs::path file = init_from;
    std::error_code failure;
    if (fs::is_directory(init_from, failure)) {
        pretrained.run = open_run_directory(init_from);
        file = pretrained.run->default_checkpoint();
    } else {
        const fs::path folder = fs::absolute(init_from).parent_path();
        const fs::path run = folder.filename() == "checkpoints" ? folder.parent_path() : folder;
        if (is_run_directory(run)) {
            pretrained.run = open_run_directory(run);
        }
    }
    pretrained.checkpoint = Checkpoint::open(file);
    pretrained.config = read_st_config(*pretrained.checkpoint, pretrained.run ? &*pretrained.run : nullptr);
    return pretrained;
}

std::vector<std::string> adopt_architecture(json& config, const Pretrained& pretrained) {
    json& kwargs = config["model"]["kwargs"];
    std::string adopted;
    for (const Trait& trait : traits_of(pretrained.config)) {
        json& value = place_of(kwargs, trait.key);
        if (value == trait.value) {
            continue;
        }
        if (!is_derived(trait.key) && !left_as_default(trait.key, value)) {
            throw Error("ShapeMismatch",
                        "The option " + trait.key + " is " + value.dump() +
                            ", but the pretrained model has " + trait.value.dump(),
                        {pretrained.checkpoint->path().string(), "model.kwargs." + trait.key, {}},
                        "Leave the option out, set it to " + trait.value.dump() +
                            ", or train without init_from");
        }
        if (!is_derived(trait.key) && !value.is_null()) {
            adopted += (adopted.empty() ? "" : ", ") + trait.key + " " + trait.value.dump();
        }
        value = trait.value;
    }
    json& set_len = kwargs["cell_set_len"];
    if (left_as_default("cell_set_len", set_len) && set_len != pretrained.config.cell_set_len) {
        set_len = pretrained.config.cell_set_len;
        adopted += (adopted.empty() ? "" : ", ") + std::string("cell_set_len ") + set_len.dump();
    }
    place_of(kwargs, std::string(backbone) + "max_position_embeddings") = set_len;
    if (adopted.empty()) {
        return {};
    }
    return {"The pretrained model's sizes replace defaults: " + adopted};
}

} // namespace ember
