#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/sum.h>

#include "core/training/autograd.hpp"
#include "core/training/losses.hpp"

namespace ember {

namespace {

/// ½ |x_i − y_j|² [sets × N × M].
at::Tensor costs(const at::Tensor& x, const at::Tensor& y) {
    at::Tensor products = at::bmm(x, y.transpose(1, 2));
    return products.mul_(-2)
        .add_(at::sum(x * x, -1).unsqueeze(2))
        .add_(at::sum(y * y, -1).unsqueeze(1))
        .mul_(0.5);
}

/// The length of the diagonal of the box around all cells of all sets.
double diameter(const at::Tensor& x, const at::Tensor& y) {
    const at::Tensor most = at::maximum(at::amax(x, {0, 1}), at::amax(y, {0, 1}));
    const at::Tensor least = at::minimum(at::amin(x, {0, 1}), at::amin(y, {0, 1}));
    const at::Tensor span = most - least;
    return at::sum(span * span).sqrt().item<double>();
}

/// Falling temperatures: diameter², a quarter of the one before …, blur².
std::vector<double> temperatures(double diameter, double blur) {
    std::vector<double> list;
    if (diameter > 0 && std::isfinite(diameter)) {
        list.push_back(diameter * diameter);
        const double start = 2 * std::log(diameter), stop = 2 * std::log(blur), step = 2 * std::log(0.5);
        const auto count = static_cast<std::int64_t>(std::ceil((stop - start) / step));
        for (std::int64_t i = 0; i < count; ++i) {
            list.push_back(std::exp(start + static_cast<double>(i) * step));
        }
    }
    list.push_back(blur * blur);
    return list;
}

/// A transport problem of cells on the left to cells on the right; uniform weights.
struct Side {
    at::Tensor cost; ///< [sets × left × right]
    double log_weight() const { return -std::log(static_cast<double>(cost.size(2))); }
    /// −ε log Σ_j exp(log weight + potential_j/ε − cost_ij/ε), [sets × left]; `potential` may be undefined.
    at::Tensor softmin(double eps, const at::Tensor& potential) const {
        return at::logsumexp(exponents(eps, potential), {2}).mul_(-eps);
    }
    /// The plan's rows, each with the sum one.
    at::Tensor plan(double eps, const at::Tensor& potential, const at::Tensor& softmin) const {
        return exponents(eps, potential).add_(softmin.unsqueeze(2), 1 / eps).exp_();
    }

private:
    at::Tensor exponents(double eps, const at::Tensor& potential) const {
        at::Tensor sum = cost * (-1 / eps);
        if (potential.defined()) {
            sum.add_((potential * (1 / eps) + log_weight()).unsqueeze(1));
        } else {
            sum.add_(log_weight());
        }
        return sum;
    }
};

/// The dual potentials: `there` on x of x → y, `back` on y; own_x and own_y of each set with itself.
struct Potentials {
    at::Tensor there, back, own_x, own_y;
};

struct Problem {
    Side there, back, own_x, own_y;

    Potentials step(double eps, const Potentials& from) const {
        return {there.softmin(eps, from.back), back.softmin(eps, from.there), own_x.softmin(eps, from.own_x),
                own_y.softmin(eps, from.own_y)};
    }

    Potentials solve(const std::vector<double>& list) const {
        const auto average = [](const at::Tensor& a, const at::Tensor& b) { return (a + b) * 0.5; };
        Potentials now = step(list.front(), {});
        for (const double eps : list) {
            const Potentials next = step(eps, now);
            now = {average(now.there, next.there), average(now.back, next.back),
                   average(now.own_x, next.own_x), average(now.own_y, next.own_y)};
        }
        return now;
    }
};

/// Σ_j (own_ij x_j − cross_ij y_j) / cells, times the gradient of each set's loss.
at::Tensor moved(const at::Tensor& x, const at::Tensor& own, const at::Tensor& y, const at::Tensor& cross,
                 const at::Tensor& grad) {
    const auto cells = static_cast<double>(x.size(1));
    const at::Tensor factor = (grad / cells).view({-1, 1, 1});
    at::Tensor result = at::bmm(own, x);
    result.baddbmm_(cross, y, 1, -1);
    return result.mul_(factor).masked_fill_(factor == 0, 0);
}

struct Sinkhorn : torch::autograd::Function<Sinkhorn> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                              const at::Tensor& y, double blur, bool keep_x, bool keep_y) {
        const at::Tensor cross = costs(x, y);
        const Problem problem{{cross}, {cross.transpose(1, 2)}, {costs(x, x)}, {costs(y, y)}};
        const std::vector<double> list = temperatures(diameter(x, y), blur);
        const double eps = list.back();
        const Potentials fixed = problem.solve(list), last = problem.step(eps, fixed);
        torch::autograd::variable_list saved{x, y, {}, {}, {}, {}};
        if (keep_x) {
            saved[2] = problem.own_x.plan(eps, fixed.own_x, last.own_x);
            saved[3] = problem.there.plan(eps, fixed.back, last.there);
        }
        if (keep_y) {
            saved[4] = problem.own_y.plan(eps, fixed.own_y, last.own_y);
            saved[5] = problem.back.plan(eps, fixed.there, last.back);
        }
        context->save_for_backward(saved);
        return (last.there - last.own_x).mean(1) + (last.back - last.own_y).mean(1);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list grads) {
        const auto saved = context->get_saved_variables();
        torch::autograd::variable_list result(5);
        if (saved[2].defined()) {
            result[0] = moved(saved[0], saved[2], saved[1], saved[3], grads[0]);
        }
        if (saved[4].defined()) {
            result[1] = moved(saved[1], saved[4], saved[0], saved[5], grads[0]);
        }
        return result;
    }
};

} // namespace

at::Tensor sinkhorn_divergence(const at::Tensor& x, const at::Tensor& y, double blur) {
    const bool grad = at::GradMode::is_enabled();
    return Sinkhorn::apply(x, y, blur, grad && x.requires_grad(), grad && y.requires_grad());
}

} // namespace ember
