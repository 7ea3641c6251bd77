#include "core/training/network_kernels.hpp"

#include <bit>
#include <cmath>

#include "core/experiment/counter_random.hpp"
#include "core/model/exponential.hpp"

namespace ember::kernels {

namespace {

constexpr int lanes = 16;

/// Sum of a_i · b_i · c_i, in sixteen partial sums.
template<typename Term>
float sum(std::int64_t width, Term term) {
    float partial[lanes] = {};
    std::int64_t i = 0;
    for (; i + lanes <= width; i += lanes) {
        for (int lane = 0; lane < lanes; ++lane) {
            partial[lane] += term(i + lane);
        }
    }
    float total = 0;
    for (; i < width; ++i) {
        total += term(i);
    }
    for (const float value : partial) {
        total += value;
    }
    return total;
}

/// A bijection of 32-bit numbers whose every output bit depends on every input bit.
inline std::uint32_t scramble(std::uint32_t value) {
    value = (value ^ (value >> 16U)) * 0x21F0AAADU;
    value = (value ^ (value >> 15U)) * 0xD35A2D97U;
    return value ^ (value >> 15U);
}

/// ln x of a normal number x > 0 to 2 ulp: the exponent, and 2 atanh((m − 1) / (m + 1)) of m in [√½, √2).
inline float logarithm(float x) {
    constexpr std::int32_t root_half = 0x3F3504F3;
    const std::int32_t bits = std::bit_cast<std::int32_t>(x) - root_half;
    const float exponent = static_cast<float>(bits >> 23);
    const float m = std::bit_cast<float>((bits & 0x007FFFFF) + root_half);
    const float s = (m - 1) / (m + 1), q = s * s;
    const float series = 1 + q * (1.0f / 3 + q * (1.0f / 5 + q * (1.0f / 7 + q * (1.0f / 9))));
    return exponent * 0.693147180559945f + 2 * s * series;
}

/// sin and cos of x in [−π/4, π/4].
inline float sine(float x) {
    const float q = x * x;
    return x * (1 + q * (-1.0f / 6 + q * (1.0f / 120 + q * (-1.0f / 5040 + q * (1.0f / 362880)))));
}
inline float cosine(float x) {
    const float q = x * x;
    return 1 + q * (-0.5f + q * (1.0f / 24 + q * (-1.0f / 720 + q * (1.0f / 40320))));
}

} // namespace

void normal_pairs(std::int64_t count, const std::uint64_t* random, float deviation, float* out) {
    constexpr float unit = 0x1p-32f, half_pi = 1.57079632679490f;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto low = static_cast<std::uint32_t>(random[i]);
        const auto high = static_cast<std::uint32_t>(random[i] >> 32U);
        // In (0, 1]: at most 6.7 deviations from zero.
        const float u = (static_cast<float>(static_cast<std::int32_t>(low >> 1U)) + 0.5f) * (2 * unit);
        const float radius = deviation * std::sqrt(-2 * logarithm(u));
        // A quarter of the circle, and an angle around its middle.
        const auto quarter = static_cast<std::int32_t>(high >> 30U);
        const float within =
            static_cast<float>(static_cast<std::int32_t>(high & 0x3FFFFFFFU)) * (4 * unit) - 0.5f;
        const float a = cosine(within * half_pi), b = sine(within * half_pi);
        const float x = (quarter & 1) != 0 ? -b : a, y = (quarter & 1) != 0 ? a : b;
        const float sign = (quarter & 2) != 0 ? -radius : radius;
        out[i] = x * sign;
        out[i + count] = y * sign;
    }
}

void rms_norm_forward(std::int64_t first, std::int64_t last, std::int64_t width, const float* x,
                      const float* weight, float eps, float* out, float* scale) {
    for (std::int64_t row = first; row < last; ++row) {
        const float* in = x + row * width;
        float* to = out + row * width;
        const float squares = sum(width, [&](std::int64_t i) { return in[i] * in[i]; });
        const float s = 1.0f / std::sqrt(squares / static_cast<float>(width) + eps);
        scale[row] = s;
        for (std::int64_t i = 0; i < width; ++i) {
            to[i] = weight[i] * (in[i] * s);
        }
    }
}

void rms_norm_backward(std::int64_t first, std::int64_t last, std::int64_t width, const float* x,
                       const float* weight, const float* scale, const float* g, float* dx,
                       float* weight_gradient) {
    for (std::int64_t row = first; row < last; ++row) {
        const float* in = x + row * width;
        const float* from = g + row * width;
        float* to = dx + row * width;
        const float s = scale[row];
        const float along = sum(width, [&](std::int64_t i) { return from[i] * weight[i] * in[i]; });
        const float back = along * s * s * s / static_cast<float>(width);
        for (std::int64_t i = 0; i < width; ++i) {
            to[i] = from[i] * weight[i] * s - in[i] * back;
        }
        if (weight_gradient != nullptr) {
            for (std::int64_t i = 0; i < width; ++i) {
                weight_gradient[i] += from[i] * (in[i] * s);
            }
        }
    }
}

void swiglu_forward(std::int64_t first, std::int64_t last, const float* gate, const float* up, float* out) {
    for (std::int64_t i = first; i < last; ++i) {
        const float x = gate[i];
        out[i] = x / (1.0f + exponential(-x)) * up[i];
    }
}

void swiglu_backward(std::int64_t first, std::int64_t last, const float* gate, const float* up,
                     const float* g, float* gate_gradient, float* up_gradient) {
    for (std::int64_t i = first; i < last; ++i) {
        const float x = gate[i];
        const float sigmoid = 1.0f / (1.0f + exponential(-x));
        const float silu = x * sigmoid;
        up_gradient[i] = g[i] * silu;
        gate_gradient[i] = g[i] * up[i] * (sigmoid + silu * (1.0f - sigmoid));
    }
}

void drop(std::int64_t first, std::int64_t last, std::int64_t width, std::uint64_t key,
          std::uint32_t threshold, float scale, const float* x, float* out) {
    for (std::int64_t row = first; row < last; ++row) {
        const std::uint64_t row_key =
            CounterRandom::mix(key + static_cast<std::uint64_t>(row) * 0x9E3779B97F4A7C15ULL);
        const auto low = static_cast<std::uint32_t>(row_key),
                   high = static_cast<std::uint32_t>(row_key >> 32U);
        const float* in = x + row * width;
        float* to = out + row * width;
        for (std::int64_t i = 0; i < width; ++i) {
            const std::uint32_t random = scramble(scramble(static_cast<std::uint32_t>(i) + low) ^ high);
            to[i] = random < threshold ? 0.0f : in[i] * scale;
        }
    }
}

void add_column_sums(std::int64_t first, std::int64_t last, std::int64_t rows, std::int64_t width,
                     const float* x, float* sums) {
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* in = x + row * width;
        for (std::int64_t i = first; i < last; ++i) {
            sums[i] += in[i];
        }
    }
}

} // namespace ember::kernels
