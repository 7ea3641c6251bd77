#pragma once
// A diagnosis of a model beside a data set, in the window's words.

#include <QString>

#include "core/genes/doctor.hpp"
#include "widgets/message_bar.hpp"

namespace ember {

BarKind barKindOf(FitSeverity severity);

/// "'Burn' was never seen in training · 1,765 cells", its explanation with the nearest known names, what to
/// do.
BarMessage findingMessage(const FitFinding& finding);

/// "state-success", "state-info", "state-warning" or "state-error".
QString severityIcon(FitSeverity severity);

/// "Compared: obs/condition, control Sham, cell types of obs/cell_type, input X_hvg; 500 of 500 genes found".
QString fitCaption(const FitReport& report);

} // namespace ember
