#include "core/training/network_modules.hpp"

#include "core/training/network_plan.hpp"

namespace ember {

namespace {

class Binder {
public:
    Binder(const StConfig& config, const NetworkSettings& settings, const FindParameter& find)
        : config_(config), settings_(settings), find_(find) {}

    Linear linear(const std::string& name) const { return {find_(name + ".weight"), find_(name + ".bias")}; }

    Mlp mlp(const std::string& name, std::int64_t layers) const {
        Mlp all;
        for (std::int64_t i = 0; i < layers; ++i) {
            all.push_back(linear(name + "." + std::to_string(3 * i)));
        }
        return all;
    }

    NormedLinear normed(const std::string& first, const std::string& norm) const {
        return {linear(first), find_(norm + ".weight"), find_(norm + ".bias")};
    }

    ConfidenceHead confidence() const {
        const std::string head = "confidence_token.confidence_projection.";
        return {find_("confidence_token.confidence_token"), normed(head + "0", head + "1"),
                normed(head + "4", head + "5"), linear(head + "8")};
    }

    GeneDecoder gene_decoder() const {
        GeneDecoder decoder;
        decoder.residual = config_.residual_decoder;
        const std::size_t blocks = config_.decoder_hidden_dims.size();
        const std::string plain = "gene_decoder.decoder.", residual = "gene_decoder.blocks.";
        for (std::size_t j = 0; j < blocks; ++j) {
            decoder.blocks.push_back(
                decoder.residual
                    ? normed(residual + std::to_string(j) + ".0", residual + std::to_string(j) + ".1")
                    : normed(plain + std::to_string(4 * j), plain + std::to_string(4 * j + 1)));
        }
        decoder.last =
            linear(decoder.residual ? "gene_decoder.final_layer.0" : plain + std::to_string(4 * blocks));
        return decoder;
    }

    TrainedLayer layer(std::int64_t index) const {
        const std::string prefix = backbone_prefix(settings_) + "layers." + std::to_string(index) + ".";
        const std::string attention = prefix + "self_attn.", mlp = prefix + "mlp.";
        TrainedLayer layer;
        layer.base.input_norm = find_(prefix + "input_layernorm.weight");
        layer.base.post_attention_norm = find_(prefix + "post_attention_layernorm.weight");
        layer.parameters = {layer.base.input_norm, layer.base.post_attention_norm};
        std::uint64_t place =
            static_cast<std::uint64_t>(DropoutPlace::adapters) + 16 * static_cast<std::uint64_t>(index);
        const auto projection = [&](const std::string& part, const std::string& name, Linear& linear,
                                    Adapter& adapter) {
            const bool adapted = is_adapted(settings_.lora, name);
            linear.weight = find_(part + name + (adapted ? ".base_layer.weight" : ".weight"));
            layer.parameters.push_back(linear.weight);
            ++place;
            if (adapted) {
                const LoraSettings& lora = settings_.lora;
                adapter = {find_(part + name + ".lora_A.default.weight"),
                           find_(part + name + ".lora_B.default.weight"),
                           lora.alpha / static_cast<double>(lora.r), lora.dropout, place};
                layer.parameters.push_back(adapter.down);
                layer.parameters.push_back(adapter.up);
            }
        };
        projection(attention, "q_proj", layer.base.query, layer.query);
        projection(attention, "k_proj", layer.base.key, layer.key);
        projection(attention, "v_proj", layer.base.value, layer.value);
        projection(attention, "o_proj", layer.base.output, layer.output);
        projection(mlp, "gate_proj", layer.base.gate, layer.gate);
        projection(mlp, "up_proj", layer.base.up, layer.up);
        projection(mlp, "down_proj", layer.base.down, layer.down);
        if (settings_.mhc.enable) {
            layer.attention_mixer = mixer(prefix + "mhc_attn.", layer.parameters);
            layer.mlp_mixer = mixer(prefix + "mhc_mlp.", layer.parameters);
        }
        return layer;
    }

private:
    HyperMixer mixer(const std::string& prefix, std::vector<at::Tensor>& parameters) const {
        HyperMixer mixer;
        const auto take = [&](const char* name) {
            parameters.push_back(find_(prefix + name));
            return parameters.back();
        };
        if (settings_.mhc.form == HyperConnection::paper) {
            mixer.streams = {take("norm.weight"), take("phi.weight"), take("phi.bias"), take("alpha")};
        } else {
            mixer.features = {take("res"), take("pre"), take("post")};
        }
        return mixer;
    }

    const StConfig& config_;
    const NetworkSettings& settings_;
    const FindParameter& find_;
};

} // namespace

NetworkModules bind_modules(const StConfig& config, const NetworkSettings& settings,
                            const FindParameter& find) {
    const Binder bind(config, settings, find);
    NetworkModules modules;
    modules.pert_encoder = bind.mlp("pert_encoder", config.encoder_layers);
    modules.basal_encoder = config.basal_is_mlp ? bind.mlp("basal_encoder", config.basal_layers)
                                                : Mlp{bind.linear("basal_encoder")};
    for (std::int64_t i = 0; i < config.layers; ++i) {
        modules.layers.push_back(bind.layer(i));
    }
    modules.final_norm = find(backbone_prefix(settings) + "norm.weight");
    modules.project_out = bind.mlp("project_out", config.decoder_layers);
    if (config.batch_encoder) {
        modules.batch_encoder = find("batch_encoder.weight");
    }
    if (config.batch_token) {
        modules.batch_token = find("batch_token");
        modules.batch_classifier = bind.linear("batch_classifier.0");
    }
    if (config.confidence_token) {
        modules.confidence = bind.confidence();
    }
    if (config.gene_decoder) {
        modules.gene_decoder = bind.gene_decoder();
    }
    if (config.final_down_then_up) {
        modules.down = bind.linear("final_down_then_up.0");
        modules.up = bind.linear("final_down_then_up.2");
    }
    return modules;
}

} // namespace ember
