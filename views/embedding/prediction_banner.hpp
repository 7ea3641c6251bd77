#pragma once
// What must be known before a prediction is read.

#include <vector>

#include "core/analysis/condition_difference.hpp"
#include "views/document.hpp"
#include "widgets/message_bar.hpp"

namespace ember {

/// A banner for perturbations that the model never saw, then one for the other warnings.
std::vector<BarMessage> bannersFor(const PredictionDocument& prediction);

/// Whether the prediction separates the conditions: the same words as on figures and the command line. A
/// warning when it does not, a success when it does, information when it could not be tested. Of the data
/// itself it is information.
BarMessage conditionDifferenceBanner(const ConditionDifferenceRequest& request,
                                     const ConditionDifferenceResult& result, bool isPrediction = true);

/// What to compare in a prediction: its conditions within its cell types (the columns that the model used,
/// else those of the schema), by replicate where one is known.
ConditionDifferenceRequest differenceRequestFor(const PredictionDocument& prediction);

} // namespace ember
