#pragma once
// Rank sums from a gene's sorted non-zero values; all zeros are one run of ties.

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/rank_tests.hpp"

namespace ember {

/// Sorted keys (gene_words.hpp) of one side's non-zero values, and how many zeros come with them.
struct SortedSide {
    std::span<const std::uint32_t> keys;
    std::uint64_t zeros = 0;
    std::uint64_t size() const { return keys.size() + zeros; }
};

/// Σ (t³ − t) over the runs of equal values of one side.
double tie_sum(const SortedSide& side);

/// Ranks of `first` among both. `second_ties` is tie_sum(second): it serves many first sides. Takes time in
/// proportion to first · log(second).
RankSums rank_sums(const SortedSide& first, const SortedSide& second, double second_ties);

/// Ranks of every group among all cells. `words` are sorted; `group_of_leaf` and `cells` (of each group) give
/// the groups. Adds to `twice` [groups] twice each group's rank sum; returns Σ (t³ − t).
double rank_sums_of_all(std::span<const std::uint64_t> words, std::span<const std::uint32_t> group_of_leaf,
                        std::span<const std::uint64_t> zeros, std::span<std::uint64_t> twice);

} // namespace ember
