#include "widgets/time_curve_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::TimeCurvePlot", text);
}

struct Span {
    double low = INFINITY, high = -INFINITY;
    void take(double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    bool any() const { return low <= high; }
};

/// Of the values in view, in drawn units.
Span spanOf(const TimeCurveData& data, double left, double right) {
    Span span;
    for (std::size_t s = 0; s < data.series.size(); ++s) {
        const std::vector<double> values = shownValues(data, s);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double x = (*data.series[s].x)[i];
            if (x >= left && x <= right) {
                span.take(values[i]);
            }
        }
    }
    return span;
}

/// Powers of ten, with 2 and 5 between them where few are in view.
AxisTicks logarithmicTicks(double low, double high) {
    AxisTicks ticks;
    const bool dense = high - low < 2.5;
    if (high - low < 0.6) { // less than a factor of four: even steps of the values themselves
        for (const double value : niceTicks(std::pow(10, low), std::pow(10, high), 4).at) {
            ticks.at.push_back(std::log10(value));
            ticks.labels << formatNumber(value);
        }
        return ticks;
    }
    const double stride = std::max(1.0, std::ceil((high - low) / 6));
    for (double power = std::floor(low); power <= high; power += dense ? 1 : stride) {
        for (const double lead : {1.0, 2.0, 5.0}) {
            const double at = power + std::log10(lead);
            if (at >= low && at <= high && (lead == 1.0 || dense)) {
                ticks.at.push_back(at);
                ticks.labels << formatNumber(lead * std::pow(10, power));
            }
        }
    }
    return ticks;
}

/// The line of one series; several points of a pixel column become one upright stroke.
void drawLine(QPainter& painter, const TimeCurveLayout& layout, const TimeSeries& series,
              const std::vector<double>& values) {
    QPainterPath path;
    bool open = false;
    double column = -INFINITY, low = 0, high = 0, last = 0;
    const auto flush = [&] {
        if (open && low < high) {
            path.moveTo(column, low);
            path.lineTo(column, high);
            path.moveTo(column, last);
        }
    };
    const QRectF& view = layout.axes.view;
    const double margin = view.width();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double x = (*series.x)[i];
        if (x < view.left() - margin || x > view.right() + margin) {
            continue;
        }
        if (!std::isfinite(values[i])) {
            flush();
            open = false;
            column = -INFINITY;
            continue;
        }
        const QPointF place = toArea({x, values[i]}, view, layout.area);
        if (open && std::fabs(place.x() - column) < 0.5) {
            low = std::min(low, place.y());
            high = std::max(high, place.y());
            last = place.y();
            continue;
        }
        flush();
        open ? path.lineTo(place) : path.moveTo(place);
        open = true;
        column = place.x();
        low = high = last = place.y();
    }
    flush();
    painter.drawPath(path);
}

void drawSeries(QPainter& painter, const TimeCurveFigure& figure, const TimeCurveLayout& layout) {
    painter.setBrush(Qt::NoBrush);
    for (std::size_t s = 0; s < figure.data.series.size(); ++s) {
        const TimeSeries& series = figure.data.series[s];
        if (series.x == nullptr) {
            continue;
        }
        QColor color = timeColor(figure.data, s);
        if (series.smooth && figure.data.smoothing > 0) {
            TimeCurveData raw = figure.data;
            raw.smoothing = 0;
            QColor pale = color;
            pale.setAlphaF(0.25F);
            painter.setPen(QPen(pale, 1));
            drawLine(painter, layout, series, shownValues(raw, s));
        }
        const std::vector<double> values = shownValues(figure.data, s);
        painter.setPen(QPen(color, 1.6, series.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
        drawLine(painter, layout, series, values);
        const bool alone = values.size() == 1; // a line of one point cannot be seen
        for (std::size_t i = 0; i < values.size() && (series.dots || alone) && values.size() <= 400; ++i) {
            if (std::isfinite(values[i])) {
                painter.setPen(QPen(color, 1.2));
                painter.setBrush(figure.theme.surface);
                painter.drawEllipse(toArea({(*series.x)[i], values[i]}, layout.axes.view, layout.area), 2.4,
                                    2.4);
                painter.setBrush(Qt::NoBrush);
            }
        }
    }
}

QPolygonF triangle(const QPointF& tip, double size, double up) {
    return QPolygonF({tip, tip + QPointF(-size, up * size * 1.5), tip + QPointF(size, up * size * 1.5)});
}

/// Checkpoints stand on the axis, rollbacks are dashed lines, the best value has a ring.
void drawMarks(QPainter& painter, const TimeCurveFigure& figure, const TimeCurveLayout& layout) {
    const QRectF& view = layout.axes.view;
    for (const TimeMark& mark : figure.data.marks) {
        if (mark.x < view.left() || mark.x > view.right()) {
            continue;
        }
        const QColor color = mark.color.isValid() ? mark.color : figure.theme.text;
        const double x = toArea({mark.x, 0}, view, layout.area).x();
        if (mark.kind == TimeMarkKind::rollback) {
            painter.setPen(QPen(figure.theme.error, 1, Qt::DashLine));
            painter.drawLine(QPointF(x, layout.area.top()), QPointF(x, layout.area.bottom()));
        } else if (mark.kind == TimeMarkKind::checkpoint) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawPolygon(triangle({x, layout.area.bottom() - 6}, 3.5, 1));
        } else if (mark.y) {
            const double y = figure.data.logarithmic ? std::log10(*mark.y) : *mark.y;
            if (std::isfinite(y) && y >= view.top() && y <= view.bottom()) {
                painter.setPen(QPen(color, 2));
                painter.setBrush(Qt::NoBrush);
                painter.drawEllipse(QPointF(x, toArea({0, y}, view, layout.area).y()), 5.5, 5.5);
            }
        }
    }
    painter.setBrush(Qt::NoBrush);
}

void drawHover(QPainter& painter, const TimeCurveFigure& figure, const TimeCurveLayout& layout) {
    const double x = toArea({*figure.hover, 0}, layout.axes.view, layout.area).x();
    if (x < layout.area.left() || x > layout.area.right()) {
        return;
    }
    painter.setPen(QPen(figure.theme.control, 1));
    painter.drawLine(QPointF(x, layout.area.top()), QPointF(x, layout.area.bottom()));
    for (std::size_t s = 0; s < figure.data.series.size(); ++s) {
        const TimeSeries& series = figure.data.series[s];
        if (const std::ptrdiff_t at = pointNear(series, *figure.hover); at >= 0) {
            const auto point = static_cast<std::size_t>(at);
            const double y = shownValues(figure.data, s)[point];
            if (std::isfinite(y)) {
                painter.setPen(QPen(figure.theme.surface, 1));
                painter.setBrush(timeColor(figure.data, s));
                painter.drawEllipse(toArea({(*series.x)[point], y}, layout.axes.view, layout.area), 3.5, 3.5);
            }
        }
    }
    painter.setBrush(Qt::NoBrush);
}

} // namespace

TimeCurveLayout layoutTimeCurves(const TimeCurveFigure& figure, const QRectF& rect) {
    const TimeCurveData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    TimeCurveLayout layout;
    QRectF rest = rect.adjusted(6, 4, -6, -2);
    layout.title = takeTitle(rest, data.title, ink);
    if (figure.legend && data.series.size() > 1) {
        for (std::size_t s = 0; s < data.series.size(); ++s) {
            if (data.series[s].legend) {
                layout.entries.push_back({data.series[s].name, timeColor(data, s),
                                          data.series[s].dashed ? LegendMark::dashes : LegendMark::line,
                                          true});
            }
        }
        layout.boxes = takeLegend(rest, layout.entries, ink);
    }
    const auto whole = timeExtent(data);
    const double left = data.left.value_or(whole.first), right = data.right.value_or(whole.second);
    Span span = spanOf(data, left, right);
    layout.any = span.any();
    if (!layout.any) {
        span = {0, 1};
    }
    if (data.fromZero && !data.logarithmic) {
        span.low = std::min(0.0, span.low);
    }
    double margin = (span.high - span.low) * 0.06;
    if (!(margin > 0)) {
        margin = std::max(1e-12, std::fabs(span.low) * 0.05);
    }
    const double bottom = data.fromZero && span.low == 0 && !data.logarithmic ? 0 : span.low - margin;
    const double side = (right - left) * 0.015;
    layout.axes.view = QRectF(left - side, bottom, right - left + 2 * side, span.high + margin - bottom);
    layout.axes.xLabel = data.xLabel;
    layout.axes.yLabel = data.yLabel;
    layout.axes.colors = figure.theme;
    layout.axes.font = figure.font;
    const QRectF& view = layout.axes.view;
    layout.axes.y = data.logarithmic ? logarithmicTicks(view.top(), view.bottom())
                                     : niceTicks(view.top(), view.bottom(),
                                                 std::max(2, static_cast<int>(rest.height() / 48)));
    layout.axes.x = niceTicks(view.left(), view.right(), std::max(2, static_cast<int>(rest.width() / 90)));
    layout.area = rest.marginsRemoved(axesMargins(layout.axes));
    return layout;
}

void drawTimeCurves(QPainter& painter, const QRectF& rect, const TimeCurveFigure& figure) {
    const TimeCurveLayout layout = layoutTimeCurves(figure, rect);
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    if (layout.any) {
        drawGrid(painter, layout.area, layout.axes);
        painter.save();
        painter.setClipRect(layout.area.adjusted(-1, -1, 1, 1));
        drawSeries(painter, figure, layout);
        drawMarks(painter, figure, layout);
        if (figure.hover) {
            drawHover(painter, figure, layout);
        }
        painter.restore();
        drawAxes(painter, layout.area, layout.axes);
    } else {
        drawSentence(painter, layout.area, tr("No values yet"), ink);
    }
    drawLegend(painter, layout.entries, layout.boxes, ink);
    drawTitle(painter, layout.title, figure.data.title, ink);
    painter.restore();
}

} // namespace ember
