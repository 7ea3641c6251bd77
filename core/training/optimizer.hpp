#pragma once
// Adam and AdamW over all trained parameters, as torch.optim computes them, in one pass over memory.

#include <cstdint>
#include <vector>

#include "core/experiment/train_settings.hpp"
#include "core/training/network.hpp"

namespace ember {

class Optimizer {
public:
    /// Moments start at zero; they are held for trained parameters only.
    Optimizer(std::vector<NetworkParameter>& parameters, const OptimizerSettings& settings);

    /// Global L2 norm of all gradients, summed in a fixed order.
    double gradient_norm() const;

    /// One step at this learning rate; gradients are scaled by min(1, clip / (norm + 1e-6)) on the way, as
    /// torch.nn.utils.clip_grad_norm_ does. Parameters without a gradient are left alone.
    void step(double lr, double norm);

    /// Frees or zeroes the gradients.
    void clear_gradients();

    struct Moments {
        std::int64_t parameter = 0; ///< index in named_parameters() order
        double step = 0;
        at::Tensor exp_avg, exp_avg_sq;
    };
    std::vector<Moments>& moments() noexcept { return moments_; }
    const std::vector<Moments>& moments() const noexcept { return moments_; }

private:
    std::vector<NetworkParameter>& parameters_;
    OptimizerSettings settings_;
    std::vector<Moments> moments_;
};

/// The learning rate of optimizer step `step` (0-based) of `steps`.
double learning_rate(const OptimizerSettings& settings, std::int64_t step, std::int64_t steps);

} // namespace ember
