#include "widgets/axis_names.hpp"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

namespace ember {

namespace {

constexpr double slanted = 40, degree = 3.14159265358979 / 180;

} // namespace

double widestName(const QStringList& names, double most, const FigureInk& ink) {
    const QFontMetricsF metrics(ink.font);
    double widest = 0;
    for (const QString& name : names) {
        // Measuring thousands of names takes long: hardly a letter is wider than a line is high.
        if (static_cast<double>(name.size()) * metrics.height() < widest)
            continue;
        widest = std::max(widest, metrics.horizontalAdvance(name));
        if (widest >= most)
            return most;
    }
    return widest;
}

AxisNames placeAxisNames(const QStringList& names, double slot, double mostHeight, const FigureInk& ink) {
    AxisNames placed;
    placed.slot = std::max(0.01, slot);
    const double line = ink.line(), widest = widestName(names, 4000, ink);
    if (widest <= slot - 6) {
        placed.room = slot;
        placed.height = line + 4;
        return placed;
    }
    placed.angle = slot >= line * 1.3 ? slanted : 90;
    placed.every = std::max(1, static_cast<int>(std::ceil(line * 1.02 / placed.slot)));
    const double sine = std::sin(placed.angle * degree), cosine = std::cos(placed.angle * degree);
    placed.room = std::min(widest, std::max(line, mostHeight - line * cosine) / sine);
    placed.height = placed.room * sine + line * cosine + 6;
    placed.before = std::max(0.0, placed.room * cosine - slot / 2);
    return placed;
}

void drawAxisNames(QPainter& painter, const QStringList& names, const QPointF& start, const AxisNames& placed,
                   double leftEdge, const FigureInk& ink) {
    const QFontMetricsF metrics(ink.font);
    const double cosine = std::cos(placed.angle * degree);
    painter.setFont(ink.font);
    painter.setPen(ink.theme.muted);
    for (int i = 0; i < names.size(); i += placed.every) {
        const double x = start.x() + placed.slot * (i + 0.5), y = start.y() + 4;
        const double room =
            placed.angle == slanted ? std::min(placed.room, (x - leftEdge - 4) / cosine) : placed.room;
        const QString name = metrics.elidedText(names[i], Qt::ElideMiddle, room + 0.5);
        if (placed.angle == 0) {
            painter.drawText(QRectF(x - placed.slot / 2, y, placed.slot, metrics.height()), Qt::AlignCenter,
                             name);
            continue;
        }
        painter.save();
        if (placed.angle == slanted)
            painter.translate(x + metrics.height() * 0.3, y + metrics.height() * 0.2);
        else
            painter.translate(x - metrics.height() / 2, y);
        painter.rotate(-placed.angle);
        painter.drawText(QRectF(-placed.room - 20, 0, placed.room + 20, metrics.height()),
                         Qt::AlignRight | Qt::AlignTop, name);
        painter.restore();
    }
}

void drawRowNames(QPainter& painter, const QStringList& names, const QRectF& column, double firstTop,
                  double slot, Qt::Alignment side, const FigureInk& ink) {
    const QFontMetricsF metrics(ink.font);
    const double line = metrics.height();
    const int every = std::max(1, static_cast<int>(std::ceil(line * 0.92 / std::max(0.001, slot))));
    const int first = std::max(0, static_cast<int>((column.top() - firstTop) / slot));
    painter.setFont(ink.font);
    painter.setPen(ink.theme.muted);
    for (int i = first + (every - first % every) % every; i < names.size(); i += every) {
        const double center = firstTop + (i + 0.5) * slot;
        if (center > column.bottom() + 0.5)
            break;
        if (center < column.top() - 0.5)
            continue;
        painter.drawText(QRectF(column.left(), center - line / 2, column.width(), line),
                         side | Qt::AlignVCenter,
                         metrics.elidedText(names[i], Qt::ElideMiddle, column.width() + 0.5));
    }
}

} // namespace ember
