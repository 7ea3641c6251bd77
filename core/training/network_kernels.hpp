#pragma once
// The element-wise passes of training, forward and backward, each one sweep over memory. Loops over rows or
// elements [first, last), so that the caller spreads them over threads.

#include <cstdint>

namespace ember::kernels {

/// out = weight · x · s with s = 1 / sqrt(mean(x²) + eps) of each row [width]; s is kept in `scale` [rows].
void rms_norm_forward(std::int64_t first, std::int64_t last, std::int64_t width, const float* x,
                      const float* weight, float eps, float* out, float* scale);

/// dx of the above from the gradient g of its result; adds g · x · s of these rows to `weight_gradient`
/// [width] unless it is null.
void rms_norm_backward(std::int64_t first, std::int64_t last, std::int64_t width, const float* x,
                       const float* weight, const float* scale, const float* g, float* dx,
                       float* weight_gradient);

/// out = silu(gate) · up.
void swiglu_forward(std::int64_t first, std::int64_t last, const float* gate, const float* up, float* out);
void swiglu_backward(std::int64_t first, std::int64_t last, const float* gate, const float* up,
                     const float* g, float* gate_gradient, float* up_gradient);

/// Dropout of rows [first, last): an element is zero when its random number, a function of key, row and
/// column, is below `threshold` of 2³², else it is x · scale. out may be x.
void drop(std::int64_t first, std::int64_t last, std::int64_t width, std::uint64_t key,
          std::uint32_t threshold, float scale, const float* x, float* out);

/// Independent normal numbers with mean 0 from `random` [count], by Box and Muller: the halves of each number
/// make a pair, out[i] and out[i + count].
void normal_pairs(std::int64_t count, const std::uint64_t* random, float deviation, float* out);

/// Adds x [rows × width] over its rows to sums [first, last).
void add_column_sums(std::int64_t first, std::int64_t last, std::int64_t rows, std::int64_t width,
                     const float* x, float* sums);

} // namespace ember::kernels
