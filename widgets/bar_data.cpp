#include "widgets/bar_data.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include "widgets/bar_drawing.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double swatch = 10, gap = 6;
constexpr double slant = 40, degree = 3.14159265358979 / 180;

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

double legendWidthOf(const BarFigure& figure, double available) {
    if (!figure.legend || figure.data.series.size() < 2)
        return 0;
    const QFontMetricsF metrics(figure.font);
    double widest = 0;
    for (const BarSeries& series : figure.data.series)
        widest = std::max(widest, metrics.horizontalAdvance(series.name));
    return std::min(widest + swatch + gap + 20, available * 0.35);
}

void placeNames(BarLayout& layout, const BarFigure& figure, double available, double height) {
    const QFontMetricsF metrics(figure.font);
    double widest = 0;
    for (const QString& group : figure.data.groups)
        widest = std::max(widest, metrics.horizontalAdvance(group));
    layout.slanted = widest > available - 6;
    const double sine = std::sin(slant * degree);
    layout.nameRoom = layout.slanted ? std::min(widest, height * 0.3 / sine) : available;
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

void drawNames(QPainter& painter, const BarLayout& layout, const BarFigure& figure, double left) {
    const double cosine = std::cos(slant * degree);
    const QFontMetricsF metrics(figure.font);
    painter.setPen(figure.theme.muted);
    // Where even slanted names would touch, every n-th is written.
    const double least = layout.slanted ? metrics.height() * 1.2 : 0;
    const int every = std::max(1, static_cast<int>(std::ceil(least / std::max(0.1, layout.slotWidth))));
    for (int group = 0; group < figure.data.groups.size(); group += every) {
        const double x = layout.area.left() + layout.slotWidth * (group + 0.5), y = layout.area.bottom() + 4;
        // The first slanted names must not run over the left edge.
        const double room =
            layout.slanted ? std::min(layout.nameRoom, (x - left - 4) / cosine) : layout.nameRoom;
        const QString name = metrics.elidedText(figure.data.groups[group], Qt::ElideMiddle, room);
        if (!layout.slanted) {
            painter.drawText(QRectF(x - layout.slotWidth / 2, y, layout.slotWidth, metrics.height()),
                             Qt::AlignCenter, name);
            continue;
        }
        painter.save();
        painter.translate(x + metrics.height() * 0.3, y + metrics.height() * 0.2);
        painter.rotate(-slant);
        painter.drawText(QRectF(-layout.nameRoom - 20, 0, layout.nameRoom + 20, metrics.height()),
                         Qt::AlignRight | Qt::AlignTop, name);
        painter.restore();
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

void drawEntries(QPainter& painter, const BarLayout& layout, const BarFigure& figure) {
    const QFontMetricsF metrics(figure.font);
    for (std::size_t i = 0; i < layout.entries.size(); ++i) {
        const QRectF& box = layout.entries[i];
        const BarSeries& series = figure.data.series[i];
        const QColor color = barColor(figure.data, static_cast<int>(i), figure.theme);
        painter.setPen(QPen(series.visible ? color : figure.theme.control, 1));
        painter.setBrush(series.visible ? QBrush(color) : QBrush(Qt::NoBrush));
        painter.drawRect(QRectF(box.left(), box.center().y() - swatch / 2, swatch, swatch));
        painter.setPen(series.visible ? figure.theme.text : figure.theme.disabled);
        const QRectF text = box.adjusted(swatch + gap, 0, 0, 0);
        const bool last = i + 1 == layout.entries.size() && layout.entries.size() < figure.data.series.size();
        painter.drawText(text, Qt::AlignVCenter,
                         metrics.elidedText(series.name, Qt::ElideMiddle, text.width()));
        if (last) {
            painter.setPen(figure.theme.muted);
            painter.drawText(text.translated(0, box.height()), Qt::AlignVCenter,
                             tr("%1 more").arg(figure.data.series.size() - layout.entries.size()));
        }
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
    const QFontMetricsF metrics(figure.font);
    const double line = metrics.height();
    QRectF rest = rect;
    if (figure.title && !data.title.isEmpty()) {
        layout.title = QRectF(rest.left() + 8, rest.top() + 4, rest.width() - 16, line * 1.4);
        rest.setTop(layout.title.bottom());
    }
    const double legend = legendWidthOf(figure, rest.width());
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
    placeNames(layout, figure, slot, rest.height());
    const double names = layout.slanted ? layout.nameRoom * std::sin(slant * degree) + line : line;
    const double label = data.groupLabel.isEmpty() ? 0 : line;
    // Room for most of the first slanted name.
    const double before =
        layout.slanted ? std::min(layout.nameRoom * std::cos(slant * degree) - slot / 2, rest.width() * 0.18)
                       : 0;
    layout.area =
        rest.marginsRemoved(QMarginsF(std::max(margins.left(), before), line / 2, 8, 8 + names + label));
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    placeBars(layout, figure);
    if (legend > 0) {
        const double height = line * 1.25;
        const int room = std::max(1, static_cast<int>(layout.area.height() / height));
        const int count = static_cast<int>(data.series.size());
        for (int i = 0; i < (count <= room ? count : std::max(1, room - 1)); ++i)
            layout.entries.emplace_back(rest.right() + 12, layout.area.top() + i * height, legend - 18,
                                        height);
    }
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
    drawNames(painter, layout, figure, rect.left());
    if (!data.groupLabel.isEmpty()) {
        const double line = QFontMetricsF(figure.font).height();
        painter.setPen(figure.theme.text);
        painter.drawText(QRectF(layout.area.left(), rect.bottom() - line - 4, layout.area.width(), line),
                         Qt::AlignCenter, data.groupLabel);
    }
    if (layout.bars.empty()) {
        painter.setPen(figure.theme.muted);
        painter.drawText(layout.area.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         data.series.empty() || data.groups.isEmpty()
                             ? tr("There are no values to draw.")
                             : tr("All values are hidden or missing."));
    }
    drawEntries(painter, layout, figure);
    if (!layout.title.isNull()) {
        const QFont heading = headingFont(figure.font, 1.15);
        painter.setFont(heading);
        painter.setPen(figure.theme.text);
        painter.drawText(layout.title, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(heading).elidedText(data.title, Qt::ElideRight, layout.title.width()));
    }
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
