#include "widgets/histogram_figure.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include "widgets/histogram_drawing.hpp"
#include "widgets/plot_axes.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::HistogramFigure", text);
}

/// Returns the height that the row took.
double drawNames(QPainter& painter, const QRectF& row, const HistogramFigure& figure) {
    const QFontMetricsF metrics(figure.font);
    const double swatch = metrics.height() * 0.6, gap = metrics.height() * 0.35;
    double x = row.left();
    int shown = 0;
    const int count = static_cast<int>(figure.data.series.size());
    const QString rest = tr("… %1 more").arg(count);
    painter.setFont(figure.font);
    for (; shown < count; ++shown) {
        const QString name = metrics.elidedText(figure.data.series[static_cast<std::size_t>(shown)].name,
                                                Qt::ElideRight, row.width() * 0.45);
        const double width = swatch + gap + metrics.horizontalAdvance(name);
        const double reserve = shown + 1 < count ? metrics.horizontalAdvance(rest) + 2 * gap : 0;
        if (x + width + reserve > row.right()) {
            break;
        }
        painter.fillRect(QRectF(x, row.top() + (metrics.height() - swatch) / 2, swatch, swatch),
                         histogramSeriesColor(figure.data, shown, figure.theme));
        painter.setPen(figure.theme.text);
        painter.drawText(QPointF(x + swatch + gap, row.top() + metrics.ascent()), name);
        x += width + 3 * gap;
    }
    if (shown < count) {
        painter.setPen(figure.theme.muted);
        painter.drawText(QPointF(x, row.top() + metrics.ascent()), tr("… %1 more").arg(count - shown));
    }
    return metrics.height() * 1.3;
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
        rest.setTop(rest.top() + drawNames(painter, rest, figure));
    }
    const double low = figure.data.edges.front(), width = figure.data.edges.back() - low;
    PlotAxes axes;
    axes.view = QRectF(low - 0.02 * width, 0, 1.04 * width, 1.06 * static_cast<double>(highest));
    axes.xLabel = figure.data.valueLabel;
    axes.yLabel = figure.data.countLabel;
    axes.x = niceTicks(axes.view.left(), axes.view.right(), 5);
    axes.y = niceTicks(axes.view.top(), axes.view.bottom(), 5);
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
