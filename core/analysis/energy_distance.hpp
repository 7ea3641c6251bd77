#pragma once
// Energy distance between two sets of cells (Székely and Rizzo 2013), as cell-eval defines it: the
// V-statistic
//   E = 2·mean d(x, y) − mean d(x, x') − mean d(y, y')
// with Euclidean distances (not squared) and means over all pairs, the zero diagonal included.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

struct EnergyDistance {
    double between = 0;                ///< mean distance from a cell of x to a cell of y
    double within_x = 0, within_y = 0; ///< mean distances inside, zero diagonal included
    double value() const { return 2 * between - within_x - within_y; }
    /// value / (2·between): 0 when the sets are equal, 1 when each is a single point away from the other; 0
    /// when all points coincide.
    double normalised() const { return between > 0 ? value() / (2 * between) : 0; }
};

/// x [cells_x × dims], y [cells_y × dims], row-major, finite values; neither may be empty. Parallel by
/// blocks, sums in double precision and in an order that the thread count does not change. Throws UsageError,
/// Cancelled.
EnergyDistance energy_distance(std::span<const float> x, std::span<const float> y, std::uint64_t dims,
                               JobContext& job);
EnergyDistance energy_distance(std::span<const double> x, std::span<const double> y, std::uint64_t dims,
                               JobContext& job);

/// Euclidean distance of two rows, from differences (no cancellation), summed in double precision.
double row_distance(std::span<const float> a, std::span<const float> b);
double row_distance(std::span<const double> a, std::span<const double> b);

/// Distances between all pairs of the given rows: [rows.size() × rows.size()], symmetric, zero diagonal.
/// `values` is [any number of rows × dims]. Throws Cancelled.
std::vector<float> distances_among(std::span<const float> values, std::uint64_t dims,
                                   std::span<const std::uint32_t> rows, JobContext& job);

} // namespace ember
