#include "core/model/st_network.hpp"

namespace ember {

namespace {

BackboneLayer read_layer(const WeightReader& read, const StConfig& config, std::int64_t index) {
    const std::string prefix = config.backbone_prefix + "layers." + std::to_string(index) + ".";
    const auto hidden = config.hidden_dim, inner = config.intermediate_dim;
    const auto queries = config.heads * config.head_dim, keys = config.kv_heads * config.head_dim;
    BackboneLayer layer;
    layer.input_norm = read.tensor(prefix + "input_layernorm.weight", {hidden});
    layer.post_attention_norm = read.tensor(prefix + "post_attention_layernorm.weight", {hidden});
    layer.query = read.backbone_linear(prefix + "self_attn.q_proj", hidden, queries);
    layer.key = read.backbone_linear(prefix + "self_attn.k_proj", hidden, keys);
    layer.value = read.backbone_linear(prefix + "self_attn.v_proj", hidden, keys);
    layer.output = read.backbone_linear(prefix + "self_attn.o_proj", queries, hidden);
    layer.gate = read.backbone_linear(prefix + "mlp.gate_proj", hidden, inner);
    layer.up = read.backbone_linear(prefix + "mlp.up_proj", hidden, inner);
    layer.down = read.backbone_linear(prefix + "mlp.down_proj", inner, hidden);
    return layer;
}

HyperMixer read_mixer(const WeightReader& read, const StConfig& config, const std::string& prefix) {
    const std::int64_t width = config.hidden_dim, n = config.mixers.streams;
    HyperMixer mixer;
    if (config.mixers.of_features) {
        mixer.features = {read.tensor(prefix + "res", {width, width}),
                          read.tensor(prefix + "pre", {width, width}),
                          read.tensor(prefix + "post", {width, width})};
    } else {
        mixer.streams = {read.tensor(prefix + "norm.weight", {n * width}),
                         read.tensor(prefix + "phi.weight", {n * (n + 2), n * width}),
                         read.tensor(prefix + "phi.bias", {n * (n + 2)}), read.tensor(prefix + "alpha", {3})};
    }
    return mixer;
}

NormedLinear read_normed(const WeightReader& read, const std::string& linear, const std::string& norm,
                         std::int64_t inputs, std::int64_t outputs) {
    return {read.linear(linear, inputs, outputs), read.tensor(norm + ".weight", {outputs}),
            read.tensor(norm + ".bias", {outputs})};
}

ConfidenceHead read_confidence(const WeightReader& read, std::int64_t hidden) {
    const std::string prefix = "confidence_token.confidence_projection.";
    ConfidenceHead head;
    head.token = read.tensor("confidence_token.confidence_token", {1, 1, hidden}).view({hidden});
    head.first = read_normed(read, prefix + "0", prefix + "1", hidden, hidden / 2);
    head.second = read_normed(read, prefix + "4", prefix + "5", hidden / 2, hidden / 4);
    head.last = read.linear(prefix + "8", hidden / 4, 1);
    return head;
}

GeneDecoder read_gene_decoder(const WeightReader& read, const StConfig& config) {
    const std::string prefix = "gene_decoder.";
    GeneDecoder decoder;
    decoder.residual = config.residual_decoder;
    std::int64_t inputs = config.output_dim;
    for (std::size_t j = 0; j < config.decoder_hidden_dims.size(); ++j) {
        const std::string linear = decoder.residual ? prefix + "blocks." + std::to_string(j) + ".0"
                                                    : prefix + "decoder." + std::to_string(4 * j);
        const std::string norm = decoder.residual ? prefix + "blocks." + std::to_string(j) + ".1"
                                                  : prefix + "decoder." + std::to_string(4 * j + 1);
        decoder.blocks.push_back(read_normed(read, linear, norm, inputs, config.decoder_hidden_dims[j]));
        inputs = config.decoder_hidden_dims[j];
    }
    const std::string last =
        decoder.residual ? prefix + "final_layer.0"
                         : prefix + "decoder." + std::to_string(4 * config.decoder_hidden_dims.size());
    decoder.last = read.linear(last, inputs, config.gene_dim);
    return decoder;
}

} // namespace

StModules read_modules(const Checkpoint& checkpoint, const StConfig& config) {
    const WeightReader read(checkpoint, config);
    const auto hidden = config.hidden_dim, width = config.output_dim;
    StModules modules;
    modules.pert_encoder = read.mlp("pert_encoder", config.encoder_layers, config.pert_dim, hidden);
    if (config.basal_is_mlp) {
        modules.basal_encoder = read.mlp("basal_encoder", config.basal_layers, config.input_dim, hidden);
    } else {
        modules.basal_encoder = {read.linear("basal_encoder", config.input_dim, hidden)};
    }
    for (std::int64_t i = 0; i < config.layers; ++i) {
        modules.layers.push_back(read_layer(read, config, i));
        if (config.mixers.enabled) {
            const std::string prefix = config.backbone_prefix + "layers." + std::to_string(i) + ".";
            modules.mixers.push_back({read_mixer(read, config, prefix + "mhc_attn."),
                                      read_mixer(read, config, prefix + "mhc_mlp.")});
        }
    }
    modules.final_norm = read.tensor(config.backbone_prefix + "norm.weight", {hidden});
    modules.project_out = read.mlp("project_out", config.decoder_layers, hidden, width);
    if (config.batch_encoder) {
        modules.batch_encoder = read.tensor("batch_encoder.weight", {-1, hidden});
    }
    if (config.batch_token) {
        modules.batch_token = read.tensor("batch_token", {1, 1, hidden}).view({hidden});
    }
    if (config.confidence_token) {
        modules.confidence = read_confidence(read, hidden);
    }
    if (config.gene_decoder) {
        modules.gene_decoder = read_gene_decoder(read, config);
    }
    if (config.final_down_then_up) {
        modules.down = read.linear("final_down_then_up.0", width, width / 8);
        modules.up = read.linear("final_down_then_up.2", width / 8, width);
    }
    return modules;
}

} // namespace ember
