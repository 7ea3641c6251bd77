#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>

#include "core/training/autograd.hpp"
#include "core/training/kernel_row.hpp"
#include "core/training/losses.hpp"

namespace ember {

namespace {

/// k of every pair (x_i, y_j) and its slope c_ij: the gradient of k with respect to x_i is c_ij (x_i − y_j).
struct PairKernel {
    at::Tensor mean;   ///< [sets]
    at::Tensor slopes; ///< [sets × N × M], divided by the number of pairs
};

at::Tensor square_lengths(const at::Tensor& x) {
    return at::sum(x * x, -1).contiguous(); // [sets × N]
}

template<typename T>
PairKernel pair_kernel(const PairwiseKernel& kernel, const at::Tensor& x, const at::Tensor& x_squares,
                       const at::Tensor& y, const at::Tensor& y_squares, bool same) {
    at::Tensor products = at::bmm(x, y.transpose(1, 2)).contiguous();
    const std::int64_t sets = products.size(0), rows = products.size(1), columns = products.size(2);
    const T per_pair = static_cast<T>(1.0 / (static_cast<double>(rows) * static_cast<double>(columns)));
    std::vector<double> sums(static_cast<std::size_t>(sets * rows));
    T* const values = products.data_ptr<T>();
    const T* const own = x_squares.const_data_ptr<T>();
    const T* const others = y_squares.const_data_ptr<T>();
    at::parallel_for(0, sets * rows, 16, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row) {
            T* const at_row = values + row * columns;
            sums[static_cast<std::size_t>(row)] =
                kernel_row(kernel, own[row], others + row / rows * columns, columns, per_pair, at_row);
            if (same) { // x_i − x_i is zero, whatever rounding makes of its distance
                at_row[row % rows] = 0;
            }
        }
    });
    PairKernel result{at::zeros({sets}, x.options()), products};
    for (std::int64_t set = 0; set < sets; ++set) {
        const auto begin = sums.begin() + set * rows;
        result.mean.data_ptr<T>()[set] =
            static_cast<T>(std::accumulate(begin, begin + rows, 0.0) * static_cast<double>(per_pair));
    }
    return result;
}

PairKernel pairs(const PairwiseKernel& kernel, const at::Tensor& x, const at::Tensor& x_squares,
                 const at::Tensor& y, const at::Tensor& y_squares, bool same) {
    return x.scalar_type() == at::kDouble ? pair_kernel<double>(kernel, x, x_squares, y, y_squares, same)
                                          : pair_kernel<float>(kernel, x, x_squares, y, y_squares, same);
}

/// Σ_j c_ij (x_i − x_j) − Σ_j d_ij (x_i − y_j), times the gradient of each set's loss.
at::Tensor pulled(const at::Tensor& x, const at::Tensor& own, const at::Tensor& y, const at::Tensor& cross,
                  const at::Tensor& grad) {
    at::Tensor result = at::bmm(cross, y);
    result.baddbmm_(own, x, 1, -1);
    result.addcmul_(x, (at::sum(own, -1) - at::sum(cross, -1)).unsqueeze(-1));
    const at::Tensor factor = grad.view({-1, 1, 1});
    // A set without a say stays without, also when its loss is not a number.
    return result.mul_(factor).masked_fill_(factor == 0, 0);
}

struct KernelLoss : torch::autograd::Function<KernelLoss> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& y, std::int64_t distance, double blur, bool keep_x,
                              bool keep_y) {
        const PairwiseKernel kernel{static_cast<KernelDistance>(distance), blur};
        const at::Tensor x_squares = square_lengths(x), y_squares = square_lengths(y);
        const PairKernel cross = pairs(kernel, x, x_squares, y, y_squares, false);
        const PairKernel own_x = pairs(kernel, x, x_squares, x, x_squares, true);
        const PairKernel own_y = pairs(kernel, y, y_squares, y, y_squares, true);
        const at::Tensor none;
        context->save_for_backward({x, y, keep_x || keep_y ? cross.slopes : none,
                                    keep_x ? own_x.slopes : none, keep_y ? own_y.slopes : none});
        return (own_x.mean + own_y.mean) * 0.5 - cross.mean;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list grads) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &y = saved[1], &cross = saved[2];
        torch::autograd::variable_list result(6);
        if (saved[3].defined()) {
            result[0] = pulled(x, saved[3], y, cross, grads[0]);
        }
        if (saved[4].defined()) {
            result[1] = pulled(y, saved[4], x, cross.transpose(1, 2), grads[0]);
        }
        return result;
    }
};

} // namespace

at::Tensor kernel_loss(const at::Tensor& x, const at::Tensor& y, KernelDistance distance, double blur) {
    const bool grad = at::GradMode::is_enabled();
    return KernelLoss::apply(x, y, static_cast<std::int64_t>(distance), blur, grad && x.requires_grad(),
                             grad && y.requires_grad());
}

} // namespace ember
