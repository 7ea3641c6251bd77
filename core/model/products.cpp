#include "core/model/products.hpp"

#include <algorithm>

namespace ember {

namespace {

/// Rows whose product with this layer takes some 20 GFLOP: 60 ms on two current cores.
std::int64_t rows_per_piece(const Linear& linear) {
    constexpr double flops = 20e9;
    const double per_row = 2.0 * static_cast<double>(linear.inputs()) * static_cast<double>(linear.outputs());
    return std::max<std::int64_t>(64, static_cast<std::int64_t>(flops / std::max(per_row, 1.0)));
}

template<typename Product>
void in_pieces(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job, Product product) {
    const std::int64_t rows = x.size(0);
    const std::int64_t pieces = (rows + rows_per_piece(linear) - 1) / rows_per_piece(linear);
    for (std::int64_t piece = 0; piece < pieces; ++piece) {
        job.check_cancelled();
        const std::int64_t first = rows * piece / pieces, last = rows * (piece + 1) / pieces;
        at::Tensor to = out.narrow(0, first, last - first);
        product(to, x.narrow(0, first, last - first));
    }
}

} // namespace

void apply(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    const at::Tensor transposed = linear.weight.t();
    in_pieces(linear, x, out, job, [&](at::Tensor& to, const at::Tensor& from) {
        if (linear.bias.defined()) {
            at::addmm_out(to, linear.bias, from, transposed);
        } else {
            at::mm_out(to, from, transposed);
        }
    });
}

void accumulate(const Linear& linear, const at::Tensor& x, at::Tensor& out, JobContext& job) {
    const at::Tensor transposed = linear.weight.t();
    in_pieces(linear, x, out, job,
              [&](at::Tensor& to, const at::Tensor& from) { at::addmm_out(to, to, from, transposed); });
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
