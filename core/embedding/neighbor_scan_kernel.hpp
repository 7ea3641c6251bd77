#pragma once
// Compiled once per instruction set. The including file defines Lanes, `width`, splat(), load() and above(),
// in a namespace without a name.

#include "core/embedding/neighbor_scan.hpp"

namespace ember {

namespace {

template<std::uint64_t rows, bool manhattan>
bool scan_rows(const float* queries, std::uint64_t dims, const float* panel, const float* offset,
               const float* threshold, std::uint32_t* hits) {
    Lanes score[rows][2];
    for (std::uint64_t row = 0; row < rows; ++row) {
        score[row][0] = -load(offset);
        score[row][1] = -load(offset + width);
    }
    for (std::uint64_t d = 0; d < dims; ++d) {
        const Lanes left = load(panel + d * 2 * width), right = load(panel + d * 2 * width + width);
        for (std::uint64_t row = 0; row < rows; ++row) {
            const Lanes query = splat(queries[row * dims + d]);
            if constexpr (manhattan) {
                score[row][0] -= magnitude(query - left);
                score[row][1] -= magnitude(query - right);
            } else {
                score[row][0] += query * left;
                score[row][1] += query * right;
            }
        }
    }
    std::uint32_t any = 0;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const Lanes least = splat(threshold[row]);
        hits[row] = above(score[row][0], least) | above(score[row][1], least) << width;
        any |= hits[row];
    }
    return any != 0;
}

template<bool manhattan>
bool scan(const float* queries, std::uint64_t rows, std::uint64_t dims, const float* panel,
          const float* offset, const float* threshold, std::uint32_t* hits) {
    if (rows == rows_at_once) {
        return scan_rows<rows_at_once, manhattan>(queries, dims, panel, offset, threshold, hits);
    }
    bool any = false;
    for (std::uint64_t row = 0; row < rows; ++row) {
        any |=
            scan_rows<1, manhattan>(queries + row * dims, dims, panel, offset, threshold + row, hits + row);
    }
    return any;
}

} // namespace

} // namespace ember
