#pragma once
// Axes drawn with a QPainter, on screen and in figures alike.

#include <vector>

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct AxisTicks {
    std::vector<double> at;
    QStringList labels;
};

/// Multiples of 1, 2 or 5 times a power of ten within the range, about `wanted` of them.
AxisTicks niceTicks(double low, double high, int wanted);

struct PlotAxes {
    QRectF view; ///< data in view; top() is the lowest y
    QString xLabel, yLabel;
    AxisTicks x, y;
    bool grid = false;
    ThemeColors colors;
    QFont font; ///< in pixel size
};

/// Space that labels need around the data: left, top, right, bottom.
QMarginsF axesMargins(const PlotAxes& axes);

/// Frame, ticks and labels around `area`, all in painter units. `dataToArea` maps linearly, y upwards.
void drawAxes(QPainter& painter, const QRectF& area, const PlotAxes& axes);

/// Grid lines only; below the data.
void drawGrid(QPainter& painter, const QRectF& area, const PlotAxes& axes);

QPointF toArea(const QPointF& data, const QRectF& view, const QRectF& area);
QPointF fromArea(const QPointF& place, const QRectF& view, const QRectF& area);

} // namespace ember
