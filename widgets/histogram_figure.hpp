#pragma once
// A histogram drawn with a QPainter, for figures of several panels.

#include <QFont>
#include <QRectF>

#include "widgets/histogram_data.hpp"
#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct HistogramFigure {
    HistogramData data;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
};

/// Draws into `rect`, whose units are 1/96 inch: counts from zero as filled steps, a row of the series' names
/// above (those that find no room are counted). Without bins a sentence.
void drawHistogramFigure(QPainter& painter, const QRectF& rect, const HistogramFigure& figure);

} // namespace ember
