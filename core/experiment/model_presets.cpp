#include "core/experiment/model_presets.hpp"

#include <array>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

struct Size {
    const char* name;
    int set_len, width, inner, layers, heads, head_dim, encoder_layers, decoder_layers;
    bool basal_projection;
};

constexpr std::array sizes = {
    Size{"state", 512, 768, 3072, 8, 12, 64, 1, 1, true},
    Size{"state_sm", 128, 672, 2688, 4, 8, 84, 4, 4, false},
    Size{"state_lg", 512, 1488, 5952, 6, 12, 124, 4, 4, false},
    Size{"tahoe_llama_212693232", 512, 1488, 5952, 6, 12, 124, 4, 4, false},
    Size{"tahoe_llama_62089464", 512, 696, 2784, 8, 12, 58, 4, 4, true},
    Size{"tahoe_best", 512, 1440, 4416, 4, 12, 120, 4, 4, true},
};

nlohmann::json options_of(const Size& size) {
    const std::string model = "model.kwargs.", backbone = model + "transformer_backbone_kwargs.";
    nlohmann::json options = {{model + "cell_set_len", size.set_len},
                              {model + "hidden_dim", size.width},
                              {model + "n_encoder_layers", size.encoder_layers},
                              {model + "n_decoder_layers", size.decoder_layers},
                              {model + "use_basal_projection", size.basal_projection},
                              {backbone + "max_position_embeddings", size.set_len},
                              {backbone + "hidden_size", size.width},
                              {backbone + "intermediate_size", size.inner},
                              {backbone + "num_hidden_layers", size.layers},
                              {backbone + "num_attention_heads", size.heads},
                              {backbone + "num_key_value_heads", size.heads},
                              {backbone + "head_dim", size.head_dim}};
    if (std::string(size.name) == "state_sm") {
        options[model + "gene_decoder_bool"] = false;
    }
    return options;
}

} // namespace

const std::vector<std::string>& model_presets() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Size& size : sizes) {
            all.emplace_back(size.name);
        }
        return all;
    }();
    return names;
}

nlohmann::json model_preset(const std::string& name) {
    for (const Size& size : sizes) {
        if (name == size.name) {
            return options_of(size);
        }
    }
    throw Error("BadConfig", "There is no model size '" + name + "'", {"", "model", {}},
                "Use one of " + quoted_list(model_presets()) +
                    "; other kinds of models cannot be trained here");
}

} // namespace ember
