#include "widgets/histogram_figure.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include "widgets/histogram_drawing.hpp"
#include "widgets/plot_axes.hpp"
#include "widgets/series_key.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::HistogramFigure", text);
}

SeriesKey keyOf(const HistogramFigure& figure) {
    SeriesKey key{{}, {}, figure.theme, figure.font};
    for (int i = 0; i < static_cast<int>(figure.data.series.size()); ++i) {
        key.names << figure.data.series[static_cast<std::size_t>(i)].name;
        key.colors.push_back(histogramSeriesColor(figure.data, i, figure.theme));
    }
    return key;
}

void drawSeries(QPainter& painter, const QRectF& area, const QRectF& view, const HistogramFigure& figure,
                int series) {
    const auto& edges = figure.data.edges;
    const HistogramSeries& one = figure.data.series[static_cast<std::size_t>(series)];
    QPainterPath path(toArea({edges.front(), 0}, view, area));
    for (std::size_t bin = 0; bin < one.counts.size(); ++bin) {
        const auto height = static_cast<double>(one.counts[bin]);
        path.lineTo(toArea({edges[bin], height}, view, area));
        path.lineTo(toArea({edges[bin + 1], height}, view, area));
    }
    path.lineTo(toArea({edges.back(), 0}, view, area));
    const QColor color = histogramSeriesColor(figure.data, series, figure.theme);
    QColor fill = color;
    fill.setAlphaF(figure.data.series.size() == 1 ? 0.65F : 0.25F);
    painter.fillPath(path, fill);
    painter.strokePath(path, QPen(color, 0.9));
}

} // namespace

void drawHistogramFigure(QPainter& painter, const QRectF& rect, const HistogramFigure& figure) {
    painter.save();
    painter.setFont(figure.font);
    if (figure.data.bins() == 0) {
        painter.setPen(figure.theme.muted);
        painter.drawText(rect, Qt::AlignCenter | Qt::TextWordWrap,
                         tr("There are no finite values to count."));
        painter.restore();
        return;
    }
    std::uint64_t highest = 1;
    for (const HistogramSeries& series : figure.data.series) {
        if (!series.counts.empty()) {
            highest = std::max(highest, *std::max_element(series.counts.begin(), series.counts.end()));
        }
    }
    QRectF rest = rect;
    if (figure.data.series.size() > 1) {
        rest.setTop(rest.top() + drawSeriesKey(painter, rest, keyOf(figure)));
    }
    const double low = figure.data.edges.front(), width = figure.data.edges.back() - low;
    PlotAxes axes;
    axes.view = QRectF(low - 0.02 * width, 0, 1.04 * width, 1.06 * static_cast<double>(highest));
    axes.xLabel = figure.data.valueLabel;
    axes.yLabel = figure.data.countLabel;
    const double line = QFontMetricsF(figure.font).height();
    axes.x = niceTicks(axes.view.left(), axes.view.right(),
                       std::max(2, static_cast<int>(rest.width() / (line * 4))));
    axes.y = niceTicks(axes.view.top(), axes.view.bottom(),
                       std::max(1, static_cast<int>(rest.height() / (line * 3))));
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.grid = true;
    const QRectF area = rest.marginsRemoved(axesMargins(axes));
    drawGrid(painter, area, axes);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int series = 0; series < static_cast<int>(figure.data.series.size()); ++series) {
        if (figure.data.series[static_cast<std::size_t>(series)].visible) {
            drawSeries(painter, area, axes.view, figure, series);
        }
    }
    drawAxes(painter, area, axes);
    painter.restore();
}

} // namespace ember
