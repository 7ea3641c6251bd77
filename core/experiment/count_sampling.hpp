#pragma once
// Fewer counts per cell, drawn at random, as cell-load's `downsample`.

#include <span>

#include "core/experiment/counter_random.hpp"

namespace ember {

/// A row of log1p counts becomes log1p of a binomial draw of its counts: each kept with probability `share`
/// when that is below 1, else with the probability that leaves `share` counts in the cell on average.
void sample_counts(std::span<float> row, double share, CounterRandom random);

} // namespace ember
