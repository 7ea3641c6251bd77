#include "core/training/trained_layer.hpp"

#include <ATen/ops/mul.h>

#include "core/training/gradient_node.hpp"
#include "core/training/network_functions.hpp"
#include "core/training/trained_projection.hpp"

namespace ember {

namespace {

/// y plus what the adapter of its projection adds.
at::Tensor adapted(const NetworkPass& pass, const Adapter& adapter, const at::Tensor& x,
                   const at::Tensor& y) {
    if (!adapter.defined()) {
        return y;
    }
    const at::Tensor dropped = dropout(pass, x, adapter.dropout, adapter.place);
    const at::Tensor low = project(pass, dropped, Linear{adapter.down, {}});
    return project(pass, at::mul(low, at::Scalar(adapter.scale)), Linear{adapter.up, {}}, y);
}

/// Norm, attention and output projection, added to `residual` if there is one.
at::Tensor attention_block(const NetworkPass& pass, const StConfig& config, const TrainedLayer& layer,
                           std::int64_t sets, const at::Tensor& x, const at::Tensor& residual) {
    const BackboneLayer& base = layer.base;
    const at::Tensor normed = rms_norm(pass, x, base.input_norm, config.rms_norm_eps);
    const auto heads = project(pass, normed, {base.query, base.key, base.value});
    const at::Tensor attended =
        attend(pass, config, sets, adapted(pass, layer.query, normed, heads[0]),
               adapted(pass, layer.key, normed, heads[1]), adapted(pass, layer.value, normed, heads[2]));
    return adapted(pass, layer.output, attended, project(pass, attended, base.output, residual));
}

at::Tensor mlp_block(const NetworkPass& pass, const StConfig& config, const TrainedLayer& layer,
                     const at::Tensor& x, const at::Tensor& residual) {
    const BackboneLayer& base = layer.base;
    const at::Tensor normed = rms_norm(pass, x, base.post_attention_norm, config.rms_norm_eps);
    const auto both = project(pass, normed, {base.gate, base.up});
    const at::Tensor inner =
        swiglu(pass, adapted(pass, layer.gate, normed, both[0]), adapted(pass, layer.up, normed, both[1]));
    return adapted(pass, layer.down, inner, project(pass, inner, base.down, residual));
}

MixedInput mixed_input(const NetworkPass& pass, const HyperMixer& mixer, const at::Tensor& carried,
                       std::int64_t iterations) {
    MixedInput mixed = mix_before(mixer, carried, iterations);
    if (pass.mixing) {
        pass.mixing->push_back(margin_errors(mixed.res));
    }
    return mixed;
}

} // namespace

at::Tensor run_layer(const NetworkPass& pass, const StConfig& config, std::int64_t sinkhorn_iterations,
                     const TrainedLayer& layer, std::int64_t sets, const at::Tensor& x) {
    if (!layer.attention_mixer.defined()) {
        const at::Tensor h = attention_block(pass, config, layer, sets, x, x);
        return mlp_block(pass, config, layer, h, h);
    }
    const MixedInput first = mixed_input(pass, layer.attention_mixer, x, sinkhorn_iterations);
    const at::Tensor h =
        mix_after(layer.attention_mixer, first, attention_block(pass, config, layer, sets, first.input, {}));
    const MixedInput second = mixed_input(pass, layer.mlp_mixer, h, sinkhorn_iterations);
    return mix_after(layer.mlp_mixer, second, mlp_block(pass, config, layer, second.input, {}));
}

at::Tensor run_layer_again_later(const NetworkPass& pass, const StConfig& config,
                                 std::int64_t sinkhorn_iterations, const TrainedLayer& layer,
                                 std::int64_t sets, const at::Tensor& x) {
    const at::Tensor from = x.detach();
    at::Tensor out;
    {
        const at::NoGradGuard off;
        out = run_layer(pass, config, sinkhorn_iterations, layer, sets, from);
    }
    std::vector<at::Tensor> inputs{x};
    inputs.insert(inputs.end(), layer.parameters.begin(), layer.parameters.end());
    NetworkPass later = pass; // the output that hears of the mixing may be gone by then
    later.mixing = nullptr;
    record(out, inputs,
           [pass = std::move(later), &config, sinkhorn_iterations, &layer, sets, from,
            inputs = inputs.size()](std::vector<at::Tensor>& g) {
               const at::AutoGradMode on(true);
               at::Tensor again = from.detach();
               again.set_requires_grad(true);
               const at::Tensor result = run_layer(pass, config, sinkhorn_iterations, layer, sets, again);
               torch::autograd::backward({result}, {g[0]});
               std::vector<at::Tensor> gradients(inputs);
               gradients[0] = again.grad();
               return gradients;
           });
    return out;
}

} // namespace ember
