#pragma once
// Predictions that know little or nothing, to be measured beside the real one.

#include "core/evaluation/score_sheet.hpp"

namespace ember {

/// A baseline's name in words, and what it predicts.
struct BaselineInfo {
    Baseline baseline;
    std::string title, meaning;
};
const std::vector<BaselineInfo>& baseline_catalogue();

/// Its cells; mean profiles are appended to the pool. No cells where it is not defined, with a warning.
/// `draw` numbers repeated draws of the same seed.
Candidate make_baseline(Baseline baseline, ComparedCells& cells, const GroupSums& real, std::uint64_t seed,
                        std::uint64_t draw = 0);

/// One shuffle is one draw from a wide distribution: where a change is strong, its correlation with any other
/// is near 1 or −1. So metrics of means are averaged over this many.
constexpr std::uint64_t label_shuffles = 20;

} // namespace ember
