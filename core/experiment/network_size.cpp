#include "core/experiment/run_estimate.hpp"
#include "core/run/st_settings.hpp"

namespace ember {

namespace {

using nlohmann::json;

std::int64_t linear(std::int64_t in, std::int64_t out) {
    return in * out + out;
}

std::int64_t mlp(std::int64_t layers, std::int64_t in, std::int64_t hidden, std::int64_t out) {
    return layers <= 1 ? linear(in, out)
                       : linear(in, hidden) + (layers - 2) * linear(hidden, hidden) + linear(hidden, out);
}

json entry(const json& object, const char* key) {
    return object.is_object() && object.contains(key) ? object.at(key) : json();
}

std::int64_t decoder_parameters(const json& kwargs, const RunExtent& extent) {
    std::vector<std::int64_t> widths{1024, 1024, 512};
    if (const json stated = entry(kwargs, "decoder_hidden_dims"); stated.is_array()) {
        widths = stated.get<std::vector<std::int64_t>>();
    }
    std::int64_t in = extent.output_dim, sum = 0;
    for (const std::int64_t width : widths) {
        sum += linear(in, width) + 2 * width;
        in = width;
    }
    return sum + linear(in, extent.gene_dim);
}

std::int64_t adapter_parameters(const LoraSettings& lora, const NetworkSize& size) {
    const std::int64_t query = size.heads * size.head_dim, key = size.kv_heads * size.head_dim;
    std::int64_t widths = 0; // in + out of each adapted product
    const auto adapts = [&](const char* name, bool by_default) {
        if (lora.targets.empty()) {
            return by_default;
        }
        for (const std::string& target : lora.targets) {
            if (target == name) {
                return true;
            }
        }
        return false;
    };
    widths += adapts("q_proj", true) ? size.hidden + query : 0;
    widths += adapts("k_proj", true) ? size.hidden + key : 0;
    widths += adapts("v_proj", true) ? size.hidden + key : 0;
    widths += adapts("o_proj", true) ? size.hidden + query : 0;
    for (const char* const name : {"gate_proj", "up_proj", "down_proj"}) {
        widths += adapts(name, lora.adapt_mlp) ? size.hidden + size.intermediate : 0;
    }
    return size.layers * lora.r * widths;
}

std::int64_t mixer_parameters(const HyperConnectionSettings& mhc, const NetworkSize& size) {
    if (mhc.form == HyperConnection::seed) {
        return size.layers * 2 * 3 * size.hidden * size.hidden;
    }
    const std::int64_t coefficients = mhc.streams * mhc.streams + 2 * mhc.streams,
                       width = mhc.streams * size.hidden;
    return size.layers * 2 * (width + linear(width, coefficients) + 3);
}

void read_sizes(const json& kwargs, NetworkSize& size) {
    const json backbone = entry(kwargs, "transformer_backbone_kwargs");
    const auto inner = [&](const char* key, std::int64_t fallback) {
        return integer_or(entry(backbone, key), fallback);
    };
    size.hidden = integer_or(entry(kwargs, "hidden_dim"), 768);
    size.set_len = integer_or(entry(kwargs, "cell_set_len"), 512);
    size.encoder_layers = integer_or(entry(kwargs, "n_encoder_layers"), 1);
    size.decoder_layers = integer_or(entry(kwargs, "n_decoder_layers"), 1);
    size.layers = inner("num_hidden_layers", 8);
    size.heads = inner("num_attention_heads", 12);
    size.kv_heads = inner("num_key_value_heads", size.heads);
    size.head_dim = inner("head_dim", size.heads > 0 ? size.hidden / size.heads : 64);
    size.intermediate = inner("intermediate_size", 4 * size.hidden);
    size.zeros = inner("vocab_size", 32000) * size.hidden;
}

} // namespace

NetworkSize network_size(const json& kwargs, const NetworkSettings& settings, const std::string& output_space,
                         const RunExtent& extent) {
    NetworkSize size;
    read_sizes(kwargs, size);
    const std::int64_t width = size.hidden, in = extent.input_dim, out = extent.output_dim;
    const std::int64_t query = size.heads * size.head_dim, key = size.kv_heads * size.head_dim;
    const std::int64_t backbone =
        size.layers * (2 * width * query + 2 * width * key + 3 * width * size.intermediate + 2 * width) +
        width;
    const std::int64_t project_out = mlp(size.decoder_layers, width, width, out);
    size.per_set = mlp(size.encoder_layers, extent.pert_dim, width, width);
    std::int64_t others = size.per_set + (flag_or(entry(kwargs, "use_basal_projection"), true)
                                              ? mlp(size.encoder_layers, in, width, width)
                                              : linear(in, width));
    if (output_space == "all") {
        others += linear(out, out / 8) + linear(out / 8, out);
    }
    if (flag_or(entry(kwargs, "batch_encoder"), false)) {
        others += extent.batch_dim * width;
    } else if (flag_or(entry(kwargs, "use_batch_token"), false)) {
        others += width + linear(width, extent.batch_dim);
    }
    if (flag_or(entry(kwargs, "confidence_token"), false)) {
        others += width + linear(width, width / 2) + width + linear(width / 2, width / 4) + width / 2 +
                  linear(width / 4, 1);
    }
    if (output_space != "embedding" && flag_or(entry(kwargs, "gene_decoder_bool"), true)) {
        others += decoder_parameters(kwargs, extent);
    }
    const std::int64_t adapters = settings.lora.enable ? adapter_parameters(settings.lora, size) : 0;
    const std::int64_t mixers = settings.mhc.enable ? mixer_parameters(settings.mhc, size) : 0;
    size.parameters = backbone + project_out + others + adapters + mixers;
    size.trainable = size.parameters;
    if (settings.lora.enable || settings.freeze_backbone) {
        size.trainable -= backbone;
    }
    if (settings.freeze_backbone) {
        size.trainable -= project_out;
    }
    return size;
}

} // namespace ember
