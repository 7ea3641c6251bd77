#pragma once
// Where the parts of a dot plot lie, for drawing and for the mouse.

#include <optional>
#include <utility>

#include "widgets/axis_names.hpp"
#include "widgets/dot_plot_data.hpp"
#include "widgets/figure_parts.hpp"

namespace ember {

struct DotPlotLayout {
    QRectF area, title, rowNames, legend;
    AxisNames columnNames;
    ColorSpan span;
    double largest = 1;  ///< value of a dot of the largest size
    double diameter = 1; ///< of that dot
    double rowHeight = 1, columnWidth = 1;
    bool missing = false; ///< some dots have a size and no colour

    QPointF center(int row, int column) const;
    double diameterOf(double size) const; ///< 0 without a size
    std::optional<std::pair<int, int>> cellAt(const QPointF& place, const DotPlotData& data) const;
};

DotPlotLayout layoutDotPlot(const DotPlotFigure& figure, const QRectF& rect);

double dotSize(const DotPlotData& data, int row, int column);
double dotValue(const DotPlotData& data, int row, int column); ///< of the colour
bool isOutlined(const DotPlotData& data, int row, int column);

} // namespace ember
