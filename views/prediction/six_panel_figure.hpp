#pragma once
// The six-panel figure of a prediction: embedding by condition, time point and cell type, magnitudes, means,
// sparsity, with the verdict on the conditions.

#include <QSize>

#include "views/prediction/six_panel_data.hpp"
#include "widgets/figure_export.hpp"

class QPainter;

namespace ember {

/// Draws into a rectangle of this size in units of 1/96 inch. Text is at least 6 pt at 180 × 120 mm and grows
/// with the figure.
void drawSixPanels(QPainter& painter, const QSize& units, const SixPanelData& data, bool light, double dpi);

/// For writeFigure(); `data` is copied.
Figure sixPanelFigure(const SixPanelData& data, const FigureOptions& options);

/// File name and CSV of each panel, then the comparison of the conditions.
std::vector<std::pair<QString, QString>> sixPanelTables(const SixPanelData& data);

/// Writes them with a .json beside each into `folder`, which is made when missing; returns the paths. Throws
/// CannotWrite.
QStringList writeSixPanelTables(const SixPanelData& data, const QString& folder);

} // namespace ember
