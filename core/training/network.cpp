#include "core/training/network.hpp"

#include <unordered_map>

#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/relu.h>

#include "core/base/error.hpp"
#include "core/training/fresh_weights.hpp"
#include "core/training/hyper_connections.hpp"
#include "core/training/network_functions.hpp"
#include "core/training/network_plan.hpp"
#include "core/training/trained_layer.hpp"
#include "core/training/trained_projection.hpp"

namespace ember {

namespace {

std::span<float> numbers(at::Tensor& tensor) {
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

at::Tensor fresh_tensor(const PlannedParameter& plan, BufferPool& pool, std::uint64_t seed) {
    at::Tensor value = pool.take(plan.shape);
    switch (plan.values) {
    case FreshValues::uniform:
        fill_uniform(numbers(value), plan.spread, seed, plan.name);
        break;
    case FreshValues::normal:
        fill_normal(numbers(value), plan.spread, seed, plan.name);
        break;
    case FreshValues::ones:
        value.fill_(1);
        break;
    case FreshValues::zeros:
    case FreshValues::mixer:
        value.zero_();
        break;
    }
    return value;
}

std::uint64_t at_place(DropoutPlace place, std::size_t layer) {
    return static_cast<std::uint64_t>(place) + layer;
}

} // namespace

struct TrainableNetwork::Parts {
    StConfig config;
    NetworkSettings settings;
    std::shared_ptr<BufferPool> work = BufferPool::make();
    std::shared_ptr<BufferPool> weights = BufferPool::make(); ///< and their gradients: of constant size
    std::vector<NetworkParameter> parameters;
    std::unordered_map<std::string, std::size_t> index;
    NetworkModules modules;
    std::int64_t last_cells = 0; ///< of the last pass

    void make_parameters(std::uint64_t seed) {
        for (PlannedParameter& plan : plan_network(config, settings)) {
            NetworkParameter parameter{plan.name, {}, plan.shape};
            if (plan.held) {
                parameter.value = fresh_tensor(plan, *weights, seed);
                parameter.value.set_requires_grad(plan.trained);
            }
            index.emplace(plan.name, parameters.size());
            parameters.push_back(std::move(parameter));
        }
    }

    void fill_mixers() {
        const at::NoGradGuard off;
        for (std::int64_t i = 0; settings.mhc.enable && i < config.layers; ++i) {
            const std::string layer = backbone_prefix(settings) + "layers." + std::to_string(i) + ".";
            for (const int half : {0, 1}) {
                const HyperMixer mixer = fresh_mixer(config.hidden_dim, 2 * i + half, settings.mhc);
                for (const NetworkParameter& fresh :
                     mixer_parameters(mixer, layer + (half == 0 ? "mhc_attn." : "mhc_mlp."))) {
                    parameters[index.at(fresh.name)].value.copy_(fresh.value);
                }
            }
        }
    }

    NetworkPass pass(const DropoutKey& dropout, JobContext& job) const {
        return {&job, work, weights, settings.precision, dropout};
    }

    /// Layers [first, size) of an MLP on x; dropout after every activation.
    at::Tensor mlp(const NetworkPass& pass, const Mlp& layers, at::Tensor x, DropoutPlace place,
                   std::size_t first = 0) const {
        for (std::size_t i = first; i + 1 < layers.size(); ++i) {
            x = activate(pass, config.activation, project(pass, x, layers[i]));
            x = dropout(pass, x, settings.dropout, at_place(place, i));
        }
        return project(pass, x, layers.back());
    }

    /// [cells × H]. Cells of one perturbation share what no mask distinguishes.
    at::Tensor encode_perturbations(const NetworkPass& pass, const NetworkInput& input) const {
        const Mlp& encoder = modules.pert_encoder;
        if (!pass.dropout.active || settings.dropout <= 0 || encoder.size() == 1) {
            return at::index_select(mlp(pass, encoder, input.pert_rows, DropoutPlace::pert_encoder), 0,
                                    input.pert);
        }
        const at::Tensor rows = activate(pass, config.activation, project(pass, input.pert_rows, encoder[0]));
        const at::Tensor x = dropout(pass, at::index_select(rows, 0, input.pert), settings.dropout,
                                     at_place(DropoutPlace::pert_encoder, 0));
        return mlp(pass, encoder, x, DropoutPlace::pert_encoder, 1);
    }

    at::Tensor normed_linear(const NetworkPass& pass, const NormedLinear& layer, const at::Tensor& x,
                             double p, std::uint64_t place) const {
        const at::Tensor y = project(pass, x, layer.linear);
        const at::Tensor normed = at::layer_norm(y, {y.size(1)}, layer.norm_weight, layer.norm_bias, 1e-5);
        return dropout(pass, activate(pass, Activation::gelu, normed), p, place);
    }

    /// The special tokens around the cells of each set.
    at::Tensor with_tokens(const at::Tensor& cells, std::int64_t sets) const {
        if (!config.batch_token && !config.confidence_token) {
            return cells;
        }
        const std::int64_t width = config.hidden_dim;
        std::vector<at::Tensor> parts;
        if (config.batch_token) {
            parts.push_back(modules.batch_token.expand({sets, 1, width}));
        }
        parts.push_back(cells.view({sets, -1, width}));
        if (config.confidence_token) {
            parts.push_back(modules.confidence->token.expand({sets, 1, width}));
        }
        return at::cat(parts, 1).view({-1, width});
    }

    at::Tensor backbone(const NetworkPass& pass, at::Tensor x, std::int64_t sets) const {
        const HyperConnectionSettings& mhc = settings.mhc;
        if (mhc.enable && mhc.form == HyperConnection::paper) {
            x = open_streams(x, mhc.streams);
        }
        const bool again = settings.gradient_checkpointing && at::GradMode::is_enabled();
        for (const TrainedLayer& layer : modules.layers) {
            x = again ? run_layer_again_later(pass, config, mhc.sinkhorn_iters, layer, sets, x)
                      : run_layer(pass, config, mhc.sinkhorn_iters, layer, sets, x);
        }
        if (mhc.enable && mhc.form == HyperConnection::paper) {
            x = close_streams(x);
        }
        return rms_norm(pass, x, modules.final_norm, config.rms_norm_eps);
    }

    at::Tensor confidence(const NetworkPass& pass, const at::Tensor& tokens) const {
        const ConfidenceHead& head = *modules.confidence;
        at::Tensor x =
            normed_linear(pass, head.first, tokens, settings.dropout, at_place(DropoutPlace::confidence, 0));
        x = normed_linear(pass, head.second, x, settings.dropout, at_place(DropoutPlace::confidence, 1));
        return at::relu(project(pass, x, head.last)).view({-1});
    }

    at::Tensor predict(const NetworkPass& pass, const at::Tensor& cells, const at::Tensor& basal_encoding,
                       const at::Tensor& basal) const {
        const bool hidden_residual = config.predict_residual && config.output_space != OutputSpace::all;
        at::Tensor y =
            mlp(pass, modules.project_out, hidden_residual ? at::add(cells, basal_encoding) : cells,
                DropoutPlace::project_out);
        if (modules.down) {
            const at::Tensor inner = project(pass, at::add(y, basal), *modules.down);
            y = project(pass, activate(pass, Activation::gelu, inner), *modules.up);
        }
        return config.final_relu ? at::relu(y) : y;
    }
};

TrainableNetwork::TrainableNetwork(const StConfig& config, const NetworkSettings& settings,
                                   std::uint64_t seed)
    : parts_(std::make_unique<Parts>()) {
    parts_->config = config;
    parts_->settings = settings;
    parts_->config.backbone_prefix = backbone_prefix(settings);
    parts_->config.lora = {settings.lora.enable, settings.lora.enable ? settings.lora.r : 0,
                           settings.lora.alpha};
    const bool of_features = settings.mhc.form == HyperConnection::seed;
    parts_->config.mixers = {settings.mhc.enable, of_features, of_features ? 0 : settings.mhc.streams,
                             settings.mhc.sinkhorn_iters};
    parts_->make_parameters(seed);
    parts_->fill_mixers();
    parts_->modules =
        bind_modules(parts_->config, settings, [&](const std::string& name) { return *find(name); });
}

TrainableNetwork::~TrainableNetwork() = default;

const StConfig& TrainableNetwork::config() const noexcept {
    return parts_->config;
}

std::vector<NetworkParameter>& TrainableNetwork::parameters() noexcept {
    return parts_->parameters;
}

const std::vector<NetworkParameter>& TrainableNetwork::parameters() const noexcept {
    return parts_->parameters;
}

at::Tensor* TrainableNetwork::find(const std::string& name) noexcept {
    const auto found = parts_->index.find(name);
    if (found == parts_->index.end() || !parts_->parameters[found->second].held()) {
        return nullptr;
    }
    return &parts_->parameters[found->second].value;
}

NetworkOutput TrainableNetwork::forward(const NetworkInput& input, const DropoutKey& dropout,
                                        JobContext& job) {
    Parts& parts = *parts_;
    const StConfig& config = parts.config;
    const NetworkModules& modules = parts.modules;
    const std::int64_t cells = input.sets * input.set_len;
    if (std::exchange(parts.last_cells, cells) != cells) {
        parts.work->trim();
    }
    NetworkOutput output;
    NetworkPass pass = parts.pass(dropout, job);
    pass.mixing = dropout.active ? nullptr : &output.mixing;
    const at::Tensor basal = parts.mlp(pass, modules.basal_encoder, input.basal, DropoutPlace::basal_encoder);
    at::Tensor hidden = at::add(basal, parts.encode_perturbations(pass, input));
    if (config.batch_encoder && input.batch.defined()) {
        hidden = at::add(hidden, at::index_select(modules.batch_encoder, 0, input.batch));
    }
    const at::Tensor normed = parts.backbone(pass, parts.with_tokens(hidden, input.sets), input.sets);

    const std::int64_t width = config.hidden_dim;
    const at::Tensor by_set = normed.view({input.sets, -1, width});
    const bool tokens = config.batch_token || config.confidence_token;
    const at::Tensor inner =
        tokens ? by_set.narrow(1, config.batch_token ? 1 : 0, input.set_len).reshape({cells, width}) : normed;
    output.prediction = parts.predict(pass, inner, basal, input.basal);
    if (config.confidence_token) {
        output.confidence = parts.confidence(pass, by_set.select(1, by_set.size(1) - 1));
    }
    if (config.batch_token) {
        output.batch_logits = project(pass, by_set.select(1, 0), modules.batch_classifier);
    }
    return output;
}

at::Tensor TrainableNetwork::decode_genes(const at::Tensor& prediction, const DropoutKey& dropout,
                                          JobContext& job) {
    const Parts& parts = *parts_;
    if (!parts.modules.gene_decoder) {
        throw Error("UnsupportedModel", "The model has no gene decoder", {"", "gene_decoder", {}},
                    "Choose output_space gene or all, with gene_decoder_bool on");
    }
    const NetworkPass pass = parts.pass(dropout, job);
    const GeneDecoder& decoder = *parts.modules.gene_decoder;
    at::Tensor x = prediction;
    for (std::size_t j = 0; j < decoder.blocks.size(); ++j) {
        const at::Tensor next =
            parts.normed_linear(pass, decoder.blocks[j], x, parts.settings.decoder_dropout,
                                at_place(DropoutPlace::gene_decoder, j));
        x = decoder.residual && j % 2 == 1 ? at::add(next, x) : next;
    }
    return at::relu(project(pass, x, decoder.last));
}

} // namespace ember
