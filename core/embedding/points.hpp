#pragma once
// Points without those that have no place: rows with NaN or infinite values.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/matrix.hpp"
#include "core/embedding/metric.hpp"

namespace ember {

struct FinitePoints {
    std::uint64_t rows = 0, dims = 0;
    std::vector<float> values;           ///< [rows × dims]
    std::vector<std::uint64_t> kept;     ///< [rows], where each row stood before; ascending
    std::vector<std::uint64_t> left_out; ///< rows with a value that is not finite; ascending
};

/// Throws Error `ShapeMismatch` when `values` is not [rows × dims], `NoPoints` when no row is left or there
/// are no dimensions.
FinitePoints finite_points(std::span<const float> values, std::uint64_t rows, std::uint64_t dims);

/// The points changed such that the metric becomes half the squared Euclidean distance (cosine, correlation;
/// one dimension more) or stays what it is (euclidean, manhattan). Returns the new number of dimensions.
std::uint64_t prepare_for_metric(std::vector<float>& values, std::uint64_t rows, std::uint64_t dims,
                                 Metric metric);

/// A whole matrix, dense, in memory.
std::vector<float> dense_values(const Matrix& matrix, JobContext& job);

} // namespace ember
