#pragma once
// Which pathways change, and which of them a model misses, in plain words.

#include <vector>

#include "core/evaluation/compare.hpp"

namespace ember {

/// Observed beside predicted, from the mean change of the judged cell types.
void judge_pathways(const CompareRequest& request, const CompareResult& result,
                    std::vector<Verdict>& verdicts);

} // namespace ember
