#include "core/embedding/symmetric_product.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr std::int64_t lanes = 8, rows_at_once = 4, task_rows = 64;
using Lanes = double __attribute__((vector_size(64)));

template<std::int64_t rows>
void multiply_rows(const double* a, std::int64_t size, const double* in, Lanes* out) {
    Lanes sums[rows] = {};
    for (std::int64_t j = 0; j < size; ++j) {
        Lanes factor;
        std::memcpy(&factor, in + j * lanes, sizeof factor);
        for (std::int64_t row = 0; row < rows; ++row) {
            sums[row] += a[row * size + j] * factor;
        }
    }
    std::copy_n(sums, rows, out);
}

/// Up to eight columns, which stand side by side in `in` [size × 8].
void multiply_eight(const double* a, std::int64_t size, const double* in, std::int64_t columns, double* out) {
    tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, size, task_rows), [&](const auto& range) {
        for (std::int64_t row = range.begin(); row < range.end();) {
            Lanes sums[rows_at_once];
            const std::int64_t rows = range.end() - row >= rows_at_once ? rows_at_once : 1;
            (rows == 1 ? multiply_rows<1> : multiply_rows<rows_at_once>)(a + row * size, size, in, sums);
            for (std::int64_t i = 0; i < rows; ++i, ++row) {
                for (std::int64_t column = 0; column < columns; ++column) {
                    out[column * size + row] = sums[i][column];
                }
            }
        }
    });
}

} // namespace

void multiply_columns(const double* a, std::int64_t size, const double* in, std::int64_t columns,
                      double* out) {
    std::vector<double> packed(static_cast<std::size_t>(size * lanes));
    for (std::int64_t first = 0; first < columns; first += lanes) {
        const std::int64_t here = std::min(lanes, columns - first);
        for (std::int64_t row = 0; row < size; ++row) {
            for (std::int64_t column = 0; column < here; ++column) {
                packed[static_cast<std::size_t>(row * lanes + column)] = in[(first + column) * size + row];
            }
        }
        multiply_eight(a, size, packed.data(), here, out + first * size);
    }
}

} // namespace ember
