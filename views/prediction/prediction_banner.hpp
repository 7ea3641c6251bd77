#pragma once
// What must be known before a prediction is read.

#include <vector>

#include "views/document.hpp"
#include "widgets/message_bar.hpp"

namespace ember {

/// A banner for perturbations that the model never saw, then one for the other warnings.
std::vector<BarMessage> bannersFor(const PredictionDocument& prediction);

} // namespace ember
