#pragma once
// Where the points of a layout start.

#include <cstdint>
#include <vector>

#include "core/base/job.hpp"
#include "core/embedding/fuzzy_graph.hpp"
#include "core/embedding/points.hpp"

namespace ember {

/// [rows × 2] at random in the square from 0 to 10.
std::vector<float> random_start(std::uint64_t rows, std::uint64_t seed);

/// [rows × 2] by the second and third eigenvectors of the graph's normalised Laplacian, each connected
/// component for itself about a place of its own, with a little noise, scaled to the square from 0 to 10.
std::vector<float> spectral_start(const FuzzyGraph& graph, const FinitePoints& points, std::uint64_t seed,
                                  JobContext& job);

} // namespace ember
