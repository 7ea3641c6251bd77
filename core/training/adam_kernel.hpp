#pragma once
// The arithmetic of one Adam step on a piece of memory. Knows no LibTorch, so that it compiles with loop
// optimisations alone.

#include <cstdint>

namespace ember::adam {

/// One step's constants. torch.optim.Adam: m += (1 − β₁)(g − m), v = β₂ v + (1 − β₂) g², w −= (lr / (1 −
/// β₁ᵗ)) m / (sqrt(v) / sqrt(1 − β₂ᵗ) + ε).
struct Step {
    float gradient_scale = 1;     ///< of clipping
    float added_decay = 0;        ///< Adam: g += added_decay · w
    float kept_weight = 1;        ///< AdamW: w *= 1 − lr · weight_decay
    float one_minus_beta1 = 0.1F; ///< 1 − β₁
    float beta2 = 0.999F, one_minus_beta2 = 0.001F;
    float step_size = 0;        ///< lr / (1 − β₁ᵗ)
    float sqrt_correction2 = 1; ///< sqrt(1 − β₂ᵗ)
    float eps = 1e-8F;
};

void update(const Step& step, std::int64_t count, const float* gradient, float* weight, float* exp_avg,
            float* exp_avg_sq);

/// Σ g², added in a fixed order in double.
double sum_of_squares(const float* values, std::int64_t count);

} // namespace ember::adam
