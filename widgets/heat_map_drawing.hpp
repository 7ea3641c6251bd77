#pragma once
// Where the parts of a heat map lie, for drawing and for the mouse.

#include <vector>

#include <QImage>

#include "widgets/axis_names.hpp"
#include "widgets/figure_parts.hpp"
#include "widgets/heat_map_data.hpp"

namespace ember {

/// Rows and columns at their places; a bad order counts as none.
struct HeatMapOrder {
    std::vector<int> rowAt, columnAt; ///< [places]
    std::vector<int> placeOfRow, placeOfColumn;
    QStringList rowNames, columnNames; ///< [places]
};
HeatMapOrder heatMapOrder(const HeatMapData& data);

struct HeatMapLayout {
    QRectF map, title, note, rowTree, columnTree, rowNames, scale;
    std::vector<QRectF> bands; ///< [annotations] above the map
    AxisNames columnNames;
    QString noteText;
    ColorSpan span;
    bool missing = false;               ///< some cells have no value
    double firstRow = 0, shownRows = 0; ///< places in view
    double rowHeight = 1, columnWidth = 1;

    QRectF cell(int rowPlace, int columnPlace) const;
    int rowPlaceAt(double y) const; ///< may lie outside the map
    int columnPlaceAt(double x) const;
};

/// `raster`: pixels per unit of the map's image; where more rows than pixels are shown, a note says so.
HeatMapLayout layoutHeatMap(const HeatMapFigure& figure, const HeatMapOrder& order, const QRectF& rect,
                            double raster = 1);

/// All but the frame of the current cell. `raster`: pixels per unit of the map's image; `vector`: few cells
/// become rectangles instead.
void drawHeatMapBelow(QPainter& painter, const QRectF& rect, const HeatMapFigure& figure,
                      const HeatMapOrder& order, const HeatMapLayout& layout, double raster, bool vector);
void drawHeatMapFrame(QPainter& painter, const HeatMapFigure& figure, const HeatMapLayout& layout,
                      int rowPlace, int columnPlace);

/// Of a category of a column annotation.
QColor annotationColor(const HeatMapData& data, int annotation, int category);

double heatMapValue(const HeatMapData& data, int row, int column); ///< NaN where there is none

/// [height × width] colours of the places in view; rows or columns that share a pixel are averaged.
QImage heatMapImage(const HeatMapFigure& figure, const HeatMapOrder& order, const HeatMapLayout& layout,
                    const QSize& pixels);

} // namespace ember
