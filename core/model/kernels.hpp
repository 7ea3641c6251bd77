#pragma once
// The element-wise passes of the network, each one fused sweep over memory. Loops over rows [first, last), so
// that the caller spreads them over threads.

#include <cstdint>

namespace ember::kernels {

/// out = weight · x / sqrt(mean(x²) + eps) for each row [width].
void rms_norm(std::int64_t first, std::int64_t last, std::int64_t width, const float* x, const float* weight,
              float eps, float* out);

/// gate = silu(gate) · up over elements [first, last).
void silu_multiply(std::int64_t first, std::int64_t last, float* gate, const float* up);

/// out = a + b over elements [first, last).
void add(std::int64_t first, std::int64_t last, const float* a, const float* b, float* out);

/// Rotary position embedding in place, half-split layout: rows of `heads` heads of size `dim`; `cosine` and
/// `sine` are [positions × dim/2], `position` is the row's.
void rotate(float* row, std::int64_t heads, std::int64_t dim, const float* cosine, const float* sine);

} // namespace ember::kernels
