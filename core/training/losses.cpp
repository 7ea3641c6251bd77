#include "core/training/losses.hpp"

#include <algorithm>
#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include "core/training/autograd.hpp"

namespace ember {

namespace {

/// arc-state's SamplesLoss: a kernel loss or the Sinkhorn divergence.
at::Tensor sample_loss(const at::Tensor& x, const at::Tensor& y, const LossSettings& settings) {
    return settings.loss == SetLoss::sinkhorn ? sinkhorn_divergence(x, y, settings.blur)
                                              : kernel_loss(x, y, settings.distance, settings.blur);
}

at::Tensor random_order(std::int64_t count, CounterRandom& random) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.below(i)]);
    }
    return at::tensor(order, at::kLong);
}

/// Mean over dimension 0, numbers only.
at::Tensor mean_of_numbers(const at::Tensor& values) {
    const at::Tensor missing = at::isnan(values);
    return at::where(missing, at::zeros_like(values), values).sum(0) / missing.logical_not().sum(0);
}

at::Tensor chunked_loss(at::Tensor x, at::Tensor y, const LossSettings& settings, CounterRandom& random,
                        bool training) {
    const std::int64_t features = x.size(-1), wanted = std::min(settings.chunks, features);
    if (wanted <= 1) {
        return sample_loss(x, y, settings);
    }
    if (settings.randomize_chunks && training) {
        const at::Tensor order = random_order(features, random);
        x = at::index_select(x, -1, order);
        y = at::index_select(y, -1, order);
    }
    const std::int64_t width = (features + wanted - 1) / wanted;
    std::vector<at::Tensor> losses;
    for (std::int64_t first = 0; first < features; first += width) {
        const std::int64_t count = std::min(width, features - first);
        losses.push_back(sample_loss(x.narrow(-1, first, count), y.narrow(-1, first, count), settings));
    }
    return mean_of_numbers(at::stack(losses));
}

} // namespace

SetLosses set_losses(const at::Tensor& prediction, const at::Tensor& target, const LossSettings& settings,
                     CounterRandom& chunks, bool training) {
    switch (settings.loss) {
    case SetLoss::mse:
        return {(prediction - target).square().mean({1, 2}), {}, {}};
    case SetLoss::se: {
        const at::Tensor sinkhorn = sinkhorn_divergence(prediction, target, settings.blur),
                         energy = kernel_loss(prediction, target, KernelDistance::energy, settings.blur);
        return {settings.sinkhorn_weight * sinkhorn + settings.energy_weight * energy, sinkhorn.detach(),
                energy.detach()};
    }
    case SetLoss::energy:
    case SetLoss::sinkhorn:
        break;
    }
    return {chunked_loss(prediction, target, settings, chunks, training), {}, {}};
}

at::Tensor mean_of_sets(const at::Tensor& losses) {
    return mean_of_numbers(losses);
}

} // namespace ember
