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
Candidate make_baseline(Baseline baseline, ComparedCells& cells, const GroupSums& real, std::uint64_t seed);

} // namespace ember
