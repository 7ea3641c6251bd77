#include "widgets/histogram_drawing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QCoreApplication>

#include <qcustomplot.h>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::HistogramPlot", text);
}

/// Four significant figures as everywhere, in the program's own notation.
class NumberTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return formatNumber(std::fabs(tick) < stepOfTicks_ * 1e-9 ? 0.0 : tick);
    }
    double getTickStep(const QCPRange& range) override {
        stepOfTicks_ = QCPAxisTicker::getTickStep(range);
        return stepOfTicks_;
    }

private:
    double stepOfTicks_ = 0;
};

void dressAxis(QCPAxis& axis, const HistogramLook& look) {
    const ThemeColors& c = look.colors;
    axis.setBasePen(QPen(c.control));
    axis.setTickPen(QPen(c.control));
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLabelColor(c.muted);
    axis.setLabelColor(c.text);
    axis.setTickLabelFont(look.font);
    axis.setLabelFont(look.font);
    axis.setSelectedLabelFont(look.font);
    axis.setTickLengthIn(0);
    axis.setTickLengthOut(4);
    axis.grid()->setPen(QPen(c.grid));
    axis.grid()->setZeroLinePen(Qt::NoPen);
    axis.setTicker(QSharedPointer<NumberTicker>::create());
    axis.ticker()->setTickCount(6);
}

void dressLegend(QCPLegend& legend, const HistogramLook& look) {
    legend.setBrush(Qt::NoBrush);
    legend.setBorderPen(Qt::NoPen);
    legend.setFont(look.font);
    legend.setTextColor(look.colors.text);
    legend.setSelectableParts(QCPLegend::spNone);
    legend.setIconSize(12, 12);
    legend.setRowSpacing(1);
    legend.setColumnSpacing(8);
    legend.setMargins(QMargins(2, 4, 10, 2));
}

struct LegendPlan {
    int rows = 1, shown = 0;
    int nameWidth = 0; ///< px
};

/// At most two fifths of the width go to the legend.
LegendPlan planLegend(const HistogramData& data, const QFont& font, const QSize& size) {
    const QFontMetrics metrics(font);
    const int count = static_cast<int>(data.series.size());
    LegendPlan plan;
    plan.rows = std::max(1, (size.height() - 2 * metrics.height()) / (metrics.height() + 3));
    int longest = 0;
    for (const HistogramSeries& series : data.series)
        longest = std::max(longest, metrics.horizontalAdvance(series.name));
    const int space = size.width() * 2 / 5;
    constexpr int iconAndGaps = 36;
    const int least = std::min(longest, metrics.averageCharWidth() * 10) + iconAndGaps;
    const int wanted = (count + plan.rows - 1) / plan.rows;
    const int columns = std::clamp(space / std::max(1, least), 1, std::max(1, wanted));
    plan.nameWidth =
        std::min(longest, std::max(metrics.averageCharWidth() * 6, space / columns - iconAndGaps)) + 1;
    const int places = plan.rows * columns;
    plan.shown = count <= places ? count : std::max(1, places - 1);
    return plan;
}

QVector<QCPGraphData> stepsOf(const std::vector<double>& edges, const std::vector<double>& heights) {
    // A step's vertical lines need the height on both sides of an edge: from zero at the first, to zero at
    // the last.
    QVector<QCPGraphData> points;
    points.append({edges.front(), 0});
    for (std::size_t bin = 0; bin < heights.size(); ++bin)
        points.append({edges[bin], heights[bin]});
    points.append({edges.back(), 0});
    return points;
}

} // namespace

std::vector<double> histogramHeights(const HistogramSeries& series, bool fraction) {
    std::vector<double> heights(series.counts.begin(), series.counts.end());
    const double sum = std::accumulate(heights.begin(), heights.end(), 0.0);
    if (fraction && sum > 0) {
        for (double& height : heights)
            height /= sum;
    }
    return heights;
}

QColor histogramSeriesColor(const HistogramData& data, int series, const ThemeColors& colors) {
    const QColor own = data.series[static_cast<std::size_t>(series)].color;
    if (own.isValid())
        return own;
    return data.series.size() == 1 ? colors.bar : categoryColor(series);
}

void drawHistogram(QCustomPlot& plot, const HistogramData& data, const HistogramLook& look) {
    plot.clearGraphs();
    plot.setBackground(QBrush(look.colors.surface));
    plot.axisRect()->setBackground(Qt::NoBrush);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis})
        dressAxis(*axis, look);
    plot.xAxis->grid()->setVisible(false);
    plot.xAxis->setLabel(data.valueLabel);
    plot.yAxis->setLabel(look.fraction ? tr("Share of %1").arg(data.countLabel.toLower()) : data.countLabel);
    dressLegend(*plot.legend, look);
    for (int i = 0; i < static_cast<int>(data.series.size()) && data.bins() > 0; ++i) {
        const HistogramSeries& series = data.series[static_cast<std::size_t>(i)];
        QCPGraph* graph = plot.addGraph();
        const QColor color = histogramSeriesColor(data, i, look.colors);
        QColor fill = color;
        fill.setAlphaF(data.series.size() == 1 ? 0.65F : 0.22F);
        graph->setName(series.name);
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setPen(QPen(color, 1.4));
        graph->setBrush(look.style == HistogramStyle::filled ? QBrush(fill) : QBrush(Qt::NoBrush));
        graph->setAdaptiveSampling(false);
        graph->data()->set(stepsOf(data.edges, histogramHeights(series, look.fraction)), true);
        graph->setVisible(series.visible);
        graph->removeFromLegend();
    }
}

void arrangeLegend(QCustomPlot& plot, const HistogramData& data, const HistogramLook& look,
                   const QSize& size) {
    QCPLegend& legend = *plot.legend;
    for (int i = legend.elementCount() - 1; i >= 0; --i) {
        if (legend.elementAt(i) != nullptr)
            legend.removeAt(i);
    }
    legend.simplify();
    const int count = plot.graphCount();
    legend.setVisible(count > 1);
    const LegendPlan plan = planLegend(data, look.font, size);
    legend.setFillOrder(QCPLegend::foRowsFirst, false);
    legend.setWrap(plan.rows);
    const QFontMetrics metrics(look.font);
    for (int i = 0; i < plan.shown && count > 1; ++i) {
        QCPGraph* graph = plot.graph(i);
        graph->setName(metrics.elidedText(data.series[static_cast<std::size_t>(i)].name, Qt::ElideMiddle,
                                          plan.nameWidth));
        graph->addToLegend();
        legend.itemWithPlottable(graph)->setTextColor(graph->visible() ? look.colors.text
                                                                       : look.colors.disabled);
    }
    if (count > 1 && plan.shown < count) {
        auto* rest = new QCPTextElement(&plot, tr("… %1 more").arg(count - plan.shown), look.font);
        rest->setTextColor(look.colors.muted);
        rest->setTextFlags(Qt::AlignLeft | Qt::AlignVCenter);
        legend.addElement(rest); // the legend owns it
    }
}

void fitHistogram(QCustomPlot& plot, const HistogramData& data, bool fraction) {
    if (data.bins() == 0)
        return;
    const double margin = (data.edges.back() - data.edges.front()) * 0.02;
    plot.xAxis->setRange(data.edges.front() - margin, data.edges.back() + margin);
    fitHeights(plot, data, fraction);
}

void fitHeights(QCustomPlot& plot, const HistogramData& data, bool fraction) {
    const QCPRange range = plot.xAxis->range();
    double highest = 0;
    for (const HistogramSeries& series : data.series) {
        const std::vector<double> heights = histogramHeights(series, fraction);
        for (std::size_t bin = 0; series.visible && bin < heights.size(); ++bin) {
            if (data.edges[bin + 1] >= range.lower && data.edges[bin] <= range.upper)
                highest = std::max(highest, heights[bin]);
        }
    }
    plot.yAxis->setRange(0, highest > 0 ? highest * 1.06 : 1);
}

} // namespace ember
