#include "core/model/kernels.hpp"

#include <cmath>

#include "core/model/exponential.hpp"

namespace ember::kernels {

void rms_norm(std::int64_t first, std::int64_t last, std::int64_t width, const float* x, const float* weight,
              float eps, float* out) {
    constexpr int lanes = 16;
    for (std::int64_t row = first; row < last; ++row) {
        const float* in = x + row * width;
        float* to = out + row * width;
        float partial[lanes] = {};
        std::int64_t i = 0;
        for (; i + lanes <= width; i += lanes) {
            for (int lane = 0; lane < lanes; ++lane) {
                partial[lane] += in[i + lane] * in[i + lane];
            }
        }
        float sum = 0;
        for (; i < width; ++i) {
            sum += in[i] * in[i];
        }
        for (const float value : partial) {
            sum += value;
        }
        const float scale = 1.0f / std::sqrt(sum / static_cast<float>(width) + eps);
        for (i = 0; i < width; ++i) {
            to[i] = weight[i] * (in[i] * scale);
        }
    }
}

void silu_multiply(std::int64_t first, std::int64_t last, float* gate, const float* up) {
    for (std::int64_t i = first; i < last; ++i) {
        const float x = gate[i];
        gate[i] = x / (1.0f + exponential(-x)) * up[i];
    }
}

void add(std::int64_t first, std::int64_t last, const float* a, const float* b, float* out) {
    for (std::int64_t i = first; i < last; ++i) {
        out[i] = a[i] + b[i];
    }
}

void rotate(float* row, std::int64_t heads, std::int64_t dim, const float* cosine, const float* sine) {
    const std::int64_t half = dim / 2;
    for (std::int64_t head = 0; head < heads; ++head, row += dim) {
        for (std::int64_t i = 0; i < half; ++i) {
            const float low = row[i], high = row[i + half];
            row[i] = low * cosine[i] - high * sine[i];
            row[i + half] = high * cosine[i] + low * sine[i];
        }
    }
}

} // namespace ember::kernels
