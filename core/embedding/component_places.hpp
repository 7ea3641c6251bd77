#pragma once
// Where the connected components of a graph of neighbours are put.

#include <cstdint>
#include <vector>

#include "core/embedding/fuzzy_graph.hpp"
#include "core/embedding/points.hpp"

namespace ember {

/// The members of each component, ascending; components in the order of their first members.
std::vector<std::vector<std::uint32_t>> connected_components(const FuzzyGraph& graph);

struct ComponentPlace {
    double x = 0, y = 0, radius = 1;
};

/// One alone at the origin, up to four on the axes (as umap-learn), more by the principal axes of their
/// centres.
std::vector<ComponentPlace> component_places(const std::vector<std::vector<std::uint32_t>>& components,
                                             const FinitePoints& points);

} // namespace ember
