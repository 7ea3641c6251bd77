#include "core/embedding/neighbors.hpp"

#include <algorithm>
#include <limits>

#include "core/base/error.hpp"
#include "core/embedding/approximate_neighbors.hpp"
#include "core/embedding/exact_neighbors.hpp"
#include "core/embedding/points.hpp"

namespace ember {

namespace {

/// So few points are never worth a search, and its lists could not be filled.
constexpr std::uint64_t few_enough = 1000;

void check(std::span<const float> points, std::uint64_t rows, std::uint64_t dims, int k) {
    if (k < 1) {
        throw UsageError("The number of neighbours must be at least 1");
    }
    if (dims == 0 || rows == 0) {
        throw Error("NoPoints", "There are no points to find neighbours of");
    }
    if (points.size() / dims != rows || points.size() % dims != 0) {
        throw Error("ShapeMismatch", "The number of values is not rows × columns");
    }
    if (rows > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
        throw ResourceError("TooManyCells", "Neighbours of more than 2³¹ cells cannot be found", {},
                            "Take a part of the cells");
    }
}

} // namespace

std::string fewer_neighbors_text(int found, int asked) {
    return "There are only " + std::to_string(found) + " cells: " + std::to_string(found) +
           " neighbours are used instead of " + std::to_string(asked);
}

NeighborTable find_neighbors(std::span<const float> points, std::uint64_t rows, std::uint64_t dims,
                             const NeighborOptions& options, JobContext& job) {
    check(points, rows, dims, options.neighbors);
    const int k =
        static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(options.neighbors), rows));
    if (k < options.neighbors) {
        job.warn(fewer_neighbors_text(k, options.neighbors));
    }
    std::vector<float> values(points.begin(), points.end());
    const std::uint64_t prepared_dims = prepare_for_metric(values, rows, dims, options.metric);
    const PreparedPoints prepared{values, rows, prepared_dims, options.metric};
    const bool exact = options.method == NeighborMethod::exact || rows <= few_enough ||
                       (options.method == NeighborMethod::automatic && rows <= most_exact_points);
    return exact ? exact_neighbors(prepared, prepared, true, k, neighbor_scan(), job)
                 : approximate_neighbors(prepared, k, options.seed, job);
}

NeighborTable nearest_points(std::span<const float> queries, std::uint64_t count,
                             std::span<const float> points, std::uint64_t rows, std::uint64_t dims, int k,
                             Metric metric, JobContext& job) {
    check(points, rows, dims, k);
    check(queries, count, dims, k);
    std::vector<float> query_values(queries.begin(), queries.end()), values(points.begin(), points.end());
    prepare_for_metric(query_values, count, dims, metric);
    const std::uint64_t prepared_dims = prepare_for_metric(values, rows, dims, metric);
    return exact_neighbors(
        {query_values, count, prepared_dims, metric}, {values, rows, prepared_dims, metric}, false,
        static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(k), rows)), neighbor_scan(), job);
}

} // namespace ember
