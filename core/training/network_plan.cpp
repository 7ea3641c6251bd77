#include "core/training/network_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr double backbone_deviation = 0.02;
constexpr std::int64_t most_streams = 16;
const std::array<std::string, 4> attention_projections{"q_proj", "k_proj", "v_proj", "o_proj"};
const std::array<std::string, 3> mlp_projections{"gate_proj", "up_proj", "down_proj"};

class Plan {
public:
    Plan(const StConfig& config, const NetworkSettings& settings) : config_(config), settings_(settings) {}

    void add(const std::string& name, std::vector<std::int64_t> shape, FreshValues values,
             double spread = 0) {
        parameters.push_back({name, std::move(shape), values, spread, trained, true});
    }

    void linear(const std::string& name, std::int64_t inputs, std::int64_t outputs) {
        const double bound = 1 / std::sqrt(static_cast<double>(inputs));
        add(name + ".weight", {outputs, inputs}, FreshValues::uniform, bound);
        add(name + ".bias", {outputs}, FreshValues::uniform, bound);
    }

    void layer_norm(const std::string& name, std::int64_t width) {
        add(name + ".weight", {width}, FreshValues::ones);
        add(name + ".bias", {width}, FreshValues::zeros);
    }

    void mlp(const std::string& name, std::int64_t layers, std::int64_t inputs, std::int64_t outputs) {
        for (std::int64_t i = 0; i < layers; ++i) {
            linear(name + "." + std::to_string(3 * i), i == 0 ? inputs : config_.hidden_dim,
                   i + 1 == layers ? outputs : config_.hidden_dim);
        }
    }

    void gene_decoder() {
        std::int64_t inputs = config_.output_dim;
        const bool residual = config_.residual_decoder;
        const auto place = [&](std::size_t j, int part) {
            return residual
                       ? "gene_decoder.blocks." + std::to_string(j) + "." + std::to_string(part)
                       : "gene_decoder.decoder." + std::to_string(4 * j + static_cast<std::size_t>(part));
        };
        for (std::size_t j = 0; j < config_.decoder_hidden_dims.size(); ++j) {
            const std::int64_t width = config_.decoder_hidden_dims[j];
            linear(place(j, 0), inputs, width);
            layer_norm(place(j, 1), width);
            inputs = width;
        }
        linear(residual ? "gene_decoder.final_layer.0" : place(config_.decoder_hidden_dims.size(), 0), inputs,
               config_.gene_dim);
    }

    void projection(const std::string& prefix, const std::string& name, std::int64_t inputs,
                    std::int64_t outputs) {
        const LoraSettings& lora = settings_.lora;
        const bool adapted = is_adapted(lora, name);
        add(prefix + name + (adapted ? ".base_layer.weight" : ".weight"), {outputs, inputs},
            FreshValues::normal, backbone_deviation);
        if (adapted) {
            const bool before = std::exchange(trained, true);
            add(prefix + name + ".lora_A.default.weight", {lora.r, inputs}, FreshValues::uniform,
                1 / std::sqrt(static_cast<double>(inputs)));
            add(prefix + name + ".lora_B.default.weight", {outputs, lora.r}, FreshValues::zeros);
            trained = before;
        }
    }

    void mixer(const std::string& prefix) {
        const HyperConnectionSettings& mhc = settings_.mhc;
        const std::int64_t width = config_.hidden_dim, n = mhc.streams;
        if (n < 1 || n > most_streams || mhc.sinkhorn_iters < 1) {
            throw Error("BadConfig",
                        "Hyper-connections need 1 to " + std::to_string(most_streams) +
                            " streams and at least one Sinkhorn iteration",
                        {"", "model.kwargs.mhc", {}}, "Leave mhc.streams at 4 and mhc.sinkhorn_iters at 20");
        }
        const bool before = std::exchange(trained, true);
        if (mhc.form == HyperConnection::paper) {
            add(prefix + "norm.weight", {n * width}, FreshValues::mixer);
            add(prefix + "phi.weight", {n * n + 2 * n, n * width}, FreshValues::mixer);
            add(prefix + "phi.bias", {n * n + 2 * n}, FreshValues::mixer);
            add(prefix + "alpha", {3}, FreshValues::mixer);
        } else {
            for (const char* name : {"res", "pre", "post"}) {
                add(prefix + name, {width, width}, FreshValues::mixer);
            }
        }
        trained = before;
    }

    void backbone() {
        const std::string prefix = backbone_prefix(settings_);
        const std::int64_t hidden = config_.hidden_dim, queries = config_.heads * config_.head_dim,
                           keys = config_.kv_heads * config_.head_dim;
        trained = !settings_.freeze_backbone && !settings_.lora.enable;
        if (config_.dead_parameters > 0) {
            parameters.push_back({prefix + "embed_tokens.weight",
                                  {config_.dead_parameters / hidden, hidden},
                                  FreshValues::zeros,
                                  0,
                                  false,
                                  false});
        }
        for (std::int64_t i = 0; i < config_.layers; ++i) {
            const std::string layer = prefix + "layers." + std::to_string(i) + ".";
            projection(layer + "self_attn.", "q_proj", hidden, queries);
            projection(layer + "self_attn.", "k_proj", hidden, keys);
            projection(layer + "self_attn.", "v_proj", hidden, keys);
            projection(layer + "self_attn.", "o_proj", queries, hidden);
            projection(layer + "mlp.", "gate_proj", hidden, config_.intermediate_dim);
            projection(layer + "mlp.", "up_proj", hidden, config_.intermediate_dim);
            projection(layer + "mlp.", "down_proj", config_.intermediate_dim, hidden);
            add(layer + "input_layernorm.weight", {hidden}, FreshValues::ones);
            add(layer + "post_attention_layernorm.weight", {hidden}, FreshValues::ones);
            if (settings_.mhc.enable) {
                mixer(layer + "mhc_attn.");
                mixer(layer + "mhc_mlp.");
            }
        }
        add(prefix + "norm.weight", {hidden}, FreshValues::ones);
        trained = true;
    }

    void confidence() {
        const std::string head = "confidence_token.confidence_projection.";
        const std::int64_t hidden = config_.hidden_dim;
        add("confidence_token.confidence_token", {1, 1, hidden}, FreshValues::normal, 1);
        linear(head + "0", hidden, hidden / 2);
        layer_norm(head + "1", hidden / 2);
        linear(head + "4", hidden / 2, hidden / 4);
        layer_norm(head + "5", hidden / 4);
        linear(head + "8", hidden / 4, 1);
    }

    void whole() {
        const std::int64_t hidden = config_.hidden_dim, width = config_.output_dim;
        if (config_.batch_token) {
            add("batch_token", {1, 1, hidden}, FreshValues::normal, 1);
        }
        if (config_.gene_decoder) {
            gene_decoder();
        }
        mlp("pert_encoder", config_.encoder_layers, config_.pert_dim, hidden);
        if (config_.basal_is_mlp) {
            mlp("basal_encoder", config_.basal_layers, config_.input_dim, hidden);
        } else {
            linear("basal_encoder", config_.input_dim, hidden);
        }
        backbone();
        trained = !settings_.freeze_backbone;
        mlp("project_out", config_.decoder_layers, hidden, width);
        trained = true;
        if (config_.output_space == OutputSpace::all) {
            linear("final_down_then_up.0", width, width / 8);
            linear("final_down_then_up.2", width / 8, width);
        }
        if (config_.batch_encoder) {
            add("batch_encoder.weight", {config_.batch_dim, hidden}, FreshValues::normal, 1);
        }
        if (config_.batch_token) {
            linear("batch_classifier.0", hidden, config_.batch_dim);
        }
        if (config_.confidence_token) {
            confidence();
        }
    }

    std::vector<PlannedParameter> parameters;

private:
    const StConfig& config_;
    const NetworkSettings& settings_;
    bool trained = true;
};

void check_adapters(const LoraSettings& lora) {
    if (!lora.enable) {
        return;
    }
    if (lora.r < 1) {
        throw Error("BadConfig", "The rank of the adapters is " + std::to_string(lora.r),
                    {"", "model.kwargs.lora.r", {}}, "Use 1 or more; 16 is usual");
    }
    for (const std::string& name : lora.targets) {
        const auto is = [&](const std::string& known) { return known == name; };
        if (std::none_of(attention_projections.begin(), attention_projections.end(), is) &&
            std::none_of(mlp_projections.begin(), mlp_projections.end(), is)) {
            throw Error("BadConfig", "The network has no projection '" + name + "' to adapt",
                        {"", "model.kwargs.lora.target_modules", {}},
                        "Use q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj or down_proj");
        }
    }
}

} // namespace

std::int64_t PlannedParameter::count() const {
    std::int64_t product = 1;
    for (const std::int64_t extent : shape) {
        product *= extent;
    }
    return product;
}

std::string backbone_prefix(const NetworkSettings& settings) {
    return settings.lora.enable ? "transformer_backbone.base_model.model." : "transformer_backbone.";
}

bool is_adapted(const LoraSettings& settings, const std::string& projection) {
    const auto among = [&](const auto& names) {
        return std::find(names.begin(), names.end(), projection) != names.end();
    };
    if (!settings.enable) {
        return false;
    }
    if (!settings.targets.empty()) {
        return among(settings.targets);
    }
    return among(attention_projections) || (settings.adapt_mlp && among(mlp_projections));
}

std::vector<PlannedParameter> plan_network(const StConfig& config, const NetworkSettings& settings) {
    check_adapters(settings.lora);
    Plan plan(config, settings);
    plan.whole();
    return std::move(plan.parameters);
}

} // namespace ember
