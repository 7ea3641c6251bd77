#include "widgets/figure_parts.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainter>

#include "widgets/plot_axes.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double gap = 6, edge = 8;

double swatchOf(const FigureInk& ink) {
    return std::max(8.0, ink.line() * 0.64);
}

QString tr(const char* text) {
    return QCoreApplication::translate("ember::FigureParts", text);
}

void drawMark(QPainter& painter, const QRectF& box, const LegendEntry& entry, const FigureInk& ink) {
    const double swatch = swatchOf(ink);
    const QColor color = entry.on ? entry.color : ink.theme.control;
    const QPointF middle(box.left() + swatch / 2, box.center().y());
    painter.setPen(QPen(color, entry.mark == LegendMark::line || entry.mark == LegendMark::dashes ? 2 : 1,
                        entry.mark == LegendMark::dashes ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
    painter.setBrush(entry.on ? QBrush(color) : QBrush(Qt::NoBrush));
    switch (entry.mark) {
    case LegendMark::square:
        painter.drawRect(QRectF(box.left(), middle.y() - swatch / 2, swatch, swatch));
        break;
    case LegendMark::dot:
        painter.drawEllipse(middle, swatch * 0.42, swatch * 0.42);
        break;
    case LegendMark::ring:
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, 1.4));
        painter.drawEllipse(middle, swatch * 0.45, swatch * 0.45);
        break;
    case LegendMark::line:
    case LegendMark::dashes:
        painter.drawLine(middle - QPointF(swatch * 0.7, 0), middle + QPointF(swatch * 0.7, 0));
        break;
    }
}

} // namespace

double FigureInk::line() const {
    return QFontMetricsF(font).height();
}

double FigureInk::width(const QString& text) const {
    return QFontMetricsF(font).horizontalAdvance(text);
}

QRectF takeTitle(QRectF& rest, const QString& title, const FigureInk& ink) {
    if (title.isEmpty())
        return {};
    const QRectF place(rest.left() + edge, rest.top() + 4, rest.width() - 2 * edge, ink.line() * 1.4);
    rest.setTop(place.bottom());
    return place;
}

QRectF takeNote(QRectF& rest, const QString& note, const FigureInk& ink) {
    if (note.isEmpty())
        return {};
    QRectF place(rest.left() + edge, rest.top() + 3, rest.width() - 2 * edge, ink.line() * 3.1);
    const QRectF needed = QFontMetricsF(ink.font).boundingRect(place, Qt::TextWordWrap, note);
    place.setHeight(std::min(place.height(), std::max(ink.line(), needed.height())));
    rest.setTop(place.bottom());
    return place;
}

void drawTitle(QPainter& painter, const QRectF& place, const QString& title, const FigureInk& ink) {
    if (place.isNull())
        return;
    const QFont heading = headingFont(ink.font, 1.15);
    painter.setFont(heading);
    painter.setPen(ink.theme.text);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(heading).elidedText(title, Qt::ElideRight, place.width()));
    painter.setFont(ink.font);
}

void drawNote(QPainter& painter, const QRectF& place, const QString& note, const FigureInk& ink) {
    if (place.isNull())
        return;
    painter.setFont(ink.font);
    painter.setPen(ink.theme.muted);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, note);
}

void drawSentence(QPainter& painter, const QRectF& area, const QString& sentence, const FigureInk& ink) {
    painter.setFont(ink.font);
    painter.setPen(ink.theme.muted);
    painter.drawText(area.adjusted(edge, edge, -edge, -edge), Qt::AlignCenter | Qt::TextWordWrap, sentence);
}

double legendColumnWidth(const std::vector<LegendEntry>& entries, const FigureInk& ink, double available) {
    const double swatch = swatchOf(ink);
    double widest = 0;
    for (const LegendEntry& entry : entries)
        widest = std::max(widest, ink.width(entry.text));
    return entries.empty() ? 0 : std::min(widest + swatch + gap + 22, available * 0.38);
}

std::vector<QRectF> legendBoxes(const std::vector<LegendEntry>& entries, const QRectF& column,
                                const FigureInk& ink) {
    std::vector<QRectF> boxes;
    const double height = ink.line() * 1.25;
    const int room = std::max(1, static_cast<int>(column.height() / height));
    const int count = static_cast<int>(entries.size());
    for (int i = 0; i < (count <= room ? count : std::max(1, room - 1)); ++i)
        boxes.emplace_back(column.left() + 14, column.top() + i * height, column.width() - 20, height);
    return boxes;
}

std::vector<QRectF> takeLegend(QRectF& rest, const std::vector<LegendEntry>& entries, const FigureInk& ink) {
    const double line = ink.line(), mark = swatchOf(ink) + gap;
    double total = 0;
    for (const LegendEntry& entry : entries)
        total += mark + ink.width(entry.text) + line;
    if (!entries.empty() && rest.width() < 2 * rest.height() && total <= rest.width() - 2 * edge) {
        std::vector<QRectF> boxes;
        double x = rest.left() + edge;
        for (const LegendEntry& entry : entries) {
            const double width = mark + ink.width(entry.text) + 2;
            boxes.emplace_back(x, rest.top() + 2, width, line * 1.25);
            x += width + line - 2;
        }
        rest.setTop(rest.top() + line * 1.25 + 4);
        return boxes;
    }
    const double width = legendColumnWidth(entries, ink, rest.width());
    const QRectF column(rest.right() - width, rest.top() + line / 2, width, rest.height() - line);
    rest.setRight(column.left());
    return legendBoxes(entries, column, ink);
}

void drawLegend(QPainter& painter, const std::vector<LegendEntry>& entries, const std::vector<QRectF>& boxes,
                const FigureInk& ink) {
    const double swatch = swatchOf(ink);
    const QFontMetricsF metrics(ink.font);
    painter.setFont(ink.font);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        drawMark(painter, boxes[i], entries[i], ink);
        painter.setPen(entries[i].on ? ink.theme.text : ink.theme.disabled);
        const QRectF text = boxes[i].adjusted(swatch + gap, 0, 0, 0);
        painter.drawText(text, Qt::AlignVCenter,
                         metrics.elidedText(entries[i].text, Qt::ElideMiddle, text.width()));
        if (i + 1 == boxes.size() && boxes.size() < entries.size()) {
            painter.setPen(ink.theme.muted);
            painter.drawText(text.translated(0, boxes[i].height()), Qt::AlignVCenter,
                             tr("%1 more").arg(entries.size() - boxes.size()));
        }
    }
}

double colorScaleWidth(const ColorScale& scale, const FigureInk& ink) {
    const double swatch = swatchOf(ink);
    double widest = 0;
    for (const QString& label : niceTicks(scale.low, scale.high, 5).labels)
        widest = std::max(widest, ink.width(label));
    if (scale.missing)
        widest = std::max(widest, ink.width(tr("no value")));
    // The label breaks into lines of about this length.
    return std::max(widest + swatch + 30, std::min(ink.width(scale.label) + 22, ink.line() * 7.5));
}

double drawColorScale(QPainter& painter, const QRectF& column, const ColorScale& scale,
                      const FigureInk& ink) {
    const double swatch = swatchOf(ink);
    const double left = column.left() + 14, line = ink.line();
    painter.setFont(ink.font);
    QRectF label(left, column.top(), column.width() - 18, line * 3.1);
    const QRectF needed = QFontMetricsF(ink.font).boundingRect(label, Qt::TextWordWrap, scale.label);
    label.setHeight(scale.label.isEmpty() ? 0 : std::min(label.height(), needed.height()));
    painter.setPen(ink.theme.text);
    painter.drawText(label, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, scale.label);
    const double after = scale.missing ? line * 1.8 : line * 0.6;
    const double room = column.bottom() - label.bottom() - line * 0.6 - after;
    const QRectF bar(left, label.bottom() + line * 0.6, swatch + 2, std::clamp(room, 1.0, line * 9));
    // Strips rather than a gradient: the same colours in every format.
    const double strip = bar.height() / colorMapSteps;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < colorMapSteps; ++i)
        painter.fillRect(QRectF(bar.left(), bar.bottom() - (i + 1) * strip, bar.width(),
                                strip + (i > 0 ? std::min(1.0, strip) : 0)),
                         QColor(colorMapAt(scale.map, (i + 0.5) / colorMapSteps)));
    painter.setRenderHint(QPainter::Antialiasing);
    const AxisTicks ticks =
        niceTicks(scale.low, scale.high, std::max(2, static_cast<int>(bar.height() / (line * 2))));
    for (std::size_t i = 0; i < ticks.at.size(); ++i) {
        const double y = bar.bottom() - (ticks.at[i] - scale.low) / (scale.high - scale.low) * bar.height();
        painter.setPen(QPen(ink.theme.control, 1));
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 4, y));
        painter.setPen(ink.theme.muted);
        painter.drawText(QRectF(bar.right() + 7, y - line / 2, column.width(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, ticks.labels[static_cast<int>(i)]);
    }
    double used = bar.bottom() + line * 0.6 - column.top();
    if (scale.missing) {
        const QRectF box(left, bar.bottom() + line * 0.6, swatch + 2, swatch);
        painter.fillRect(box, missingColor(ink.theme));
        painter.setPen(ink.theme.muted);
        painter.drawText(QRectF(box.right() + 7, box.center().y() - line / 2, column.width(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, tr("no value"));
        used += line * 1.2;
    }
    return used;
}

QColor missingColor(const ThemeColors& theme) {
    return theme.dark ? QColor("#57524d") : QColor("#8f8a84");
}

QColor inkOn(const QColor& ground) {
    const QColor dark("#1a1918"), light("#ffffff");
    return contrastRatio(dark, ground) >= contrastRatio(light, ground) ? dark : light;
}

ColorSpan colorSpan(const std::vector<double>& values, double low, double high, bool diverging) {
    if (!(low < high)) {
        low = INFINITY;
        high = -INFINITY;
        for (const double value : values) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (!(low <= high))
        return {diverging ? -1.0 : 0.0, 1};
    if (diverging) {
        const double far = std::max(std::fabs(low), std::fabs(high));
        return far > 0 ? ColorSpan{-far, far} : ColorSpan{-1, 1};
    }
    return low < high ? ColorSpan{low, high} : ColorSpan{low - 0.5, low + 0.5};
}

} // namespace ember
