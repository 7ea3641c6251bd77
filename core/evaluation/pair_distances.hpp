#pragma once
// Euclidean distances between all cells of two groups, by blocks of products. Products are summed in single
// precision; pairs that lie close, where that would lose digits, are measured from their differences.

#include <cstdint>
#include <span>
#include <vector>

#include "core/evaluation/cell_pool.hpp"

namespace ember {

using CellRows = std::vector<std::uint32_t>; ///< rows of the pool

struct MeanDistance {
    double mean = 0;
    double clamped = 0; ///< with distances of at least 0.0001, as geomloss
};

/// Mean over all pairs; with `a` = `b` over all ordered pairs, a cell with itself included. NaN for an empty
/// group. The same for any number of threads.
MeanDistance mean_distance(const CellPool& pool, const CellRows& a, const CellRows& b, JobContext& job);
MeanDistance mean_distance(const CellPool& pool, const CellRows& a, JobContext& job);

/// Squared distances [a × b], row-major.
std::vector<float> squared_distances(const CellPool& pool, const CellRows& a, const CellRows& b,
                                     JobContext& job);

/// 2·between − within_a − within_b.
double energy(const MeanDistance& between, const MeanDistance& within_a, const MeanDistance& within_b);

/// Half of it, with geomloss's smallest distance.
double energy_of_geomloss(const MeanDistance& between, const MeanDistance& within_a,
                          const MeanDistance& within_b);

} // namespace ember
