#include "core/training/trained_projection.hpp"

#include "core/model/products.hpp"
#include "core/training/gradient_node.hpp"
#include "core/training/network_kernels.hpp"

namespace ember {

namespace {

/// A matrix in the precision of products.
at::Tensor factor(const NetworkPass& pass, const at::Tensor& x) {
    if (pass.precision == TrainPrecision::float32) {
        return x;
    }
    at::Tensor half = pass.pool->take(x.sizes(), at::kBFloat16);
    half.copy_(x);
    return half;
}

void product(const NetworkPass& pass, const at::Tensor& a, const at::Tensor& b, bool add, at::Tensor& out) {
    if (pass.precision == TrainPrecision::bfloat16) {
        multiply_halves(a, b, add, out, *pass.job);
    } else if (add) {
        multiply_add(a, b, out, *pass.job);
    } else {
        multiply(a, b, out, *pass.job);
    }
}

void add_bias(const at::Tensor& bias, at::Tensor& out) {
    if (bias.defined()) {
        out.add_(bias.detach());
    }
}

/// Adds g ᵀ x to the weight's gradient and the sums of g to the bias's.
void add_gradients(const NetworkPass& pass, const Linear& layer, const at::Tensor& g,
                   const at::Tensor& g_factor, const at::Tensor& x_factor) {
    if (layer.weight.requires_grad()) {
        at::Tensor& gradient = layer.weight.mutable_grad();
        const bool add = gradient.defined();
        at::Tensor to = add ? gradient : pass.gradient_of(layer.weight);
        product(pass, g_factor.t(), x_factor, add, to);
        gradient = to;
    }
    if (layer.bias.defined() && layer.bias.requires_grad()) {
        at::Tensor& gradient = layer.bias.mutable_grad();
        if (!gradient.defined()) {
            gradient = pass.gradient_of(layer.bias).zero_();
        }
        parallel(g.size(1), 256, [&](std::int64_t first, std::int64_t last) {
            kernels::add_column_sums(first, last, g.size(0), g.size(1), g.const_data_ptr<float>(),
                                     gradient.data_ptr<float>());
        });
    }
}

std::vector<at::Tensor> inputs_of(const at::Tensor& x, const std::vector<Linear>& layers) {
    std::vector<at::Tensor> inputs{x};
    for (const Linear& layer : layers) {
        inputs.push_back(layer.weight);
        inputs.push_back(layer.bias);
    }
    return inputs;
}

/// The backward pass of several layers on the input whose factor is `x`.
BackwardFunction backward_of(const NetworkPass& pass, const at::Tensor& x, const std::vector<Linear>& layers,
                             bool input_wanted) {
    return [pass, x, layers, input_wanted](std::vector<at::Tensor>& gradients) {
        std::vector<at::Tensor> result(1 + 2 * layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            if (!gradients[i].defined()) {
                continue;
            }
            const at::Tensor g = gradients[i].contiguous(), g_factor = factor(pass, g);
            add_gradients(pass, layers[i], g, g_factor, x);
            if (input_wanted) {
                const bool add = result[0].defined();
                if (!add) {
                    result[0] = pass.like(x);
                }
                product(pass, g_factor, factor(pass, layers[i].weight.detach()), add, result[0]);
            }
        }
        return result;
    };
}

} // namespace

std::vector<at::Tensor> project(const NetworkPass& pass, const at::Tensor& x,
                                const std::vector<Linear>& layers) {
    const std::vector<at::Tensor> inputs = inputs_of(x, layers);
    std::vector<at::Tensor> outputs;
    at::Tensor x_factor;
    {
        const at::NoGradGuard off;
        x_factor = factor(pass, x.detach().contiguous());
        for (const Linear& layer : layers) {
            at::Tensor out = pass.pool->take({x.size(0), layer.outputs()});
            product(pass, x_factor, factor(pass, layer.weight.detach()).t(), false, out);
            add_bias(layer.bias, out);
            outputs.push_back(std::move(out));
        }
    }
    record(outputs, inputs, backward_of(pass, x_factor, layers, x.requires_grad()));
    return outputs;
}

at::Tensor project(const NetworkPass& pass, const at::Tensor& x, const Linear& layer,
                   const at::Tensor& residual) {
    if (!residual.defined()) {
        return project(pass, x, std::vector{layer}).front();
    }
    std::vector<at::Tensor> inputs = inputs_of(x, {layer});
    inputs.push_back(residual);
    at::Tensor out = pass.like(residual), x_factor;
    {
        const at::NoGradGuard off;
        x_factor = factor(pass, x.detach().contiguous());
        out.copy_(residual.detach());
        product(pass, x_factor, factor(pass, layer.weight.detach()).t(), true, out);
        add_bias(layer.bias, out);
    }
    record(out, inputs,
           [backward = backward_of(pass, x_factor, {layer}, x.requires_grad())](std::vector<at::Tensor>& g) {
               std::vector<at::Tensor> result = backward(g);
               result.push_back(g[0]);
               return result;
           });
    return out;
}

} // namespace ember
