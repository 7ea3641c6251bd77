#pragma once
// Compiled once per instruction set. The including file defines Lanes, `width` and `left` in a namespace
// without a name.

#include <cstring>

#include "core/embedding/gram_product.hpp"

namespace ember {

namespace {

inline Lanes load(const float* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

void tile_product(std::uint64_t rows, const float* a, const float* b, float* out) {
    Lanes sums[left][2] = {};
    for (std::uint64_t row = 0; row < rows; ++row, a += left, b += 2 * width) {
        const Lanes first = load(b), second = load(b + width);
        for (std::uint64_t i = 0; i < left; ++i) {
            sums[i][0] += a[i] * first;
            sums[i][1] += a[i] * second;
        }
    }
    std::memcpy(out, sums, sizeof sums);
}

} // namespace

} // namespace ember
