#include "widgets/violin_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ViolinPlot", text);
}

int sidesOf(const ViolinData& data) {
    int sides = static_cast<int>(data.sides.size());
    for (const ViolinGroup& group : data.groups)
        sides = std::max(sides, static_cast<int>(group.sides.size()));
    return std::clamp(sides, 1, 2);
}

bool isShown(const ViolinSide& side) {
    return side.n > 0 && std::isfinite(side.minimum) && std::isfinite(side.maximum);
}

struct Extent {
    double low = INFINITY, high = -INFINITY;
    int shown = 0;
};

Extent extentOf(const ViolinData& data) {
    Extent extent;
    for (const ViolinGroup& group : data.groups) {
        for (const ViolinSide& side : group.sides) {
            if (!isShown(side))
                continue;
            extent.low = std::min(extent.low, side.minimum);
            extent.high = std::max(extent.high, side.maximum);
            ++extent.shown;
        }
    }
    if (extent.shown == 0)
        return {0, 1, 0};
    const double range = extent.high - extent.low;
    const double margin = range > 0 ? range * 0.05 : std::max(0.5, std::fabs(extent.low) * 0.01);
    return {extent.low - margin, extent.high + margin, extent.shown};
}

/// "1,234" of each group, for one side.
QStringList countTexts(const ViolinData& data, int side) {
    QStringList texts;
    for (const ViolinGroup& group : data.groups)
        texts << formatCount(side < static_cast<int>(group.sides.size())
                                 ? static_cast<qint64>(group.sides[static_cast<std::size_t>(side)].n)
                                 : 0);
    return texts;
}

QString countLabel(const ViolinData& data, int side) {
    if (side >= 0 && side < data.sides.size() && data.sides.size() > 1)
        return tr("n %1").arg(data.sides[side]);
    return data.unit.isEmpty() ? tr("n") : tr("n (%1)").arg(data.unit);
}

/// `way`: -1 the left half, 1 the right one, 0 both.
void drawShape(QPainter& painter, const ViolinLayout& layout, const ViolinSide& side, double center, int way,
               const QColor& color) {
    QColor fill = color;
    fill.setAlphaF(0.45F);
    const double half = layout.halfWidth();
    double highest = 0;
    for (const double density : side.density)
        highest = std::max(highest, density);
    if (side.at.size() < 2 || side.density.size() != side.at.size() || !(highest > 0)) {
        painter.setPen(QPen(color, 2));
        const double y = layout.yOf(side.median);
        painter.drawLine(QPointF(center - (way <= 0 ? half : 0), y),
                         QPointF(center + (way >= 0 ? half : 0), y));
        return;
    }
    QPainterPath path;
    const auto width = [&](std::size_t i) { return side.density[i] / highest * half; };
    for (std::size_t i = 0; i < side.at.size(); ++i) {
        const QPointF place(center + (way >= 0 ? width(i) : 0), layout.yOf(side.at[i]));
        i == 0 ? path.moveTo(place) : path.lineTo(place);
    }
    for (std::size_t i = side.at.size(); i-- > 0;)
        path.lineTo(center - (way <= 0 ? width(i) : 0), layout.yOf(side.at[i]));
    path.closeSubpath();
    painter.setPen(QPen(color, 1));
    painter.setBrush(fill);
    painter.drawPath(path);
}

void drawQuartiles(QPainter& painter, const ViolinLayout& layout, const ViolinSide& side, double center,
                   int way, const ThemeColors& theme) {
    const double thick = std::clamp(layout.slotWidth * 0.07, 2.0, 7.0);
    const double x = center + way * (thick / 2 + 1.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.text);
    painter.drawRect(
        QRectF(QPointF(x - thick / 2, layout.yOf(side.q3)), QPointF(x + thick / 2, layout.yOf(side.q1))));
    painter.setBrush(theme.surface);
    painter.setPen(QPen(theme.text, 1.2));
    painter.drawEllipse(QPointF(x, layout.yOf(side.median)), thick * 0.55, thick * 0.55);
}

void drawGroups(QPainter& painter, const ViolinFigure& figure, const ViolinLayout& layout) {
    for (int g = 0; g < static_cast<int>(figure.data.groups.size()); ++g) {
        const ViolinGroup& group = figure.data.groups[static_cast<std::size_t>(g)];
        for (int s = 0; s < std::min(2, static_cast<int>(group.sides.size())); ++s) {
            const ViolinSide& side = group.sides[static_cast<std::size_t>(s)];
            if (!isShown(side))
                continue;
            const int way = layout.split ? (s == 0 ? -1 : 1) : 0;
            drawShape(painter, layout, side, layout.centerOf(g) + way * 1.0, way,
                      violinColor(figure.data, s));
            drawQuartiles(painter, layout, side, layout.centerOf(g), way, figure.theme);
        }
    }
}

/// Below the axis, a line per side in its colour's order; where they would touch every n-th.
void drawCounts(QPainter& painter, const ViolinFigure& figure, const ViolinLayout& layout, const QRectF& rect,
                const FigureInk& ink) {
    for (int side = 0; side < (layout.split ? 2 : 1); ++side) {
        const QStringList texts = countTexts(figure.data, side);
        const double y = layout.area.bottom() + 3 + side * ink.line();
        const double widest = widestName(texts, 1000, ink);
        const int every = std::max(1, static_cast<int>(std::ceil((widest + 6) / layout.slotWidth)));
        painter.setPen(ink.theme.muted);
        for (int g = 0; g < texts.size(); g += every)
            painter.drawText(QRectF(layout.centerOf(g) - widest, y, 2 * widest, ink.line()), Qt::AlignCenter,
                             texts[g]);
        const double room = layout.centerOf(0) - widest / 2 - rect.left() - 8;
        const QString label = countLabel(figure.data, layout.split ? side : -1);
        painter.drawText(QRectF(rect.left() + 4, y, room, ink.line()), Qt::AlignRight | Qt::AlignVCenter,
                         QFontMetricsF(ink.font).elidedText(label, Qt::ElideRight, room));
    }
}

} // namespace

QColor violinColor(const ViolinData& data, int side) {
    const auto at = static_cast<std::size_t>(side);
    return at < data.colors.size() && data.colors[at].isValid() ? data.colors[at] : categoryColor(side);
}

double ViolinLayout::yOf(double value) const {
    return toArea({0, value}, axes.view, area).y();
}

double ViolinLayout::centerOf(int group) const {
    return area.left() + (group + 0.5) * slotWidth;
}

int ViolinLayout::groupAt(double x) const {
    return static_cast<int>(std::floor((x - area.left()) / slotWidth));
}

ViolinLayout layoutViolins(const ViolinFigure& figure, const QRectF& rect) {
    ViolinLayout layout;
    const ViolinData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    layout.split = sidesOf(data) == 2;
    if (figure.legend && data.sides.size() > 1) {
        for (int i = 0; i < std::min<qsizetype>(2, data.sides.size()); ++i)
            layout.entries.push_back({data.sides[i], violinColor(data, i), LegendMark::square, true});
    }
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    layout.note = takeNote(rest, data.note.value_or(QString()), ink);
    layout.boxes = takeLegend(rest, layout.entries, ink);
    rest.setRight(rest.right() - 6);
    const Extent extent = extentOf(data);
    layout.drawn = extent.shown;
    PlotAxes& axes = layout.axes;
    axes.view = QRectF(0, extent.low, 1, extent.high - extent.low);
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.yLabel = data.valueLabel;
    if (extent.shown > 0)
        axes.y = niceTicks(extent.low, extent.high, static_cast<int>(rest.height() / (line * 3.5)));
    const QMarginsF margins = axesMargins(axes);
    QStringList names;
    for (const ViolinGroup& group : data.groups)
        names << group.name;
    const double groups = static_cast<double>(std::max<std::size_t>(1, data.groups.size()));
    const double slot = (rest.width() - margins.left() - 4) / groups;
    layout.groupNames = placeAxisNames(names, slot, rest.height() * 0.3, ink);
    const double before =
        layout.groupNames.angle == 40 ? std::min(layout.groupNames.before, rest.width() * 0.18) : 0;
    double counts = 0; // room for "n predicted" left of the first group
    for (int side = 0; side < (layout.split ? 2 : 1); ++side)
        counts = std::max(counts, ink.width(countLabel(data, layout.split ? side : -1)) +
                                      (widestName(countTexts(data, side), 1000, ink) - slot) / 2 + 14);
    const double below = layout.groupNames.height + line * (layout.split ? 2 : 1) + 3 +
                         (data.groupLabel.isEmpty() ? 0 : line) + 4;
    layout.area = rest.marginsRemoved(QMarginsF(
        std::max({margins.left(), before, std::min(counts, rest.width() * 0.25)}), line / 2, 4, below));
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    layout.slotWidth = layout.area.width() / groups;
    layout.groupNames.slot = layout.slotWidth;
    return layout;
}

void drawViolins(QPainter& painter, const QRectF& rect, const ViolinFigure& figure) {
    const ViolinLayout layout = layoutViolins(figure, rect);
    const ViolinData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    drawGrid(painter, layout.area, layout.axes);
    drawGroups(painter, figure, layout);
    drawAxes(painter, layout.area, layout.axes);
    QStringList names;
    for (const ViolinGroup& group : data.groups)
        names << group.name;
    drawAxisNames(painter, names,
                  layout.area.bottomLeft() + QPointF(0, 3 + ink.line() * (layout.split ? 2 : 1)),
                  layout.groupNames, rect.left(), ink);
    if (!data.groups.empty())
        drawCounts(painter, figure, layout, rect, ink);
    if (!data.groupLabel.isEmpty()) {
        painter.setPen(figure.theme.text);
        painter.drawText(
            QRectF(layout.area.left(), rect.bottom() - ink.line() - 3, layout.area.width(), ink.line()),
            Qt::AlignCenter, data.groupLabel);
    }
    if (layout.drawn == 0)
        drawSentence(painter, layout.area, tr("There are no values to draw."), ink);
    drawLegend(painter, layout.entries, layout.boxes, ink);
    drawNote(painter, layout.note, data.note.value_or(QString()), ink);
    drawTitle(painter, layout.title, data.title, ink);
    painter.restore();
}

QString violinCsv(const ViolinData& data) {
    QString csv = csvField(data.groupLabel.isEmpty() ? QStringLiteral("group") : data.groupLabel) +
                  QStringLiteral(",side,n,min,q1,median,q3,max\n");
    for (const ViolinGroup& group : data.groups) {
        for (std::size_t s = 0; s < group.sides.size(); ++s) {
            const ViolinSide& side = group.sides[s];
            csv += csvField(group.name) + QLatin1Char(',') +
                   csvField(data.sides.value(static_cast<qsizetype>(s))) + QLatin1Char(',') +
                   QString::number(side.n);
            for (const double value : {side.minimum, side.q1, side.median, side.q3, side.maximum})
                csv += QLatin1Char(',') + formatExact(side.n > 0 ? value : std::nan(""));
            csv += QLatin1Char('\n');
        }
    }
    return csv;
}

} // namespace ember
