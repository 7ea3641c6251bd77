#pragma once
// Agglomerative clustering of rows, for the order and the trees of heat maps. Heights as
// scipy.cluster.hierarchy.linkage gives them.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

enum class RowDistance { euclidean, cosine, correlation };
enum class Linkage { single, complete, average, ward };

/// Nodes below the number of leaves are rows, others `leaves` + the number of an earlier merge.
struct TreeMerge {
    std::uint32_t first = 0, second = 0; ///< first < second
    double height = 0;
    std::uint32_t leaves = 0; ///< rows below
};

struct ClusterTree {
    std::size_t leaves = 0;
    std::vector<TreeMerge> merges; ///< [leaves - 1], heights rising
};

/// Distances take 4·n·(n - 1) bytes: 100 MB for the most rows.
inline constexpr std::size_t most_clustered_rows = 5000;

/// [n·(n - 1) / 2]: 0-1, 0-2 … 1-2 … of `values` [n × columns]. A NaN counts as the mean of its column.
/// Cosine and correlation are 1 - the similarity; a row without direction (zero, or constant for correlation)
/// is at 1 from all others and at 0 from its like. Throws `TooManyRows`, UsageError on a wrong shape.
std::vector<double> row_distances(std::span<const double> values, std::size_t columns, RowDistance distance,
                                  JobContext& job);

/// By nearest-neighbour chains (Benzécri 1982; Murtagh 1983) with the updates of Lance and Williams (1967),
/// in time of n². Ward on distances as they are, as scipy does. Of equal heights the order is by place.
ClusterTree cluster_distances(std::vector<double> distances, std::size_t rows, Linkage linkage,
                              JobContext& job);

/// Both steps.
ClusterTree cluster_rows(std::span<const double> values, std::size_t columns, RowDistance distance,
                         Linkage linkage, JobContext& job);

/// [leaves] rows from left to right as the tree is drawn without crossings; the first node lies left.
std::vector<int> leaf_order(const ClusterTree& tree);

/// [leaves] cluster of each row, numbered from 0 along leaf_order: the finest cut at one height that leaves
/// at most `clusters` (scipy's fcluster with maxclust). Merges of equal height are never torn apart, so there
/// may be fewer.
std::vector<int> cut_tree(const ClusterTree& tree, std::size_t clusters);

} // namespace ember
