#pragma once
// A random part of the controls, where not all fit in memory.

#include <cstdint>
#include <string>
#include <vector>

#include "core/experiment/training_groups.hpp"

namespace ember {

/// Keeps at most about `most` controls over all pools, each pool an equal share of its cells, but 64 of each
/// where it has so many; drawn without replacement by the seed. Adds a warning when it takes some away.
void thin_pools(DividedCells& divided, std::uint64_t seed, std::uint64_t most,
                std::vector<std::string>& warnings);

} // namespace ember
