#pragma once
// Where the parts of a violin plot lie, for drawing and for the mouse.

#include "widgets/axis_names.hpp"
#include "widgets/figure_parts.hpp"
#include "widgets/plot_axes.hpp"
#include "widgets/violin_data.hpp"

namespace ember {

struct ViolinLayout {
    QRectF area, title, note;
    PlotAxes axes; ///< values upwards; without ticks along the groups
    AxisNames groupNames;
    std::vector<LegendEntry> entries;
    std::vector<QRectF> boxes; ///< of the entries
    double slotWidth = 1;
    bool split = false; ///< two halves per group
    int drawn = 0;      ///< sides with values
    double yOf(double value) const;
    double centerOf(int group) const;
    double halfWidth() const { return slotWidth * 0.42; }
    int groupAt(double x) const; ///< may lie outside the groups
};

ViolinLayout layoutViolins(const ViolinFigure& figure, const QRectF& rect);

QColor violinColor(const ViolinData& data, int side);

} // namespace ember
