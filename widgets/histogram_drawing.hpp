#pragma once
// Puts histogram data into a QCustomPlot: on screen and for export alike.

#include <QFont>
#include <QSize>

#include "widgets/histogram_data.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/theme_colors.hpp"

class QCPGraph;
class QCustomPlot;

namespace ember {

struct HistogramLook {
    HistogramStyle style = HistogramStyle::filled;
    bool fraction = false;
    bool showTitle = false;
    QFont font;
    ThemeColors colors;
};

/// Heights as drawn: counts, or shares of the series' sum.
std::vector<double> histogramHeights(const HistogramSeries& series, bool fraction);

QColor histogramSeriesColor(const HistogramData& data, int series, const ThemeColors& colors);

/// Replaces what the plot holds; graph i is series i. Does not replot.
void drawHistogram(QCustomPlot& plot, const HistogramData& data, const HistogramLook& look);

/// Puts the legend to the right of the axes in as many columns as fit a plot of this size; long names are
/// shortened, and what finds no place is counted ("… 7 more"). Call after drawHistogram() and when resized.
void arrangeLegend(QCustomPlot& plot, const HistogramData& data, const HistogramLook& look,
                   const QSize& size);

/// The whole data in view, counts from zero.
void fitHistogram(QCustomPlot& plot, const HistogramData& data, bool fraction);

/// Highest drawn height of visible series within the shown range of the horizontal axis.
void fitHeights(QCustomPlot& plot, const HistogramData& data, bool fraction);

} // namespace ember
