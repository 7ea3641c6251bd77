#pragma once
// Curves of points with intervals along numbers or ordered categories: screen, figure and CSV come from this
// one value.

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

struct CurveSeries {
    QString name;
    std::vector<double> x;         ///< [points]; empty: the places 0, 1, 2 … of the categories
    std::vector<double> y;         ///< [points]; NaN: a gap
    std::vector<double> low, high; ///< [points] ends of the intervals; empty: none
    QColor color;                  ///< invalid: from the categorical palette
    bool dashed = false;           ///< predicted beside observed
    bool visible = true;
};

struct CurveTarget {
    double y = 0;
    QString label; ///< "target 0.70"
};

struct CurveData {
    QString title, xLabel, yLabel;
    QStringList categories; ///< ordered names at x = 0, 1, 2 …; empty: x are numbers
    std::vector<CurveSeries> series;
    QString intervalLabel; ///< "95 % bootstrap interval"; said above the curves
    std::vector<CurveTarget> targets;
    bool joined = true;    ///< points of a series by lines; false for categories without an order
    bool band = false;     ///< intervals as bands instead of bars
    bool fromZero = false; ///< y starts at zero
    std::optional<QString> note;
};

struct CurveFigure {
    CurveData data;
    ThemeColors theme = lightThemeColors();
    QFont font; ///< its pixel size is in units of 1/96 inch
    bool legend = true;
    bool title = true;
};

/// Draws into `rect`, whose units are 1/96 inch. Series at one category stand a little apart, so that none
/// hides another.
void drawCurves(QPainter& painter, const QRectF& rect, const CurveFigure& figure);

/// "series,x,y,low,high": a line per point of the visible series, full precision.
QString curveCsv(const CurveData& data);

} // namespace ember
