#include "widgets/curve_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::CurvePlot", text);
}

struct Extent {
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    bool any = false;
};

Extent extentOf(const CurveData& data) {
    Extent extent;
    for (const CurveSeries& series : data.series) {
        for (int i = 0; series.visible && i < static_cast<int>(series.y.size()); ++i) {
            const auto at = static_cast<std::size_t>(i);
            const double x = curveX(series, i), y = series.y[at];
            if (!std::isfinite(x) || !std::isfinite(y))
                continue;
            extent.any = true;
            extent.left = std::min(extent.left, x);
            extent.right = std::max(extent.right, x);
            extent.low = std::min(extent.low, hasInterval(series, i) ? std::min(y, series.low[at]) : y);
            extent.high = std::max(extent.high, hasInterval(series, i) ? std::max(y, series.high[at]) : y);
        }
    }
    if (!extent.any)
        return {0, 1, 0, 1, false};
    for (const CurveTarget& target : data.targets) {
        extent.low = std::min(extent.low, target.y);
        extent.high = std::max(extent.high, target.y);
    }
    return extent;
}

QRectF viewOf(const CurveData& data) {
    Extent extent = extentOf(data);
    if (data.fromZero) {
        extent.low = std::min(0.0, extent.low);
        extent.high = std::max(0.0, extent.high);
    }
    const auto margin = [](double range, double at, double share) {
        return range > 0 ? range * share : std::max(0.5, std::fabs(at) * 0.05);
    };
    const double y = margin(extent.high - extent.low, extent.low, 0.06);
    const double bottom = data.fromZero && extent.low == 0 ? 0 : extent.low - y;
    if (!data.categories.isEmpty())
        return {-0.5, bottom, static_cast<double>(data.categories.size()), extent.high + y - bottom};
    const double x = margin(extent.right - extent.left, extent.left, 0.04);
    return {extent.left - x, bottom, extent.right - extent.left + 2 * x, extent.high + y - bottom};
}

QString noteOf(const CurveData& data) {
    QStringList notes;
    if (data.note && !data.note->isEmpty())
        notes << *data.note;
    const bool intervals = std::any_of(data.series.begin(), data.series.end(),
                                       [](const CurveSeries& s) { return s.visible && !s.low.empty(); });
    if (intervals && !data.intervalLabel.isEmpty())
        notes << (data.band ? tr("Bands: %1") : tr("Bars: %1")).arg(data.intervalLabel);
    return notes.join(QStringLiteral("; "));
}

LegendMark markOf(const CurveData& data, const CurveSeries& series) {
    if (!data.joined)
        return series.dashed ? LegendMark::ring : LegendMark::dot;
    return series.dashed ? LegendMark::dashes : LegendMark::line;
}

std::vector<LegendEntry> entriesOf(const CurveFigure& figure) {
    std::vector<LegendEntry> entries;
    if (!figure.legend || figure.data.series.size() < 2)
        return entries;
    for (int i = 0; i < static_cast<int>(figure.data.series.size()); ++i) {
        const CurveSeries& series = figure.data.series[static_cast<std::size_t>(i)];
        entries.push_back(
            {series.name, curveColor(figure.data, i), markOf(figure.data, series), series.visible});
    }
    return entries;
}

void placeMarks(CurveLayout& layout, const CurveData& data) {
    const int visible = static_cast<int>(std::count_if(data.series.begin(), data.series.end(),
                                                       [](const CurveSeries& s) { return s.visible; }));
    int place = 0;
    for (int s = 0; s < static_cast<int>(data.series.size()); ++s) {
        const CurveSeries& series = data.series[static_cast<std::size_t>(s)];
        if (!series.visible)
            continue;
        // At one category the intervals of several series would hide each other.
        const double apart = data.categories.isEmpty() ? 0 : std::min(0.12, 0.6 / std::max(1, visible));
        const double shift = (place++ - (visible - 1) / 2.0) * apart;
        for (int i = 0; i < static_cast<int>(series.y.size()); ++i) {
            const double x = curveX(series, i), y = series.y[static_cast<std::size_t>(i)];
            if (std::isfinite(x) && std::isfinite(y))
                layout.marks.push_back({s, i, toArea({x + shift, y}, layout.axes.view, layout.area)});
        }
    }
}

void drawIntervals(QPainter& painter, const CurveFigure& figure, const CurveLayout& layout) {
    for (int s = 0; s < static_cast<int>(figure.data.series.size()); ++s) {
        const CurveSeries& series = figure.data.series[static_cast<std::size_t>(s)];
        QPolygonF upper, lower;
        painter.setPen(QPen(curveColor(figure.data, s), 1.2));
        for (const CurveLayout::Mark& mark : layout.marks) {
            if (mark.series != s || !hasInterval(series, mark.point))
                continue;
            const QPointF top(mark.place.x(), layout.yOf(series.high[static_cast<std::size_t>(mark.point)]));
            const QPointF bottom(mark.place.x(),
                                 layout.yOf(series.low[static_cast<std::size_t>(mark.point)]));
            upper << top;
            lower.prepend(bottom);
            if (figure.data.band)
                continue;
            painter.drawLine(top, bottom);
            for (const QPointF& end : {top, bottom})
                painter.drawLine(end - QPointF(3, 0), end + QPointF(3, 0));
        }
        if (!figure.data.band || upper.size() < 2)
            continue;
        QColor fill = curveColor(figure.data, s);
        fill.setAlphaF(0.2F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(upper + lower);
    }
}

void drawSeries(QPainter& painter, const CurveFigure& figure, const CurveLayout& layout) {
    for (std::size_t i = 0; i < layout.marks.size(); ++i) {
        const CurveLayout::Mark& mark = layout.marks[i];
        const CurveSeries& series = figure.data.series[static_cast<std::size_t>(mark.series)];
        // A point without a value breaks the line.
        if (figure.data.joined && i > 0 && layout.marks[i - 1].series == mark.series &&
            layout.marks[i - 1].point + 1 == mark.point) {
            painter.setPen(QPen(curveColor(figure.data, mark.series), 1.8,
                                series.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
            painter.drawLine(layout.marks[i - 1].place, mark.place);
        }
    }
    for (const CurveLayout::Mark& mark : layout.marks) {
        const CurveSeries& series = figure.data.series[static_cast<std::size_t>(mark.series)];
        const double radius = series.y.size() > 60 ? 1.5 : 3.4;
        const QColor color = curveColor(figure.data, mark.series);
        painter.setPen(QPen(color, 1.5));
        painter.setBrush(series.dashed ? figure.theme.surface : color);
        painter.drawEllipse(mark.place, radius, radius);
    }
}

QFont targetFont(const FigureInk& ink) {
    QFont small = ink.font;
    small.setPixelSize(std::max(8, static_cast<int>(std::lround(small.pixelSize() * 0.92))));
    return small;
}

/// Right of the area, beside their lines; those of near targets are moved apart.
void drawTargets(QPainter& painter, const CurveFigure& figure, const CurveLayout& layout,
                 const FigureInk& ink) {
    std::vector<CurveTarget> targets = figure.data.targets;
    std::sort(targets.begin(), targets.end(),
              [](const CurveTarget& a, const CurveTarget& b) { return a.y < b.y; });
    const QFont small = targetFont(ink);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    double free = layout.area.bottom() + metrics.height(); // lower edge of what is still free
    for (const CurveTarget& target : targets) {
        const double y = layout.yOf(target.y);
        painter.setPen(QPen(ink.theme.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(layout.area.left(), y), QPointF(layout.area.right() + 3, y));
        const double center = std::min(y, free - metrics.height() / 2);
        free = center - metrics.height() / 2;
        painter.setPen(ink.theme.text);
        painter.drawText(QRectF(layout.area.right() + 5, center - metrics.height() / 2, layout.targetRoom,
                                metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                         metrics.elidedText(target.label, Qt::ElideRight, layout.targetRoom));
    }
    painter.setFont(ink.font);
}

} // namespace

QColor curveColor(const CurveData& data, int series) {
    const QColor own = data.series[static_cast<std::size_t>(series)].color;
    return own.isValid() ? own : categoryColor(series);
}

double curveX(const CurveSeries& series, int point) {
    const auto at = static_cast<std::size_t>(point);
    return series.x.empty() ? point : at < series.x.size() ? series.x[at] : std::nan("");
}

bool hasInterval(const CurveSeries& series, int point) {
    const auto at = static_cast<std::size_t>(point);
    return at < series.low.size() && at < series.high.size() && std::isfinite(series.low[at]) &&
           std::isfinite(series.high[at]);
}

double CurveLayout::yOf(double value) const {
    return toArea({0, value}, axes.view, area).y();
}

int CurveLayout::entryAt(const QPointF& place) const {
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].contains(place))
            return static_cast<int>(i);
    }
    return -1;
}

CurveLayout layoutCurves(const CurveFigure& figure, const QRectF& rect) {
    CurveLayout layout;
    const CurveData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    layout.entries = entriesOf(figure);
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    layout.noteText = noteOf(data);
    layout.note = takeNote(rest, layout.noteText, ink);
    layout.boxes = takeLegend(rest, layout.entries, ink);
    rest.setRight(rest.right() - 6);
    const QFontMetricsF small(targetFont(ink));
    for (const CurveTarget& target : data.targets)
        layout.targetRoom = std::max(layout.targetRoom, small.horizontalAdvance(target.label) + 1);
    layout.targetRoom = std::min(layout.targetRoom, rest.width() * 0.45);
    rest.setRight(rest.right() - (layout.targetRoom > 0 ? layout.targetRoom + 4 : 0));
    PlotAxes& axes = layout.axes;
    axes.view = viewOf(data);
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.yLabel = data.yLabel;
    axes.y = niceTicks(axes.view.top(), axes.view.bottom(),
                       std::max(2, static_cast<int>(rest.height() / (line * 3.5))));
    if (data.categories.isEmpty()) {
        axes.xLabel = data.xLabel;
        axes.x = niceTicks(axes.view.left(), axes.view.right(),
                           std::max(2, static_cast<int>(rest.width() / (line * 5))));
        layout.area = rest.marginsRemoved(axesMargins(axes));
    } else {
        const QMarginsF margins = axesMargins(axes);
        const double slot = (rest.width() - margins.left() - 4) / static_cast<double>(data.categories.size());
        layout.categoryNames = placeAxisNames(data.categories, slot, rest.height() * 0.3, ink);
        const double before =
            layout.categoryNames.angle == 40 ? std::min(layout.categoryNames.before, rest.width() * 0.18) : 0;
        const double below = layout.categoryNames.height + (data.xLabel.isEmpty() ? 0 : line) + 4;
        layout.area = rest.marginsRemoved(QMarginsF(std::max(margins.left(), before), line / 2, 4, below));
    }
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    layout.categoryNames.slot =
        layout.area.width() / static_cast<double>(std::max<qsizetype>(1, data.categories.size()));
    placeMarks(layout, data);
    return layout;
}

void drawCurves(QPainter& painter, const QRectF& rect, const CurveFigure& figure) {
    const CurveLayout layout = layoutCurves(figure, rect);
    const CurveData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    drawGrid(painter, layout.area, layout.axes);
    drawIntervals(painter, figure, layout);
    drawTargets(painter, figure, layout, ink);
    drawSeries(painter, figure, layout);
    drawAxes(painter, layout.area, layout.axes);
    if (!data.categories.isEmpty()) {
        drawAxisNames(painter, data.categories, layout.area.bottomLeft(), layout.categoryNames, rect.left(),
                      ink);
        painter.setPen(figure.theme.text);
        painter.drawText(
            QRectF(layout.area.left(), rect.bottom() - ink.line() - 3, layout.area.width(), ink.line()),
            Qt::AlignCenter, data.xLabel);
    }
    if (layout.marks.empty())
        drawSentence(painter, layout.area,
                     data.series.empty() ? tr("There are no values to draw.")
                                         : tr("All values are hidden or missing."),
                     ink);
    drawLegend(painter, layout.entries, layout.boxes, ink);
    drawNote(painter, layout.note, layout.noteText, ink);
    drawTitle(painter, layout.title, data.title, ink);
    painter.restore();
}

QString curveCsv(const CurveData& data) {
    const auto heading = [](const QString& label, const char* fallback) {
        return csvField(label.isEmpty() ? QString::fromLatin1(fallback) : label);
    };
    const bool intervals = std::any_of(data.series.begin(), data.series.end(),
                                       [](const CurveSeries& s) { return s.visible && !s.low.empty(); });
    QString csv = QStringLiteral("series,") + heading(data.xLabel, "x") + QLatin1Char(',') +
                  heading(data.yLabel, "y") +
                  (intervals ? QStringLiteral(",low,high\n") : QStringLiteral("\n"));
    for (const CurveSeries& series : data.series) {
        for (int i = 0; series.visible && i < static_cast<int>(series.y.size()); ++i) {
            const auto at = static_cast<std::size_t>(i);
            const double x = curveX(series, i);
            const bool named =
                !data.categories.isEmpty() && x >= 0 && x < static_cast<double>(data.categories.size());
            csv += csvField(series.name) + QLatin1Char(',') +
                   (named ? csvField(data.categories[static_cast<qsizetype>(x)]) : formatExact(x)) +
                   QLatin1Char(',') + formatExact(series.y[at]);
            if (intervals)
                csv +=
                    QLatin1Char(',') + formatExact(at < series.low.size() ? series.low[at] : std::nan("")) +
                    QLatin1Char(',') + formatExact(at < series.high.size() ? series.high[at] : std::nan(""));
            csv += QLatin1Char('\n');
        }
    }
    return csv;
}

} // namespace ember
