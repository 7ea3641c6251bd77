#pragma once
// Dots whose size and colour say two things of a row and a column (fraction and mean, effect and p): screen,
// figure and CSV come from this one value.

#include <cstdint>
#include <vector>

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/color_map.hpp"
#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct DotPlotData {
    QString title;
    QString rowLabel, columnLabel; ///< what rows and columns are: "gene", "cell type"; for tooltips and CSV
    QStringList rows, columns;
    QString sizeLabel, colorLabel; ///< "Cells that express it", "Mean"
    std::vector<double> sizes;     ///< [rows × columns], 0 … `largest`; NaN: no dot
    std::vector<double> colors;    ///< [rows × columns]; NaN: grey
    bool percent = true;           ///< sizes are shares, labelled in per cent
    double largest = 0;            ///< value of the largest dot; 0: the largest of the sizes, rounded up
    ColorMap map = ColorMap::viridis;
    double low = 0, high = 0;           ///< colours' range; low >= high: from the values
    bool diverging = false;             ///< the diverging map, centred on zero
    std::vector<std::uint8_t> outlined; ///< [rows × columns] dots with a dark rim; empty: none
    QString outlineLabel;               ///< what the rim means: "adjusted p < 0.05"
};

struct DotPlotFigure {
    DotPlotData data;
    int currentRow = -1, currentColumn = -1; ///< framed cell
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch. A dot's area is proportional to its size.
void drawDotPlot(QPainter& painter, const QRectF& rect, const DotPlotFigure& figure);

/// "row,column,<sizeLabel>,<colorLabel>[,<outlineLabel>]": a line per dot, full precision.
QString dotPlotCsv(const DotPlotData& data);

} // namespace ember
