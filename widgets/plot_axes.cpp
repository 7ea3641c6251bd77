#include "widgets/plot_axes.hpp"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr double tickLength = 4, gap = 4;

double widest(const QFontMetricsF& metrics, const QStringList& labels) {
    double width = 0;
    for (const QString& label : labels)
        width = std::max(width, metrics.horizontalAdvance(label));
    return width;
}

} // namespace

AxisTicks niceTicks(double low, double high, int wanted) {
    AxisTicks ticks;
    const double range = high - low;
    if (!(range > 0) || !std::isfinite(range))
        return ticks;
    const double rough = range / std::max(1, wanted);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double lead = rough / power;
    const double step = (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
    // Enough figures to tell neighbours apart, however far one has zoomed in.
    const double largest = std::max(std::fabs(low), std::fabs(high));
    const int figures = std::clamp(static_cast<int>(std::ceil(std::log10(largest / step))) + 1, 4, 12);
    const double first = std::ceil(low / step - 1e-9);
    for (int i = 0; i < 100; ++i) {
        const double value = (first + i) * step;
        if (value > high + step * 1e-9)
            break;
        ticks.at.push_back(value);
        ticks.labels << formatNumber(std::fabs(value) < step * 1e-6 ? 0.0 : value, figures);
    }
    return ticks;
}

QMarginsF axesMargins(const PlotAxes& axes) {
    const QFontMetricsF metrics(axes.font);
    const double line = metrics.height();
    double left = gap, bottom = gap;
    if (!axes.y.labels.isEmpty())
        left += widest(metrics, axes.y.labels) + tickLength + gap;
    if (!axes.yLabel.isEmpty())
        left += line + gap;
    if (!axes.x.labels.isEmpty())
        bottom += line + tickLength + gap / 2;
    if (!axes.xLabel.isEmpty())
        bottom += line;
    // Half of the last labels sticks out.
    const double right = axes.x.labels.isEmpty()
                             ? gap
                             : std::max(8.0, metrics.horizontalAdvance(axes.x.labels.last()) / 2 + 2);
    return {left, line / 2, right, bottom};
}

QPointF toArea(const QPointF& data, const QRectF& view, const QRectF& area) {
    return {area.left() + (data.x() - view.left()) / view.width() * area.width(),
            area.bottom() - (data.y() - view.top()) / view.height() * area.height()};
}

QPointF fromArea(const QPointF& place, const QRectF& view, const QRectF& area) {
    return {view.left() + (place.x() - area.left()) / area.width() * view.width(),
            view.top() + (area.bottom() - place.y()) / area.height() * view.height()};
}

void drawGrid(QPainter& painter, const QRectF& area, const PlotAxes& axes) {
    painter.setPen(QPen(axes.colors.grid, 1));
    for (const double x : axes.x.at) {
        const double place = toArea({x, 0}, axes.view, area).x();
        painter.drawLine(QPointF(place, area.top()), QPointF(place, area.bottom()));
    }
    for (const double y : axes.y.at) {
        const double place = toArea({0, y}, axes.view, area).y();
        painter.drawLine(QPointF(area.left(), place), QPointF(area.right(), place));
    }
}

void drawAxes(QPainter& painter, const QRectF& area, const PlotAxes& axes) {
    const QFontMetricsF metrics(axes.font);
    const double line = metrics.height();
    painter.setFont(axes.font);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(axes.colors.control, 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.drawLine(area.bottomLeft(), area.topLeft());
    const double wide = 200; // labels are centred in boxes that no label fills
    for (std::size_t i = 0; i < axes.x.at.size(); ++i) {
        const double x = toArea({axes.x.at[i], 0}, axes.view, area).x();
        painter.setPen(QPen(axes.colors.control, 1));
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + tickLength));
        painter.setPen(axes.colors.muted);
        painter.drawText(QRectF(x - wide / 2, area.bottom() + tickLength + gap / 2, wide, line),
                         Qt::AlignHCenter | Qt::AlignTop, axes.x.labels.at(static_cast<int>(i)));
    }
    for (std::size_t i = 0; i < axes.y.at.size(); ++i) {
        const double y = toArea({0, axes.y.at[i]}, axes.view, area).y();
        painter.setPen(QPen(axes.colors.control, 1));
        painter.drawLine(QPointF(area.left() - tickLength, y), QPointF(area.left(), y));
        painter.setPen(axes.colors.muted);
        painter.drawText(QRectF(area.left() - tickLength - gap - wide, y - line / 2, wide, line),
                         Qt::AlignRight | Qt::AlignVCenter, axes.y.labels.at(static_cast<int>(i)));
    }
    const QMarginsF margins = axesMargins(axes);
    painter.setPen(axes.colors.text);
    if (!axes.xLabel.isEmpty()) {
        const QRectF box(area.left(), area.bottom() + margins.bottom() - gap / 2 - line, area.width(), line);
        painter.drawText(box, Qt::AlignCenter, metrics.elidedText(axes.xLabel, Qt::ElideRight, area.width()));
    }
    if (!axes.yLabel.isEmpty()) {
        painter.save();
        painter.translate(area.left() - margins.left() + gap / 2, area.bottom());
        painter.rotate(-90);
        painter.drawText(QRectF(0, 0, area.height(), line), Qt::AlignCenter,
                         metrics.elidedText(axes.yLabel, Qt::ElideRight, area.height()));
        painter.restore();
    }
}

} // namespace ember
