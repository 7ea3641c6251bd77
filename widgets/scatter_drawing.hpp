#pragma once
// Where the parts of a scatter figure lie, for drawing and for the mouse.

#include "widgets/figure_parts.hpp"
#include "widgets/plot_axes.hpp"
#include "widgets/scatter_data.hpp"

namespace ember {

struct ScatterLayout {
    QRectF area, title, note;
    PlotAxes axes;
    QString noteText;
    std::vector<LegendEntry> entries;
    std::vector<QRectF> boxes; ///< of the entries that have a place
    double pointSize = 4;
    int drawn = 0; ///< points with finite coordinates
    QPointF placeOf(const ScatterData& data, int point) const;
};

ScatterLayout layoutScatter(const ScatterFigure& figure, const QRectF& rect);

/// All but the highlighted point; `raster` is how many pixels a unit has where points become an image.
void drawScatterBelow(QPainter& painter, const QRectF& rect, const ScatterFigure& figure,
                      const ScatterLayout& layout, double raster);
/// A ring around a point, and its name.
void drawScatterPoint(QPainter& painter, const ScatterFigure& figure, const ScatterLayout& layout, int point);

bool isDrawn(const ScatterData& data, int point);
QColor scatterColor(const ScatterData& data, int point, const ThemeColors& theme);

} // namespace ember
