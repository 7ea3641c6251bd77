#pragma once
// What the launch form says of hold-outs, costs and findings.

#include <QString>

#include "core/experiment/hold_out.hpp"
#include "core/experiment/preparation.hpp"

namespace ember {

/// "Burn is held out in Macrophages: 600 cells for validation, 580 for the test, 12,000 to train on."
QString holdOutWords(const HoldOut& made);

/// "1.2 M of 42 M weights learn; 3.1 of 16 GB memory; about 25 min for 2,000 steps; 540 MB on disk".
QString estimateWords(const RunEstimate& estimate);

/// "12,000 cells in 48 groups train, 600 cells validate."
QString splitWords(const Preparation& preparation);

} // namespace ember
