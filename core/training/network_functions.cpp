#include "core/training/network_functions.hpp"

#include <ATen/ops/elu_backward.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/leaky_relu_backward.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>

#include "core/experiment/counter_random.hpp"
#include "core/model/products.hpp"
#include "core/training/gradient_node.hpp"
#include "core/training/network_kernels.hpp"

namespace ember {

namespace {

constexpr std::int64_t row_grain = 16, element_grain = 1 << 14;
constexpr double leaky_slope = 0.01;
constexpr double selu_alpha = 1.6732632423543772848170429916717;
constexpr double selu_scale = 1.0507009873554804934193349852946;

/// Rows are summed in blocks of this size and the blocks in order, so that threads do not change the sum.
constexpr std::int64_t block_rows = 64;

at::Tensor activated(Activation activation, const at::Tensor& x) {
    switch (activation) {
    case Activation::relu:
        return at::relu(x);
    case Activation::leaky_relu:
        return at::leaky_relu(x, leaky_slope);
    case Activation::elu:
        return at::elu(x);
    case Activation::selu:
        return at::selu(x);
    case Activation::gelu:
        break;
    }
    return at::gelu(x);
}

at::Tensor activation_gradient(Activation activation, const at::Tensor& g, const at::Tensor& x) {
    switch (activation) {
    case Activation::relu:
        return at::threshold_backward(g, x, 0);
    case Activation::leaky_relu:
        return at::leaky_relu_backward(g, x, leaky_slope, false);
    case Activation::elu:
        return at::elu_backward(g, 1, 1, 1, false, x);
    case Activation::selu:
        return at::elu_backward(g, selu_alpha, selu_scale, 1, false, x);
    case Activation::gelu:
        break;
    }
    return at::gelu_backward(g, x);
}

at::Tensor rms_norm_gradient(const NetworkPass& pass, const at::Tensor& g, const at::Tensor& x,
                             const at::Tensor& weight, const at::Tensor& scale) {
    const std::int64_t rows = x.size(0), width = x.size(1), blocks = (rows + block_rows - 1) / block_rows;
    at::Tensor dx = pass.like(x), sums;
    if (weight.requires_grad()) {
        sums = pass.pool->take({blocks, width}).zero_();
    }
    parallel(blocks, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t block = first; block < last; ++block) {
            kernels::rms_norm_backward(block * block_rows, std::min(rows, (block + 1) * block_rows), width,
                                       x.const_data_ptr<float>(), weight.const_data_ptr<float>(),
                                       scale.const_data_ptr<float>(), g.const_data_ptr<float>(),
                                       dx.data_ptr<float>(),
                                       sums.defined() ? sums.data_ptr<float>() + block * width : nullptr);
        }
    });
    if (sums.defined()) {
        at::Tensor& gradient = weight.mutable_grad();
        if (!gradient.defined()) {
            gradient = pass.gradient_of(weight).zero_();
        }
        kernels::add_column_sums(0, width, blocks, width, sums.const_data_ptr<float>(),
                                 gradient.data_ptr<float>());
    }
    return dx;
}

void drop_rows(const at::Tensor& x, double p, std::uint64_t key, at::Tensor& out) {
    const auto threshold = static_cast<std::uint32_t>(std::min(p * 0x1p32, 0x1p32 - 1));
    const auto scale = static_cast<float>(1 / (1 - p));
    parallel(x.size(0), row_grain, [&](std::int64_t first, std::int64_t last) {
        kernels::drop(first, last, x.size(1), key, threshold, scale, x.const_data_ptr<float>(),
                      out.data_ptr<float>());
    });
}

} // namespace

at::Tensor rms_norm(const NetworkPass& pass, const at::Tensor& x, const at::Tensor& weight, double eps) {
    const at::Tensor from = x.detach().contiguous();
    at::Tensor out = pass.like(from), scale = pass.pool->take({from.size(0)});
    parallel(from.size(0), row_grain, [&](std::int64_t first, std::int64_t last) {
        kernels::rms_norm_forward(first, last, from.size(1), from.const_data_ptr<float>(),
                                  weight.const_data_ptr<float>(), static_cast<float>(eps),
                                  out.data_ptr<float>(), scale.data_ptr<float>());
    });
    record(out, {x, weight}, [pass, from, weight, scale](std::vector<at::Tensor>& g) {
        return std::vector{rms_norm_gradient(pass, g[0].contiguous(), from, weight, scale), at::Tensor()};
    });
    return out;
}

at::Tensor swiglu(const NetworkPass& pass, const at::Tensor& gate, const at::Tensor& up) {
    const at::Tensor a = gate.detach(), b = up.detach();
    at::Tensor out = pass.like(a);
    parallel(a.numel(), element_grain, [&](std::int64_t first, std::int64_t last) {
        kernels::swiglu_forward(first, last, a.const_data_ptr<float>(), b.const_data_ptr<float>(),
                                out.data_ptr<float>());
    });
    record(out, {gate, up}, [pass, a, b](std::vector<at::Tensor>& gradients) {
        const at::Tensor g = gradients[0].contiguous();
        at::Tensor da = pass.like(a), db = pass.like(b);
        parallel(a.numel(), element_grain, [&](std::int64_t first, std::int64_t last) {
            kernels::swiglu_backward(first, last, a.const_data_ptr<float>(), b.const_data_ptr<float>(),
                                     g.const_data_ptr<float>(), da.data_ptr<float>(), db.data_ptr<float>());
        });
        return std::vector{da, db};
    });
    return out;
}

at::Tensor activate(const NetworkPass&, Activation activation, const at::Tensor& x) {
    const at::Tensor from = x.detach();
    at::Tensor out;
    {
        const at::NoGradGuard off;
        out = activated(activation, from);
    }
    record(out, {x}, [activation, from](std::vector<at::Tensor>& g) {
        return std::vector{activation_gradient(activation, g[0], from)};
    });
    return out;
}

at::Tensor dropout(const NetworkPass& pass, const at::Tensor& x, double p, std::uint64_t place) {
    if (!pass.dropout.active || p <= 0) {
        return x;
    }
    constexpr std::uint64_t purpose = 0x64726F70; // "drop"
    const std::uint64_t key =
        CounterRandom(pass.dropout.seed, {purpose, pass.dropout.step, pass.dropout.micro, place}).next();
    const at::Tensor from = x.detach().contiguous();
    at::Tensor out = pass.like(from);
    drop_rows(from, p, key, out);
    record(out, {x}, [pass, p, key](std::vector<at::Tensor>& gradients) {
        const at::Tensor g = gradients[0].contiguous();
        at::Tensor dx = pass.like(g);
        drop_rows(g, p, key, dx);
        return std::vector{dx};
    });
    return out;
}

} // namespace ember
