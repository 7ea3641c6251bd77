#include "core/run/st_tensors.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr std::int64_t mlp_step = 3;     ///< Linear, activation, dropout
constexpr std::int64_t decoder_step = 4; ///< Linear, LayerNorm, GELU, dropout

std::string at(const std::string& prefix, std::int64_t number, const std::string& suffix) {
    return prefix + std::to_string(number) + suffix;
}

/// A Linear that takes `in` features (any number if 0); returns the number it gives.
std::int64_t linear(const StTensors& tensors, const std::string& name, std::int64_t in) {
    const TensorView& weight = tensors.need(name + ".weight", 2);
    if (in != 0) {
        tensors.need(name + ".weight", std::vector{weight.shape[0], in});
    }
    tensors.need(name + ".bias", std::vector{weight.shape[0]});
    return weight.shape[0];
}

struct Mlp {
    std::int64_t layers = 0, in = 0, out = 0;
};

Mlp read_mlp(const StTensors& tensors, const std::string& prefix) {
    Mlp mlp;
    mlp.layers = tensors.count(prefix, mlp_step, ".weight");
    mlp.in = tensors.need(prefix + "0.weight", 2).shape[1];
    mlp.out = mlp.in;
    for (std::int64_t i = 0; i < mlp.layers; ++i) {
        mlp.out = linear(tensors, prefix + std::to_string(i * mlp_step), mlp.out);
    }
    return mlp;
}

void expect(bool holds, const StTensors& tensors, const std::string& name, const std::string& what) {
    if (!holds) {
        throw Error("ShapeMismatch", "The parts of the model do not fit together: " + what,
                    {tensors.file(), name, {}}, "Copy the checkpoint again, or choose another");
    }
}

void read_encoders(const StTensors& tensors, StConfig& config) {
    const Mlp pert = read_mlp(tensors, "pert_encoder.");
    config.encoder_layers = pert.layers;
    config.pert_dim = pert.in;
    expect(pert.out == config.hidden_dim, tensors, "pert_encoder", "its output is not the hidden width");
    config.basal_is_mlp = !tensors.has("basal_encoder.weight");
    Mlp basal{1, 0, 0};
    if (config.basal_is_mlp) {
        basal = read_mlp(tensors, "basal_encoder.");
    } else {
        basal.out = linear(tensors, "basal_encoder", 0);
        basal.in = tensors.need("basal_encoder.weight", 2).shape[1];
    }
    config.basal_layers = basal.layers;
    config.input_dim = basal.in;
    expect(basal.out == config.hidden_dim, tensors, "basal_encoder", "its output is not the hidden width");
}

void read_output(const StTensors& tensors, StConfig& config) {
    const Mlp out = read_mlp(tensors, "project_out.");
    config.decoder_layers = out.layers;
    config.output_dim = out.out;
    expect(out.in == config.hidden_dim, tensors, "project_out", "its input is not the hidden width");
    if (tensors.has_prefix("final_down_then_up.")) {
        const std::int64_t narrow = linear(tensors, "final_down_then_up.0", config.output_dim);
        expect(linear(tensors, "final_down_then_up.2", narrow) == config.output_dim, tensors,
               "final_down_then_up.2", "its output is not the model's");
    }
}

void read_tokens(const StTensors& tensors, StConfig& config) {
    const std::int64_t width = config.hidden_dim;
    if (const TensorView* const weight = tensors.find("batch_encoder.weight")) {
        config.batch_encoder = true;
        tensors.need(weight->name, 2);
        config.batch_dim = weight->shape[0];
        tensors.need(weight->name, std::vector{config.batch_dim, width});
    }
    if (tensors.has("batch_token")) {
        config.batch_token = true;
        tensors.need("batch_token", std::vector<std::int64_t>{1, 1, width});
    }
    if (tensors.has_prefix("batch_classifier.")) {
        config.batch_dim = linear(tensors, "batch_classifier.0", width);
    }
    if (tensors.has_prefix("confidence_token.")) {
        config.confidence_token = true;
        const std::string head = "confidence_token.confidence_projection.";
        tensors.need("confidence_token.confidence_token", std::vector<std::int64_t>{1, 1, width});
        std::int64_t features = width;
        for (const int i : {0, 4}) {
            features = linear(tensors, at(head, i, ""), features);
            tensors.need(at(head, i + 1, ".weight"), std::vector{features});
            tensors.need(at(head, i + 1, ".bias"), std::vector{features});
        }
        expect(linear(tensors, head + "8", features) == 1, tensors, head + "8", "it is not one number");
    }
}

std::int64_t decoder_block(const StTensors& tensors, const std::string& linear_name,
                           const std::string& norm_name, std::int64_t in) {
    const std::int64_t out = linear(tensors, linear_name, in);
    tensors.need(norm_name + ".weight", std::vector{out});
    tensors.need(norm_name + ".bias", std::vector{out});
    return out;
}

void read_decoder(const StTensors& tensors, StConfig& config) {
    const std::string plain = "gene_decoder.decoder.", blocks = "gene_decoder.blocks.";
    config.residual_decoder = tensors.has_prefix(blocks);
    config.gene_decoder = config.residual_decoder || tensors.has_prefix(plain);
    std::int64_t features = config.output_dim;
    if (config.residual_decoder) {
        const std::int64_t count = tensors.count(blocks, 1, ".0.weight");
        for (std::int64_t i = 0; i < count; ++i) {
            features = decoder_block(tensors, at(blocks, i, ".0"), at(blocks, i, ".1"), features);
            config.decoder_hidden_dims.push_back(features);
            expect(i % 2 == 0 || features == config.decoder_hidden_dims[static_cast<std::size_t>(i) - 1],
                   tensors, at(blocks, i, ""), "a residual block changes its width");
        }
        config.gene_dim = linear(tensors, "gene_decoder.final_layer.0", features);
    } else if (config.gene_decoder) {
        const std::int64_t count = tensors.count(plain, decoder_step, ".weight");
        for (std::int64_t i = 0; i + 1 < count; ++i) {
            features = decoder_block(tensors, at(plain, i * decoder_step, ""),
                                     at(plain, i * decoder_step + 1, ""), features);
            config.decoder_hidden_dims.push_back(features);
        }
        config.gene_dim =
            linear(tensors, at(plain, (std::max<std::int64_t>(count, 1) - 1) * decoder_step, ""), features);
    }
}

void refuse_gpt2(const StTensors& tensors) {
    if (tensors.has_prefix("transformer_backbone.h.") || tensors.has("transformer_backbone.wte.weight")) {
        throw Error("UnsupportedModel", "The model has a GPT-2 backbone, which current arc-state cannot run",
                    {tensors.file(), "transformer_backbone", {}}, "Choose a model with a Llama backbone");
    }
}

/// The weight of a Linear of the backbone, behind LoRA if it is adapted; checks the adapters too.
const TensorView& projection(const StTensors& tensors, StConfig& config, const std::string& name) {
    const TensorView* const down = tensors.find(name + ".lora_A.default.weight");
    if (down == nullptr) {
        return tensors.need(name + ".weight", 2);
    }
    const TensorView& weight = tensors.need(name + ".base_layer.weight", 2);
    tensors.need(down->name, 2);
    const std::int64_t rank = down->shape[0];
    expect(config.lora.rank == 0 || config.lora.rank == rank, tensors, down->name,
           "the LoRA ranks of the layers differ");
    config.lora.rank = rank;
    config.lora.enabled = true;
    tensors.need(down->name, std::vector{rank, weight.shape[1]});
    tensors.need(name + ".lora_B.default.weight", std::vector{weight.shape[0], rank});
    return weight;
}

void need_projection(const StTensors& tensors, StConfig& config, const std::string& name, std::int64_t out,
                     std::int64_t in) {
    const TensorView& weight = projection(tensors, config, name);
    tensors.need(weight.name, std::vector{out, in});
}

} // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t extent : shape) {
        text += (text.empty() ? "" : " × ") + std::to_string(extent);
    }
    return shape.empty() ? "a single number" : text;
}

StTensors::StTensors(const std::vector<TensorView>& tensors, std::string file)
    : tensors_(tensors), file_(std::move(file)) {
    for (const TensorView& tensor : tensors) {
        index_[tensor.name] = &tensor;
    }
}

const TensorView* StTensors::find(const std::string& name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : found->second;
}

bool StTensors::has_prefix(std::string_view prefix) const {
    return std::any_of(tensors_.begin(), tensors_.end(),
                       [&](const TensorView& tensor) { return tensor.name.starts_with(prefix); });
}

const TensorView& StTensors::need(const std::string& name, std::size_t rank) const {
    const TensorView* const found = find(name);
    if (found == nullptr) {
        throw Error("MissingMember", "The checkpoint lacks a tensor of the ST model", {file_, name, {}},
                    "Choose a checkpoint of a State Transition model");
    }
    if (found->shape.size() != rank || found->numel() == 0) {
        throw Error("ShapeMismatch",
                    "A tensor has the shape " + shape_text(found->shape) + " instead of " +
                        std::to_string(rank) + " dimensions",
                    {file_, name, {}}, "Copy the checkpoint again, or choose another");
    }
    return *found;
}

const TensorView& StTensors::need(const std::string& name, const std::vector<std::int64_t>& shape) const {
    const TensorView& found = need(name, shape.size());
    if (found.shape != shape) {
        throw Error("ShapeMismatch",
                    "A tensor has the shape " + shape_text(found.shape) + " instead of " + shape_text(shape),
                    {file_, name, {}}, "Copy the checkpoint again, or choose another");
    }
    return found;
}

std::int64_t StTensors::count(const std::string& prefix, std::int64_t step, const std::string& suffix) const {
    std::int64_t number = 0;
    while (has(at(prefix, number * step, suffix))) {
        ++number;
    }
    return number;
}

void read_dimensions(const StTensors& tensors, StConfig& config) {
    refuse_gpt2(tensors);
    const std::string wrapped = "transformer_backbone.base_model.model.";
    config.backbone_prefix = tensors.has_prefix(wrapped) ? wrapped : "transformer_backbone.";
    config.hidden_dim = tensors.need(config.backbone_prefix + "norm.weight", 1).shape[0];
    config.layers = tensors.count(config.backbone_prefix + "layers.", 1, ".input_layernorm.weight");
    read_encoders(tensors, config);
    read_output(tensors, config);
    read_tokens(tensors, config);
    read_decoder(tensors, config);
}

void check_backbone(const StTensors& tensors, StConfig& config) {
    const std::int64_t width = config.hidden_dim;
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string layer = at(config.backbone_prefix + "layers.", i, ".");
        const std::string attention = layer + "self_attn.", mlp = layer + "mlp.";
        if (i == 0) {
            const TensorView& query = projection(tensors, config, attention + "q_proj");
            expect(query.shape[0] % config.heads == 0, tensors, query.name,
                   "its width is no multiple of the number of heads");
            config.head_dim = query.shape[0] / config.heads;
            const TensorView& key = projection(tensors, config, attention + "k_proj");
            config.kv_heads = key.shape[0] / config.head_dim;
            expect(config.kv_heads > 0 && config.heads % config.kv_heads == 0, tensors, key.name,
                   "the query heads are no multiple of the key heads");
            config.intermediate_dim = projection(tensors, config, mlp + "gate_proj").shape[0];
        }
        const std::int64_t query_width = config.heads * config.head_dim,
                           key_width = config.kv_heads * config.head_dim;
        need_projection(tensors, config, attention + "q_proj", query_width, width);
        need_projection(tensors, config, attention + "k_proj", key_width, width);
        need_projection(tensors, config, attention + "v_proj", key_width, width);
        need_projection(tensors, config, attention + "o_proj", width, query_width);
        need_projection(tensors, config, mlp + "gate_proj", config.intermediate_dim, width);
        need_projection(tensors, config, mlp + "up_proj", config.intermediate_dim, width);
        need_projection(tensors, config, mlp + "down_proj", width, config.intermediate_dim);
        tensors.need(layer + "input_layernorm.weight", std::vector{width});
        tensors.need(layer + "post_attention_layernorm.weight", std::vector{width});
    }
}

} // namespace ember
