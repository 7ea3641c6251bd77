#pragma once
// UMAP's weighted graph of neighbours.

#include <cstdint>
#include <vector>

#include "core/embedding/neighbors.hpp"

namespace ember {

/// Weights by row; columns ascending.
struct FuzzyGraph {
    std::vector<std::uint64_t> indptr; ///< [rows + 1]
    std::vector<std::uint32_t> index;
    std::vector<float> weight; ///< 0 < w <= 1

    std::uint64_t rows() const { return indptr.empty() ? 0 : indptr.size() - 1; }
};

/// Of each point: the distance to its nearest other place, and the width at which its neighbours' memberships
/// sum to log2(k).
struct SmoothDistances {
    std::vector<double> rho, sigma;
};

/// `connected`: distances count from the nearest neighbour (local_connectivity 1), else from 0.
SmoothDistances smooth_distances(const NeighborTable& table, bool connected, JobContext& job);

/// How strongly each neighbour [rows × k] belongs to its point. `same_points`: the point itself does not.
std::vector<float> memberships(const NeighborTable& table, const SmoothDistances& smooth, bool same_points);

/// A + Aᵀ − A ∘ Aᵀ of the memberships, without zeros; symmetric.
FuzzyGraph fuzzy_union(const NeighborTable& table, const std::vector<float>& memberships, JobContext& job);

/// Takes away what would not be sampled once in so many epochs; returns the largest weight.
float prune(FuzzyGraph& graph, int epochs);

} // namespace ember
