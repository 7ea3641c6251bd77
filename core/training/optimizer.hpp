#pragma once
// Adam and AdamW over all trained parameters, as torch.optim computes them, in one pass over memory. The same
// bits for any number of threads.

#include <cstdint>
#include <vector>

#include "core/experiment/train_settings.hpp"
#include "core/training/network.hpp"

namespace ember {

class Optimizer {
public:
    /// One entry of moments() per trained parameter; a parameter's moments are made (zeros, step 0) when it
    /// first has a gradient, as in torch. The parameters outlive the optimizer.
    Optimizer(std::vector<NetworkParameter>& parameters, const OptimizerSettings& settings);

    /// Global L2 norm of all gradients, added in double in a fixed order. NaN or infinite when a gradient is.
    double gradient_norm() const;

    /// One step at this learning rate; gradients are scaled by min(1, clip / (norm + 1e-6)) on the way, as
    /// torch.nn.utils.clip_grad_norm_ does. Parameters without a gradient are left alone. Gradients are as
    /// backward left them: over `accumulation` batches, each batch's loss is divided by that number before.
    void step(double lr, double norm);

    /// The gradients are gone, their memory is kept by the network (NetworkParameter).
    void clear_gradients();

    struct Moments {
        std::int64_t parameter = 0;     ///< index in named_parameters() order
        double step = 0;                ///< optimizer steps that this parameter took
        at::Tensor exp_avg, exp_avg_sq; ///< float32 of the parameter's shape; undefined before its first step
    };
    std::vector<Moments>& moments() noexcept { return moments_; }
    const std::vector<Moments>& moments() const noexcept { return moments_; }

private:
    std::vector<NetworkParameter>& parameters_;
    OptimizerSettings settings_;
    std::vector<Moments> moments_;
};

/// The learning rate of optimizer step `step` (0-based) of `steps`: `warmup_steps` steps of a straight rise,
/// then constant, or falling to final_lr_ratio · lr at the last step.
double learning_rate(const OptimizerSettings& settings, std::int64_t step, std::int64_t steps);

} // namespace ember
