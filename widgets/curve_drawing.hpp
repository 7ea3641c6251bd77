#pragma once
// Where the parts of a curve plot lie, for drawing and for the mouse.

#include "widgets/axis_names.hpp"
#include "widgets/curve_data.hpp"
#include "widgets/figure_parts.hpp"
#include "widgets/plot_axes.hpp"

namespace ember {

struct CurveLayout {
    struct Mark {
        int series, point;
        QPointF place;
    };
    QRectF area, title, note;
    QString noteText;
    double targetRoom = 0; ///< for labels right of the area
    PlotAxes axes;
    AxisNames categoryNames;
    std::vector<LegendEntry> entries;
    std::vector<QRectF> boxes; ///< of the legend, one per series that has a place there
    std::vector<Mark> marks;   ///< of the visible series, in their order
    double yOf(double value) const;
    int entryAt(const QPointF& place) const; ///< series, or -1
};

CurveLayout layoutCurves(const CurveFigure& figure, const QRectF& rect);

QColor curveColor(const CurveData& data, int series);
double curveX(const CurveSeries& series, int point);
bool hasInterval(const CurveSeries& series, int point);

} // namespace ember
