#pragma once
// Where the parts of a bar figure lie, for drawing and for the mouse.

#include <vector>

#include "widgets/axis_names.hpp"
#include "widgets/bar_data.hpp"
#include "widgets/plot_axes.hpp"

namespace ember {

struct BarLayout {
    struct Bar {
        int group, series;
        QRectF rect;
    };
    QRectF area, title;
    PlotAxes axes;                           ///< values upwards; without ticks along the groups
    std::vector<Bar> bars;                   ///< of visible series with a finite value
    std::vector<QRectF> entries;             ///< of the legend, one per series that has a place there
    double slotWidth = 0;                    ///< of a group
    AxisNames names;                         ///< of the groups
    int entryAt(const QPointF& place) const; ///< series, or -1
    double yOf(double value) const;
};

BarLayout layoutBars(const BarFigure& figure, const QRectF& rect);

QColor barColor(const BarData& data, int series, const ThemeColors& theme);

} // namespace ember
