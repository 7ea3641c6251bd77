#include "widgets/bar_data.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/bar_drawing.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::BarPlot", text);
}

double at(const std::vector<double>& values, int index) {
    const auto place = static_cast<std::size_t>(index);
    return place < values.size() ? values[place] : std::nan("");
}

double errorOf(const BarSeries& series, int group) {
    const double error = at(series.errors, group);
    return std::isfinite(error) ? std::fabs(error) : 0;
}

struct Extent {
    double low = 0, high = 0;
    bool any = false;
};

Extent extentOf(const BarData& data) {
    Extent extent;
    for (const BarSeries& series : data.series) {
        for (int group = 0; series.visible && group < data.groups.size(); ++group) {
            const double value = at(series.values, group);
            if (!std::isfinite(value))
                continue;
            extent.any = true;
            extent.low = std::min({extent.low, value, value - errorOf(series, group)});
            extent.high = std::max({extent.high, value, value + errorOf(series, group)});
        }
    }
    const double margin = (extent.high - extent.low) * 0.05;
    if (extent.high > 0)
        extent.high += margin;
    if (extent.low < 0)
        extent.low -= margin;
    if (extent.low == extent.high)
        extent.high = 1;
    return extent;
}

std::vector<LegendEntry> entriesOf(const BarFigure& figure) {
    std::vector<LegendEntry> entries;
    if (!figure.legend || figure.data.series.size() < 2)
        return entries;
    for (std::size_t i = 0; i < figure.data.series.size(); ++i) {
        const BarSeries& series = figure.data.series[i];
        entries.push_back({series.name, barColor(figure.data, static_cast<int>(i), figure.theme),
                           LegendMark::square, series.visible});
    }
    return entries;
}

void placeBars(BarLayout& layout, const BarFigure& figure) {
    const BarData& data = figure.data;
    int visible = 0;
    for (const BarSeries& series : data.series)
        visible += series.visible ? 1 : 0;
    layout.slotWidth = layout.area.width() / std::max<qsizetype>(1, data.groups.size());
    const double width = layout.slotWidth * 0.78 / std::max(1, visible);
    int place = 0;
    for (int s = 0; s < static_cast<int>(data.series.size()); ++s) {
        const BarSeries& series = data.series[static_cast<std::size_t>(s)];
        if (!series.visible)
            continue;
        for (int group = 0; group < data.groups.size(); ++group) {
            const double value = at(series.values, group);
            if (!std::isfinite(value))
                continue;
            const double left = layout.area.left() + layout.slotWidth * (group + 0.11) + width * place;
            const double inset = width > 4 ? 0.5 : 0;
            layout.bars.push_back({group, s,
                                   QRectF(QPointF(left + inset, layout.yOf(value)),
                                          QPointF(left + width - inset, layout.yOf(0)))
                                       .normalized()});
        }
        ++place;
    }
}

void drawErrors(QPainter& painter, const BarLayout& layout, const BarFigure& figure) {
    painter.setPen(QPen(figure.theme.text, 1.1));
    for (const BarLayout::Bar& bar : layout.bars) {
        const BarSeries& series = figure.data.series[static_cast<std::size_t>(bar.series)];
        const double error = errorOf(series, bar.group), value = at(series.values, bar.group);
        if (error == 0)
            continue;
        const double x = bar.rect.center().x(), cap = std::min(4.0, bar.rect.width() / 3);
        const double top = layout.yOf(value + error), bottom = layout.yOf(value - error);
        painter.drawLine(QPointF(x, top), QPointF(x, bottom));
        for (const double y : {top, bottom})
            painter.drawLine(QPointF(x - cap, y), QPointF(x + cap, y));
    }
}

} // namespace

QColor barColor(const BarData& data, int series, const ThemeColors& theme) {
    const QColor own = data.series[static_cast<std::size_t>(series)].color;
    if (own.isValid())
        return own;
    return data.series.size() == 1 ? theme.bar : categoryColor(series);
}

int BarLayout::entryAt(const QPointF& place) const {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].contains(place))
            return static_cast<int>(i);
    }
    return -1;
}

double BarLayout::yOf(double value) const {
    return toArea({0, value}, axes.view, area).y();
}

BarLayout layoutBars(const BarFigure& figure, const QRectF& rect) {
    BarLayout layout;
    const BarData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    const std::vector<LegendEntry> entries = entriesOf(figure);
    const double legend = legendColumnWidth(entries, ink, rest.width());
    rest.setRight(rest.right() - legend);
    const Extent extent = extentOf(data);
    PlotAxes& axes = layout.axes;
    axes.view = QRectF(0, extent.low, 1, extent.high - extent.low);
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.yLabel =
        data.errorLabel.isEmpty() ? data.valueLabel : tr("%1 (± %2)").arg(data.valueLabel, data.errorLabel);
    if (extent.any)
        axes.y = niceTicks(extent.low, extent.high, static_cast<int>(rest.height() / (line * 3.5)));
    for (QString& label : axes.y.labels) {
        if (data.percent)
            label = formatPercent(axes.y.at[static_cast<std::size_t>(&label - axes.y.labels.data())]);
    }
    const QMarginsF margins = axesMargins(axes);
    const double slot = (rest.width() - margins.left() - 8) / std::max<qsizetype>(1, data.groups.size());
    layout.names = placeAxisNames(data.groups, slot, rest.height() * 0.36, ink);
    // Room for most of the first slanted name.
    const double before = std::min(layout.names.before, rest.width() * 0.18);
    const double below = layout.names.height + (data.groupLabel.isEmpty() ? 0 : line) + 4;
    layout.area = rest.marginsRemoved(QMarginsF(std::max(margins.left(), before), line / 2, 8, below));
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    placeBars(layout, figure);
    layout.names.slot = layout.slotWidth;
    const QRectF column(rest.right(), layout.area.top(), legend, layout.area.height());
    layout.entries = legendBoxes(entries, column, ink);
    return layout;
}

void drawBars(QPainter& painter, const QRectF& rect, const BarFigure& figure) {
    const BarLayout layout = layoutBars(figure, rect);
    const BarData& data = figure.data;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    drawGrid(painter, layout.area, layout.axes);
    painter.setPen(Qt::NoPen);
    for (const BarLayout::Bar& bar : layout.bars) {
        painter.setBrush(barColor(data, bar.series, figure.theme));
        painter.drawRect(bar.rect);
    }
    drawErrors(painter, layout, figure);
    drawAxes(painter, layout.area, layout.axes);
    if (layout.axes.view.top() < 0) {
        painter.setPen(QPen(figure.theme.control, 1));
        painter.drawLine(QPointF(layout.area.left(), layout.yOf(0)),
                         QPointF(layout.area.right(), layout.yOf(0)));
    }
    const FigureInk ink{figure.theme, figure.font};
    drawAxisNames(painter, data.groups, layout.area.bottomLeft(), layout.names, rect.left(), ink);
    if (!data.groupLabel.isEmpty()) {
        painter.setPen(figure.theme.text);
        painter.drawText(
            QRectF(layout.area.left(), rect.bottom() - ink.line() - 4, layout.area.width(), ink.line()),
            Qt::AlignCenter, data.groupLabel);
    }
    if (layout.bars.empty())
        drawSentence(painter, layout.area,
                     data.series.empty() || data.groups.isEmpty() ? tr("There are no values to draw.")
                                                                  : tr("All values are hidden or missing."),
                     ink);
    drawLegend(painter, entriesOf(figure), layout.entries, ink);
    drawTitle(painter, layout.title, data.title, ink);
    painter.restore();
}

QString barCsv(const BarData& data) {
    QString csv = csvField(data.groupLabel.isEmpty() ? QStringLiteral("group") : data.groupLabel);
    for (const BarSeries& series : data.series) {
        if (!series.visible)
            continue;
        const QString name = series.name.isEmpty() ? data.valueLabel : series.name;
        csv += QLatin1Char(',') + csvField(name.isEmpty() ? QStringLiteral("value") : name);
        if (!series.errors.empty())
            csv += QLatin1Char(',') + csvField(name + QStringLiteral(" error"));
    }
    csv += QLatin1Char('\n');
    for (int group = 0; group < data.groups.size(); ++group) {
        csv += csvField(data.groups[group]);
        for (const BarSeries& series : data.series) {
            if (!series.visible)
                continue;
            csv += QLatin1Char(',') + formatExact(at(series.values, group));
            if (!series.errors.empty())
                csv += QLatin1Char(',') + formatExact(at(series.errors, group));
        }
        csv += QLatin1Char('\n');
    }
    return csv;
}

} // namespace ember
