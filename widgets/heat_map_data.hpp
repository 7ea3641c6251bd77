#pragma once
// A matrix as coloured cells: screen, figure and CSV come from this one value.

#include <utility>
#include <vector>

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/color_map.hpp"
#include "widgets/dendrogram.hpp"
#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct HeatMapData {
    QString title, valueLabel;     ///< with its unit: "log₂ fold change"
    QString rowLabel, columnLabel; ///< what rows and columns are: "gene", "condition"; for tooltips and CSV
    QStringList rows, columns;
    std::vector<double> values; ///< [rows × columns]; NaN: grey
    ColorMap map = ColorMap::viridis;
    double low = 0, high = 0; ///< values of the map's ends; low >= high: from the values
    bool diverging = false;   ///< the diverging map, centred on zero: the range becomes ± its larger end
    std::vector<int> rowOrder, columnOrder; ///< [rows] which row stands at each place; empty: as given
    Dendrogram rowTree, columnTree;         ///< empty: none; the orders must be leaf orders of these trees
    /// Names with a category per column (not per place; -1: none), drawn as coloured bands above the map.
    std::vector<std::pair<QString, std::vector<int>>> columnAnnotations;
    std::vector<QStringList> annotationNames; ///< [annotations] what the categories are called; may be empty
    bool numbers = false;                     ///< the value is written into each cell that has room
};

struct HeatMapFigure {
    HeatMapData data;
    double firstRow = 0;  ///< place of the row at the top edge
    double shownRows = 0; ///< how many places are in view; 0: all
    int currentRow = -1;  ///< framed cell: row and column, not places; -1: none
    int currentColumn = -1;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch. Names are written where every line has room, else every n-th
/// is. More rows than the device has lines for are averaged per line, and the figure says so.
void drawHeatMap(QPainter& painter, const QRectF& rect, const HeatMapFigure& figure, double dpi = 300);

/// "row,<columns>": in the order drawn, full precision.
QString heatMapCsv(const HeatMapData& data);

} // namespace ember
