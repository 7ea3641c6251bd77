#include "core/training/adam_kernel.hpp"

#include <cmath>

namespace ember::adam {

void update(const Step& step, std::int64_t count, const float* __restrict gradient, float* __restrict weight,
            float* __restrict exp_avg, float* __restrict exp_avg_sq) {
    const Step s = step; // a copy, so that the compiler knows that stores leave it alone
    for (std::int64_t i = 0; i < count; ++i) {
        const float g = gradient[i] * s.gradient_scale + s.added_decay * weight[i];
        const float m = exp_avg[i] + s.one_minus_beta1 * (g - exp_avg[i]);
        const float v = exp_avg_sq[i] * s.beta2 + s.one_minus_beta2 * g * g;
        const float kept = weight[i] * s.kept_weight;
        exp_avg[i] = m;
        exp_avg_sq[i] = v;
        weight[i] = kept - s.step_size * (m / (std::sqrt(v) / s.sqrt_correction2 + s.eps));
    }
}

double sum_of_squares(const float* values, std::int64_t count) {
    constexpr int lanes = 16;
    double partial[lanes] = {};
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (int lane = 0; lane < lanes; ++lane) {
            const double value = values[i + lane];
            partial[lane] += value * value;
        }
    }
    double sum = 0;
    for (; i < count; ++i) {
        const double value = values[i];
        sum += value * value;
    }
    for (const double part : partial) {
        sum += part;
    }
    return sum;
}

} // namespace ember::adam
