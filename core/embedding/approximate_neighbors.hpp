#pragma once
// Neighbours of many points: NN-descent (Dong, Moses, Li 2011) from random projection trees.

#include "core/embedding/exact_neighbors.hpp"
#include "core/embedding/neighbors.hpp"

namespace ember {

/// Of each point the k nearest that were found, itself first. Every round reads the neighbours of the round
/// before, and each point's list is changed for that point alone: the result is the same on any number of
/// threads.
NeighborTable approximate_neighbors(const PreparedPoints& points, int k, std::uint64_t seed, JobContext& job);

} // namespace ember
