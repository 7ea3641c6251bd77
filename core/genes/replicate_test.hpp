#pragma once
// Differences between groups with one observation per replicate: its profile over the cells it has there.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/genes/cell_design.hpp"
#include "core/genes/differential_expression.hpp"

namespace ember {

/// Where a profile comes from: the cells of one leaf, or those of its replicate in the whole stratum but not
/// in this leaf.
struct ProfileSource {
    std::int32_t leaf = -1;   ///< -1 with `others`: the replicate has no cells in the group
    std::int32_t others = -1; ///< replicate of the stratum; -1: the leaf itself
    double cells = 0;
};

struct ReplicatePlan {
    std::vector<ProfileSource> group, reference; ///< equally long and aligned when paired
    bool paired = false, testable = false;
    std::uint64_t too_small = 0; ///< replicates with fewer cells than asked for
    std::uint64_t unpaired = 0;  ///< left out because they lie on one side only
    std::uint64_t on_both_sides = 0;
};

/// `reference` is a cohort, or -1: all other groups of the stratum.
ReplicatePlan plan_replicates(const CellDesign& design, std::uint32_t group, std::int32_t reference,
                              std::uint64_t least_cells);

/// Per gene: Σ expm1 of each leaf and of each replicate in the stratum.
struct BulkSums {
    std::span<const double> leaf;      ///< [leaves]
    std::span<const double> replicate; ///< [replicates] of the stratum at hand
};

struct ReplicateOutcome {
    double score = 0, p = 1, difference = 0, low = 0, high = 0; ///< difference in log2
};

/// `profiles` is scratch.
ReplicateOutcome test_replicates(const ReplicatePlan& plan, const BulkSums& sums, GeneTest test,
                                 std::vector<double>& profiles);

} // namespace ember
