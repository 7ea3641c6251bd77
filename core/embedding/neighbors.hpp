#pragma once
// The nearest neighbours of points.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/embedding/metric.hpp"

namespace ember {

/// From this many points on neighbours are approximate.
constexpr std::uint64_t most_exact_points = 100'000;

enum class NeighborMethod {
    automatic,   ///< exact up to most_exact_points
    exact,       ///< every pair; the same on any number of threads
    approximate, ///< NN-descent from random projection trees; the same for a seed on any number of threads
};

struct NeighborOptions {
    int neighbors = 15; ///< of each point, itself included
    Metric metric = Metric::euclidean;
    NeighborMethod method = NeighborMethod::automatic;
    std::uint64_t seed = 42; ///< of the approximate method
};

/// [rows × k], each row by ascending distance, equal distances by ascending index; the point itself first, at
/// distance 0.
struct NeighborTable {
    std::uint64_t rows = 0;
    int k = 0; ///< as asked, or the number of points where that is less
    bool exact = true;
    std::vector<std::uint32_t> index;
    std::vector<float> distance;
};

/// The warning that there are only so many points, and so fewer neighbours than asked for.
std::string fewer_neighbors_text(int found, int asked);

/// `points` [rows × dims] row-major, all finite (see finite_points()). Fewer points than neighbours reduce k
/// with a warning. Throws UsageError for fewer than 1 neighbour, ShapeMismatch, and ResourceError beyond 2³¹
/// points.
NeighborTable find_neighbors(std::span<const float> points, std::uint64_t rows, std::uint64_t dims,
                             const NeighborOptions& options, JobContext& job);

/// The exact `k` nearest of `points` [rows × dims] to each of `queries` [count × dims], which are other
/// points: [count × min(k, rows)].
NeighborTable nearest_points(std::span<const float> queries, std::uint64_t count,
                             std::span<const float> points, std::uint64_t rows, std::uint64_t dims, int k,
                             Metric metric, JobContext& job);

} // namespace ember
