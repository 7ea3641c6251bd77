#pragma once
// Velocity alignment: predicted changes should point where the RNA velocity of the control cell points
// (reference analysis.md §9).

#include "core/experiment/train_settings.hpp"
#include "core/model/torch.hpp"

namespace ember {

/// Of the used rows; numbers are NaN without rows, coverage is 0 then.
struct VelocityTerms {
    at::Tensor direction; ///< scalar: mean of 1 − cos
    at::Tensor magnitude; ///< scalar: mean of | |change| − β |velocity| | (upstream form: without β)
    double cosine = 0, coverage = 0, mean_confidence = 0;
    double magnitude_change = 0, magnitude_velocity = 0; ///< mean lengths
    double largest_row_gradient =
        0; ///< length of the steepest row of the direction's gradient, before clipping
};

/// change [cells × D], velocity [cells × D], confidence [cells]; float32 or float64. A row leaves both terms
/// when its confidence is below the least, or anything in it is not finite; it leaves only the direction when
/// change or velocity is no longer than `eps`, which counts as no length.
VelocityTerms velocity_terms(const at::Tensor& change, const at::Tensor& velocity,
                             const at::Tensor& confidence, const VelocitySettings& settings,
                             double eps = 1e-8);

/// λ(t) of the warm-up: min(1, step / warm-up steps), 1 without warm-up.
double velocity_weight(std::int64_t step, const VelocitySettings& settings);

/// What is added to the loss: λ(t)·lambda·direction + mu·magnitude, or upstream λ(t)·lambda·(direction +
/// β·magnitude).
at::Tensor velocity_loss(const VelocityTerms& terms, std::int64_t step, const VelocitySettings& settings);

} // namespace ember
