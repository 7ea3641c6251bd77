#pragma once
// Trees that split points by random planes until few are left in each leaf (Dasgupta & Freund 2008).

#include <cstdint>
#include <vector>

#include "core/base/job.hpp"
#include "core/embedding/exact_neighbors.hpp"

namespace ember {

/// A division of all points into leaves.
struct ProjectionTree {
    std::vector<std::uint32_t> order;    ///< points by leaf
    std::vector<std::uint64_t> leaf_end; ///< [leaves + 1], in `order`
};

/// Each plane stands between two points that are drawn from those it splits. The same for a seed on any
/// number of threads.
std::vector<ProjectionTree> projection_forest(const PreparedPoints& points, int trees,
                                              std::uint64_t leaf_size, std::uint64_t seed, JobContext& job);

} // namespace ember
