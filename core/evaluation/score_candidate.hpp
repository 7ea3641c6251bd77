#pragma once
// All metrics of one candidate against the real cells.

#include "core/evaluation/score_sheet.hpp"

namespace ember {

/// What is computed once from the real cells for all candidates.
struct RealCells {
    GroupSums sums;
};

void score_means(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                 const GroupSums& pred, const RealCells& real);

} // namespace ember
