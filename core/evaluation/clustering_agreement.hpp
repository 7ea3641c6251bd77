#pragma once
// Do predicted perturbations fall into the same clusters as the real ones?

#include <cstdint>
#include <span>
#include <vector>

#include "core/embedding/fuzzy_graph.hpp"

namespace ember {

/// Adjusted mutual information of two clusterings of the same points (Vinh, Epps & Bailey 2010), normalised
/// by the arithmetic mean of the entropies; 1 for equal clusterings, about 0 for unrelated ones; 1 when each
/// is one cluster. Labels are any numbers. Throws UsageError when the sizes differ.
double adjusted_mutual_information(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

/// Clusters of a weighted graph by modularity with a resolution (Reichardt & Bornholdt 2006), by Louvain's
/// moves (Blondel et al. 2008) in the order of the points: [points], numbered by first appearance.
std::vector<std::int32_t> modularity_clusters(const FuzzyGraph& graph, double resolution);

/// Best adjusted mutual information of clusters of the predicted profiles at resolutions 0.2, 0.4, 0.6, 0.8,
/// 1, 1.5 and 2 with those of the real ones at resolution 1, at least 0; graphs of UMAP's memberships of 15
/// neighbours (fewer where there are fewer). Profiles are [perturbations][genes]. NaN below 2 perturbations.
double clustering_agreement(const std::vector<std::vector<double>>& pred,
                            const std::vector<std::vector<double>>& real, JobContext& job);

} // namespace ember
