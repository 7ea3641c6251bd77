#pragma once
// What one cell contributes to the statistics: sums over its row, exact enough to be merged in any grouping.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace ember {

/// Over the finite values of one row. Sums are about a shift near the data's middle, so that values far from
/// zero lose no digits.
struct RowStatistics {
    std::uint64_t finite = 0;    ///< finite values
    std::uint64_t nonfinite = 0; ///< NaN and infinities, in nothing else
    std::uint64_t below = 0;     ///< |x| <= threshold
    double sum = 0;              ///< Σ (x − shift)
    double squares = 0;          ///< Σ (x − mean of this row)²
    double min = 0, max = 0;     ///< meaningless when finite == 0
    double magnitude = 0;        ///< √Σ x²
};

/// A dense row. T is float or double.
template<typename T>
RowStatistics measure_dense_row(std::span<const T> row, T threshold, double shift);

/// A sparse row of `cols` values, of which `values` stand at `indices` and the others are zero (and count as
/// such). Indices may be unsorted; repeated ones add up. `threshold` >= 0.
template<typename T>
RowStatistics measure_sparse_row(std::span<const std::uint32_t> indices, std::span<const T> values,
                                 std::uint64_t cols, T threshold, double shift);

/// The median of the row's finite values, a shift that no outlier can spoil; 0 when there is none.
template<typename T>
double middle_of(std::span<const T> row);

} // namespace ember
