#pragma once
// The exponential function for loops over many numbers.

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ember::kernels {

/// exp(x) to 2 ulp, written so that the compiler vectorises the loop around it: x = n ln 2 + r, Taylor
/// polynomial of degree 7 in r, |r| ≤ ln 2 / 2. Saturates at the ends of float's normal range.
inline float exponential(float x) {
    constexpr float log2_e = 1.44269504088896341f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    x = std::min(std::max(x, -87.0f), 88.0f);
    // Adding and subtracting 1.5 · 2^23 rounds to the nearest whole number.
    constexpr float shift = 12582912.0f;
    const float shifted = x * log2_e + shift;
    const float n = shifted - shift;
    const float r = (x - n * ln2_high) - n * ln2_low;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    const auto exponent = (std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(shift)) << 23;
    return std::bit_cast<float>(std::bit_cast<std::int32_t>(p) + exponent);
}

} // namespace ember::kernels
