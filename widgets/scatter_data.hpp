#pragma once
// Named points in the plane (volcano, MA, predicted against real) as plain data: screen, figure and CSV come
// from this one value.

#include <cstdint>
#include <optional>
#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>

#include "widgets/theme_colors.hpp"

class QPainter;

namespace ember {

struct ScatterData {
    QString title, xLabel, yLabel;
    std::vector<double> x, y;           ///< [points]; points with NaN or infinity are not drawn
    QStringList names;                  ///< [points] or empty
    QString nameLabel;                  ///< heading of the names in the CSV: "gene"; empty: "point"
    std::vector<std::int32_t> category; ///< [points]; -1 neutral, drawn below the others; empty: all neutral
    QStringList categoryNames;          ///< "up", "down"
    std::vector<QColor> categoryColors; ///< [categories]; invalid or missing: from the categorical palette
    std::vector<int> labelled;          ///< points whose names are drawn, the most important first
    std::vector<double> vLines, hLines; ///< dashed, at thresholds
    bool diagonal = false;              ///< the line y = x; x and y then get one range and one unit
    std::optional<QString> note;        ///< one line above the points: how many, the test
};

struct ScatterFigure {
    ScatterData data;
    QRectF view;          ///< top() is the lowest y; null: all points
    int highlighted = -1; ///< drawn on top with its name
    double pointSize = 0; ///< diameter in units of 1/96 inch; 0: by the number of points
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool legend = true;
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch. Names are placed where they hide neither each other nor
/// labelled points, with a line to their point where they stand off; those without a place are left out.
/// Above 5,000 points in view the points are drawn as one image of `dpi`.
void drawScatter(QPainter& painter, const QRectF& rect, const ScatterFigure& figure, double dpi = 300);

/// "point,<xLabel>,<yLabel>,category": a line per point, full precision, also those not drawn.
QString scatterCsv(const ScatterData& data);

} // namespace ember
