#pragma once
// Which words a prediction has earned, by stated margins.

#include <vector>

#include "core/evaluation/change_agreement.hpp"
#include "core/evaluation/verdicts.hpp"

namespace ember {

enum class Predicts { not_judged, no, partly, yes };

/// One model, one perturbation.
struct Assessment {
    Predicts overall = Predicts::not_judged;
    std::vector<std::size_t> sound; ///< types it predicts
    std::vector<std::size_t>
        blind; ///< types it does not, though it predicts most others and their change is real
    std::vector<std::size_t> weaker;   ///< other types below `predicts`
    std::vector<std::size_t> unjudged; ///< too weak or too few cells
    double median = 0;                 ///< r over the judged types; NaN without any
    bool beyond_average = false;       ///< better than the better baseline, with its whole interval
    bool average_only = false;         ///< predicts, but not more than that baseline
};

Assessment assess(const PerturbationChange& change, std::size_t model, const VerdictRules& rules);

/// Median r of a model over the judged types but `left_out`; NaN without any.
double median_of_others(const PerturbationChange& change, std::size_t model, std::size_t left_out);

} // namespace ember
