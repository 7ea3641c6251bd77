#pragma once
// The running sum of gene set enrichment analysis, from the places of a set's genes alone.

#include <cstdint>
#include <span>

namespace ember {

struct EnrichmentPeak {
    double score = 0;      ///< the largest deviation, positive on a tie
    std::size_t place = 0; ///< hits up to here (positive), or from here (negative), are the leading edge
};

/// `places`: of the set's genes in the ranking, ascending; `weights`: [genes] of the ranking, ≥ 0. When all
/// weights of the set are 0, its genes count alike.
EnrichmentPeak running_sum_peak(std::span<const std::uint32_t> places, std::span<const double> weights);

} // namespace ember
