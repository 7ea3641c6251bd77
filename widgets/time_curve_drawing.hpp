#pragma once
// Where the parts of a plot of curves along steps lie, for drawing and for the mouse.

#include "widgets/figure_parts.hpp"
#include "widgets/plot_axes.hpp"
#include "widgets/time_curve_data.hpp"

namespace ember {

struct TimeCurveLayout {
    QRectF area, title;
    PlotAxes axes; ///< of a logarithmic plot the view's y are powers of ten
    std::vector<LegendEntry> entries;
    std::vector<QRectF> boxes; ///< of the legend
    bool any = false;          ///< there is a point to draw
};

TimeCurveLayout layoutTimeCurves(const TimeCurveFigure& figure, const QRectF& rect);

/// The steps of all series, left to right; {0, 1} without points.
std::pair<double, double> timeExtent(const TimeCurveData& data);

QColor timeColor(const TimeCurveData& data, std::size_t series);
/// What is drawn as the line of a series: smoothed where asked for.
std::vector<double> shownValues(const TimeCurveData& data, std::size_t series);
/// The point of the series nearest to a step; -1 without points.
std::ptrdiff_t pointNear(const TimeSeries& series, double step);
/// "train loss 3.214" per series at this step, for the read-out.
QStringList readOut(const TimeCurveData& data, double step);

} // namespace ember
