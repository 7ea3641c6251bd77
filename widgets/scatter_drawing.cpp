#include "widgets/scatter_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include "widgets/category_palette.hpp"
#include "widgets/dot_stamps.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/label_placement.hpp"
#include "widgets/point_cloud_figure.hpp"

namespace ember {

namespace {

constexpr int mostVectorPoints = 5000;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ScatterPlot", text);
}

int categoryOf(const ScatterData& data, int point) {
    const auto at = static_cast<std::size_t>(point);
    const int category = at < data.category.size() ? data.category[at] : -1;
    return category < data.categoryNames.size() ? category : -1;
}

QColor colorOf(const ScatterData& data, int category) {
    const auto at = static_cast<std::size_t>(category);
    return at < data.categoryColors.size() && data.categoryColors[at].isValid() ? data.categoryColors[at]
                                                                                : categoryColor(category);
}

QRectF boundsOf(const ScatterData& data, int& finite) {
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    finite = 0;
    for (int i = 0; i < static_cast<int>(data.x.size()); ++i) {
        if (!isDrawn(data, i))
            continue;
        const auto at = static_cast<std::size_t>(i);
        left = std::min(left, data.x[at]);
        right = std::max(right, data.x[at]);
        low = std::min(low, data.y[at]);
        high = std::max(high, data.y[at]);
        ++finite;
    }
    if (finite == 0)
        return {};
    if (data.diagonal) {
        left = low = std::min(left, low);
        right = high = std::max(right, high);
    }
    return {left, low, right - left, high - low};
}

/// Each axis has its own unit: one value alone gets a sensible range.
QRectF roomAround(const QRectF& bounds, int finite) {
    if (finite == 0)
        return {0, 0, 1, 1};
    const auto margin = [](double size, double center) {
        return size > 0 ? size * 0.04 : std::max(0.5, std::fabs(center) * 0.01);
    };
    const double x = margin(bounds.width(), bounds.center().x());
    const double y = margin(bounds.height(), bounds.center().y());
    return bounds.adjusted(-x, -y, x, y);
}

double pointSizeFor(int points) {
    return points <= 500 ? 6 : points <= 3000 ? 4.5 : points <= 12000 ? 3.6 : points <= 40000 ? 2.8 : 2;
}

/// A name that says its count already keeps it.
QString counted(const QString& name, std::int64_t count) {
    const QString text = QStringLiteral("(%1)").arg(formatCount(count));
    return name.endsWith(text) ? name : tr("%1 %2").arg(name, text);
}

std::vector<LegendEntry> entriesOf(const ScatterFigure& figure) {
    std::vector<LegendEntry> entries;
    if (!figure.legend)
        return entries;
    std::vector<std::int64_t> counts(static_cast<std::size_t>(figure.data.categoryNames.size()));
    for (int i = 0; i < static_cast<int>(figure.data.x.size()); ++i) {
        const int category = categoryOf(figure.data, i);
        if (category >= 0 && isDrawn(figure.data, i))
            ++counts[static_cast<std::size_t>(category)];
    }
    for (int i = 0; i < figure.data.categoryNames.size(); ++i)
        entries.push_back({counted(figure.data.categoryNames[i], counts[static_cast<std::size_t>(i)]),
                           colorOf(figure.data, i), LegendMark::dot, true});
    return entries;
}

QString noteOf(const ScatterData& data, int finite) {
    QStringList notes;
    if (data.note && !data.note->isEmpty())
        notes << *data.note;
    const int all = static_cast<int>(std::min(data.x.size(), data.y.size()));
    if (finite > 0 && finite < all)
        notes << tr("%1 of %2 points have no finite coordinates and are not drawn")
                     .arg(formatCount(all - finite), formatCount(all));
    return notes.join(QStringLiteral("; "));
}

/// Neutral points first, then by category, so that what matters lies above.
std::vector<int> pointsInOrder(const ScatterData& data) {
    std::vector<int> order;
    order.reserve(data.x.size());
    for (const bool neutral : {true, false}) {
        for (int i = 0; i < static_cast<int>(data.x.size()); ++i) {
            if ((categoryOf(data, i) < 0) == neutral && isDrawn(data, i))
                order.push_back(i);
        }
    }
    return order;
}

QColor withAlpha(QColor color, int points) {
    color.setAlphaF(points <= 500 ? 0.9F : points <= 5000 ? 0.75F : 0.6F);
    return color;
}

void drawDots(QPainter& painter, const ScatterFigure& figure, const ScatterLayout& layout, double raster) {
    const QRectF seen =
        layout.area.adjusted(-layout.pointSize, -layout.pointSize, layout.pointSize, layout.pointSize);
    std::vector<int> order = pointsInOrder(figure.data);
    std::erase_if(order, [&](int i) { return !seen.contains(layout.placeOf(figure.data, i)); });
    const auto colorAt = [&](int i) {
        return withAlpha(scatterColor(figure.data, i, figure.theme), layout.drawn);
    };
    painter.save();
    painter.setClipRect(layout.area.adjusted(-1, -1, 1, 1));
    if (static_cast<int>(order.size()) <= mostVectorPoints) {
        painter.setPen(Qt::NoPen);
        for (const int i : order) {
            painter.setBrush(colorAt(i));
            painter.drawEllipse(layout.placeOf(figure.data, i), layout.pointSize / 2, layout.pointSize / 2);
        }
    } else {
        QImage image((layout.area.size() * raster).toSize().expandedTo({1, 1}),
                     QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        DotStamps stamps(image, layout.pointSize * raster);
        for (const int i : order)
            stamps.stamp((layout.placeOf(figure.data, i) - layout.area.topLeft()) * raster, colorAt(i));
        painter.setRenderHint(QPainter::LosslessImageRendering);
        painter.drawImage(layout.area, image);
    }
    painter.restore();
}

void drawLines(QPainter& painter, const ScatterFigure& figure, const ScatterLayout& layout) {
    const QRectF& view = layout.axes.view;
    painter.save();
    painter.setClipRect(layout.area);
    painter.setPen(QPen(figure.theme.muted, 1, Qt::DashLine));
    for (const double x : figure.data.vLines) {
        const double place = toArea({x, 0}, view, layout.area).x();
        painter.drawLine(QPointF(place, layout.area.top()), QPointF(place, layout.area.bottom()));
    }
    for (const double y : figure.data.hLines) {
        const double place = toArea({0, y}, view, layout.area).y();
        painter.drawLine(QPointF(layout.area.left(), place), QPointF(layout.area.right(), place));
    }
    if (figure.data.diagonal) {
        const double low = std::min(view.left(), view.top()), high = std::max(view.right(), view.bottom());
        painter.drawLine(toArea({low, low}, view, layout.area), toArea({high, high}, view, layout.area));
    }
    painter.restore();
}

void drawName(QPainter& painter, const QRectF& box, const QString& name, const ThemeColors& theme) {
    // A veil instead of a halo: exact in every format.
    QColor veil = theme.surface;
    veil.setAlphaF(0.72F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(veil);
    painter.drawRoundedRect(box, 2, 2);
    painter.setPen(theme.text);
    painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, name);
}

QFont nameFont(const ScatterFigure& figure) {
    QFont font = figure.font;
    font.setPixelSize(std::max(8, static_cast<int>(std::lround(font.pixelSize() * 0.92))));
    return font;
}

QFont strongNameFont(const ScatterFigure& figure) {
    QFont font = nameFont(figure);
    font.setWeight(QFont::DemiBold);
    return font;
}

double ringRadius(const ScatterLayout& layout) {
    return std::max(4.5, layout.pointSize * 0.8 + 2);
}

/// The name of a point that stands out, beside its ring; null when there is none.
QRectF ringNameBox(const ScatterFigure& figure, const ScatterLayout& layout, int point) {
    const QString name = point < 0 ? QString() : figure.data.names.value(point);
    if (name.isEmpty() || !isDrawn(figure.data, point))
        return {};
    const QPointF place = layout.placeOf(figure.data, point);
    const QFontMetricsF metrics(strongNameFont(figure));
    const QSizeF size(metrics.horizontalAdvance(name) + 6, metrics.height());
    QRectF box(place + QPointF(ringRadius(layout) + 3, -size.height() / 2), size);
    if (box.right() > layout.area.right())
        box.moveRight(place.x() - ringRadius(layout) - 3);
    return box;
}

void drawNames(QPainter& painter, const ScatterFigure& figure, const ScatterLayout& layout) {
    const QFont font = nameFont(figure);
    const QFontMetricsF metrics(font);
    std::vector<QPointF> anchors, others;
    std::vector<QSizeF> sizes;
    QStringList names;
    for (const int i : figure.data.labelled) {
        const QPointF place = i >= 0 && isDrawn(figure.data, i) ? layout.placeOf(figure.data, i) : QPointF();
        if (i < 0 || i >= figure.data.names.size() || !isDrawn(figure.data, i) || i == figure.highlighted ||
            !layout.area.contains(place))
            continue;
        names << metrics.elidedText(figure.data.names[i], Qt::ElideRight, layout.area.width() * 0.4);
        anchors.push_back(place);
        sizes.emplace_back(metrics.horizontalAdvance(names.last()) + 4, metrics.height() * 0.95);
    }
    if (anchors.empty())
        return;
    for (int i = 0; i < static_cast<int>(figure.data.x.size()); ++i) {
        if (isDrawn(figure.data, i))
            others.push_back(layout.placeOf(figure.data, i));
    }
    const auto placed = placeLabels(anchors, sizes, others, layout.area, layout.pointSize / 2,
                                    {ringNameBox(figure, layout, figure.highlighted)});
    painter.setFont(font);
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (placed[i] && placed[i]->leader) {
            painter.setPen(QPen(figure.theme.muted, 0.8));
            painter.drawLine(anchors[i], leaderEnd(placed[i]->box, anchors[i]));
        }
    }
    for (std::size_t i = 0; i < placed.size(); ++i) {
        if (placed[i])
            drawName(painter, placed[i]->box, names[static_cast<int>(i)], figure.theme);
    }
    painter.setFont(figure.font);
}

} // namespace

bool isDrawn(const ScatterData& data, int point) {
    const auto at = static_cast<std::size_t>(point);
    return at < data.x.size() && at < data.y.size() && std::isfinite(data.x[at]) && std::isfinite(data.y[at]);
}

QColor scatterColor(const ScatterData& data, int point, const ThemeColors& theme) {
    const int category = categoryOf(data, point);
    return category < 0 ? theme.bar : colorOf(data, category);
}

QPointF ScatterLayout::placeOf(const ScatterData& data, int point) const {
    const auto at = static_cast<std::size_t>(point);
    return toArea({data.x[at], data.y[at]}, axes.view, area);
}

ScatterLayout layoutScatter(const ScatterFigure& figure, const QRectF& rect) {
    ScatterLayout layout;
    const ScatterData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    const QRectF bounds = boundsOf(data, layout.drawn);
    layout.noteText = noteOf(data, layout.drawn);
    layout.entries = entriesOf(figure);
    layout.pointSize = figure.pointSize > 0 ? figure.pointSize : pointSizeFor(layout.drawn);
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    layout.note = takeNote(rest, layout.noteText, ink);
    layout.boxes = takeLegend(rest, layout.entries, ink);
    PlotAxes& axes = layout.axes;
    axes.colors = figure.theme;
    axes.font = figure.font;
    axes.xLabel = data.xLabel;
    axes.yLabel = data.yLabel;
    const QRectF view = figure.view.isEmpty() ? roomAround(bounds, layout.drawn) : figure.view;
    layout.area = rest.marginsRemoved(QMarginsF(line * 3, line / 2, 10, line * 2.5));
    for (int pass = 0; pass < 2; ++pass) {
        axes.view = data.diagonal ? withEqualAspect(view, layout.area.size()) : view;
        if (layout.drawn > 0) {
            axes.x = niceTicks(axes.view.left(), axes.view.right(),
                               std::max(2, static_cast<int>(layout.area.width() / (line * 4.5))));
            axes.y = niceTicks(axes.view.top(), axes.view.bottom(),
                               std::max(2, static_cast<int>(layout.area.height() / (line * 3))));
        }
        layout.area = rest.marginsRemoved(axesMargins(axes));
        layout.area.setWidth(std::max(1.0, layout.area.width()));
        layout.area.setHeight(std::max(1.0, layout.area.height()));
    }
    axes.view = data.diagonal ? withEqualAspect(view, layout.area.size()) : view;
    return layout;
}

void drawScatterBelow(QPainter& painter, const QRectF& rect, const ScatterFigure& figure,
                      const ScatterLayout& layout, double raster) {
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    drawGrid(painter, layout.area, layout.axes);
    drawDots(painter, figure, layout, raster);
    drawLines(painter, figure, layout);
    drawAxes(painter, layout.area, layout.axes);
    drawNames(painter, figure, layout);
    drawLegend(painter, layout.entries, layout.boxes, ink);
    if (layout.drawn == 0)
        drawSentence(painter, layout.area,
                     figure.data.x.empty() ? tr("There are no points to draw.")
                                           : tr("None of the %1 points has finite coordinates.")
                                                 .arg(formatCount(static_cast<qint64>(figure.data.x.size()))),
                     ink);
    drawNote(painter, layout.note, layout.noteText, ink);
    drawTitle(painter, layout.title, figure.data.title, ink);
    painter.restore();
}

void drawScatterPoint(QPainter& painter, const ScatterFigure& figure, const ScatterLayout& layout,
                      int point) {
    if (point < 0 || !isDrawn(figure.data, point))
        return;
    const QPointF place = layout.placeOf(figure.data, point);
    if (!layout.area.adjusted(-1, -1, 1, 1).contains(place))
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double radius = ringRadius(layout);
    painter.setBrush(scatterColor(figure.data, point, figure.theme));
    painter.setPen(QPen(figure.theme.surface, 3.5));
    painter.drawEllipse(place, radius, radius);
    painter.setPen(QPen(figure.theme.text, 1.5));
    painter.drawEllipse(place, radius, radius);
    if (const QRectF box = ringNameBox(figure, layout, point); !box.isNull()) {
        painter.setFont(strongNameFont(figure));
        drawName(painter, box, figure.data.names[point], figure.theme);
    }
    painter.restore();
}

void drawScatter(QPainter& painter, const QRectF& rect, const ScatterFigure& figure, double dpi) {
    const ScatterLayout layout = layoutScatter(figure, rect);
    drawScatterBelow(painter, rect, figure, layout, dpi / 96);
    drawScatterPoint(painter, figure, layout, figure.highlighted);
}

QString scatterCsv(const ScatterData& data) {
    const auto heading = [](const QString& label, const char* fallback) {
        return csvField(label.isEmpty() ? QString::fromLatin1(fallback) : label);
    };
    QString csv = heading(data.nameLabel, "point") + QLatin1Char(',') + heading(data.xLabel, "x") +
                  QLatin1Char(',') + heading(data.yLabel, "y");
    if (!data.category.empty())
        csv += QStringLiteral(",category");
    csv += QLatin1Char('\n');
    for (int i = 0; i < static_cast<int>(std::min(data.x.size(), data.y.size())); ++i) {
        const auto at = static_cast<std::size_t>(i);
        csv += (i < data.names.size() ? csvField(data.names[i]) : QString::number(i)) + QLatin1Char(',') +
               formatExact(data.x[at]) + QLatin1Char(',') + formatExact(data.y[at]);
        if (!data.category.empty()) {
            const int category = categoryOf(data, i);
            csv += QLatin1Char(',') + (category < 0 ? QString() : csvField(data.categoryNames[category]));
        }
        csv += QLatin1Char('\n');
    }
    return csv;
}

} // namespace ember
