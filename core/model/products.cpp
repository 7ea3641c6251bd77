#include "core/model/products.hpp"

#include <algorithm>

namespace ember {

namespace {

/// Number of pieces in which a product hears a cancel: 20 GFLOP or 60 ms on two current cores each.
std::int64_t pieces_of(const Linear& linear, std::int64_t rows) {
    constexpr double flops = 20e9;
    return static_cast<std::int64_t>(2.0 * static_cast<double>(linear.inputs()) *
                                     static_cast<double>(linear.outputs()) * static_cast<double>(rows) /
                                     flops) +
           1;
}

/// Calls `product(part of out, part of x, columns of Wᵀ, part of the bias)` piece by piece. The longer side
/// of the result is cut, because the operand on the other side is packed again for each piece.
template<typename Product>
void in_pieces(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job, Product product) {
    const bool by_rows = x.size(0) >= linear.outputs();
    const std::int64_t extent = by_rows ? x.size(0) : linear.outputs();
    const std::int64_t pieces = std::min(extent, pieces_of(linear, x.size(0)));
    const at::Tensor transposed = linear.weight.t();
    for (std::int64_t piece = 0; piece < pieces; ++piece) {
        job.check_cancelled();
        const std::int64_t first = extent * piece / pieces, count = extent * (piece + 1) / pieces - first;
        at::Tensor to = out.narrow(by_rows ? 0 : 1, first, count);
        if (by_rows) {
            product(to, x.narrow(0, first, count), transposed, linear.bias);
        } else {
            product(to, x, transposed.narrow(1, first, count),
                    linear.bias.defined() ? linear.bias.narrow(0, first, count) : linear.bias);
        }
    }
}

} // namespace

void apply(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    in_pieces(linear, x, out, job,
              [](at::Tensor& to, const at::Tensor& from, const at::Tensor& weight, const at::Tensor& bias) {
                  if (bias.defined()) {
                      at::addmm_out(to, bias, from, weight);
                  } else {
                      at::mm_out(to, from, weight);
                  }
              });
}

void accumulate(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    in_pieces(linear, x, out, job,
              [](at::Tensor& to, const at::Tensor& from, const at::Tensor& weight, const at::Tensor&) {
                  at::addmm_out(to, to, from, weight);
              });
}

void activate(Activation activation, at::Tensor& x) {
    switch (activation) {
    case Activation::gelu:
        at::gelu_out(x, x);
        break;
    case Activation::relu:
        x.relu_();
        break;
    case Activation::leaky_relu:
        at::leaky_relu_(x);
        break;
    case Activation::elu:
        at::elu_(x);
        break;
    case Activation::selu:
        at::selu_(x);
        break;
    }
}

void apply(const Mlp& mlp, Activation activation, const at::Tensor& x, at::Tensor& first, at::Tensor& second,
           at::Tensor& out, JobContext& job) {
    const std::int64_t rows = x.size(0);
    at::Tensor from = x;
    for (std::size_t i = 0; i + 1 < mlp.size(); ++i) {
        at::Tensor& buffer = i % 2 == 0 ? first : second;
        at::Tensor to = buffer.narrow(0, 0, rows).narrow(1, 0, mlp[i].outputs());
        apply(mlp[i], from, to, job);
        activate(activation, to);
        from = to;
    }
    apply(mlp.back(), from, out, job);
}

void parallel(std::int64_t count, std::int64_t grain,
              const std::function<void(std::int64_t, std::int64_t)>& body) {
    at::parallel_for(0, count, grain, [&](std::int64_t first, std::int64_t last) { body(first, last); });
}

} // namespace ember
