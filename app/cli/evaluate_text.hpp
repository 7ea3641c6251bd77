#pragma once
// Scores of a prediction as tables for people.

#include <string>

#include "core/evaluation/evaluate.hpp"

namespace ember::cli {

/// All cells beside the baselines, then the cell types, notes last.
std::string evaluation_text(const EvaluationRequest& request, const EvaluationResult& result);

/// What each metric is: title, formula, what it tells and when it misleads; then the baselines.
std::string explain_metrics(const std::vector<std::string>& names);

} // namespace ember::cli
