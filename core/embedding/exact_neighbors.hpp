#pragma once
// Every pair of points, by blocked products and an exact look at those that may matter.

#include <cstdint>
#include <span>

#include "core/embedding/neighbor_scan.hpp"
#include "core/embedding/neighbors.hpp"

namespace ember {

/// Points that prepare_for_metric() has prepared, [rows × dims].
struct PreparedPoints {
    std::span<const float> values;
    std::uint64_t rows = 0, dims = 0;
    Metric metric = Metric::euclidean;
};

/// The k nearest of `points` to each of `queries` (of equal dims and metric). With `same_points` both are the
/// same points, and each is its own first neighbour.
NeighborTable exact_neighbors(const PreparedPoints& queries, const PreparedPoints& points, bool same_points,
                              int k, const NeighborScanKernel& kernel, JobContext& job);

} // namespace ember
