#pragma once
// Sums, extremes and counts of a matrix, in one streaming pass.

#include <cstdint>
#include <vector>

#include "core/data/matrix.hpp"

namespace ember {

/// Finite values only, except for `non_finite`, and the row and column sums, which take all. Entries of a
/// sparse matrix that stand twice count twice; places that are not stored do not count at all.
struct MatrixSummary {
    double sum = 0, sum_squares = 0, min = 0, max = 0;
    std::uint64_t finite = 0, non_finite = 0, nonzero = 0;
    double row_sum_first = 0, row_sum_last = 0, col_sum_first = 0, col_sum_last = 0;
};

MatrixSummary summarise(const Matrix& matrix, JobContext& job);

} // namespace ember
