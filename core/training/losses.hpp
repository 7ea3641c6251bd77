#pragma once
// Losses between predicted and observed sets (reference §4; values of geomloss 0.3.1), differentiable.

#include "core/experiment/counter_random.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/model/torch.hpp"

namespace ember {

/// The main loss of each set [sets]; prediction and target [sets × S × O]. `chunks`: the permutation of
/// features when chunks are random, else ignored. float32 or float64.
at::Tensor set_losses(const at::Tensor& prediction, const at::Tensor& target, const LossSettings& settings,
                      CounterRandom& chunks, bool training);

/// Mean over the sets whose loss is a number (arc-state's nanmean).
at::Tensor mean_of_sets(const at::Tensor& losses);

/// ½·mean-type kernel losses and Sinkhorn divergence alone, [sets] each; used by set_losses and by the log.
at::Tensor kernel_loss(const at::Tensor& x, const at::Tensor& y, KernelDistance distance, double blur);
at::Tensor sinkhorn_divergence(const at::Tensor& x, const at::Tensor& y, double blur);

/// Velocity alignment (reference analysis.md §9): change [cells × D], velocity [cells × D], confidence
/// [cells].
struct VelocityTerms {
    at::Tensor direction, magnitude; ///< scalars; 0 without rows
    double cosine = 0, coverage = 0, mean_confidence = 0, magnitude_change = 0,
           magnitude_velocity = 0; ///< NaN without rows
    double largest_row_gradient = 0;
};
VelocityTerms velocity_terms(const at::Tensor& change, const at::Tensor& velocity,
                             const at::Tensor& confidence, const VelocitySettings& settings);
/// λ(t) of the warm-up.
double velocity_weight(std::int64_t step, const VelocitySettings& settings);

} // namespace ember
