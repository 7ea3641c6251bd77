#include "widgets/heat_map_drawing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

namespace {

constexpr int mostVectorCells = 4000;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::HeatMap", text);
}

std::vector<int> checkedOrder(const std::vector<int>& wanted, qsizetype count) {
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    if (wanted.size() != order.size())
        return order;
    std::vector<std::uint8_t> seen(order.size());
    for (const int index : wanted) {
        if (index < 0 || index >= count || seen[static_cast<std::size_t>(index)]++)
            return order;
    }
    return wanted;
}

QStringList namesInOrder(const QStringList& names, const std::vector<int>& order) {
    QStringList result;
    result.reserve(static_cast<qsizetype>(order.size()));
    for (const int index : order)
        result << names.value(index);
    return result;
}

std::vector<int> placesOf(const std::vector<int>& order) {
    std::vector<int> places(order.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        places[static_cast<std::size_t>(order[place])] = static_cast<int>(place);
    return places;
}

bool hasTree(const Dendrogram& tree, qsizetype leaves) {
    return !tree.isEmpty() && static_cast<qsizetype>(tree.merges.size()) == leaves - 1 &&
           tree.heights.size() == tree.merges.size();
}

QString cellNumber(double value, int decimals) {
    if (!std::isfinite(value))
        return formatNumber(value);
    QString text = QString::number(value, 'f', decimals);
    if (text.startsWith(QLatin1Char('-'))) // no negative zero, a true minus sign
        text = text.toDouble() == 0 ? text.mid(1) : QChar(0x2212) + text.mid(1);
    return text;
}

/// Draws a tree along x from 0 to leaves·slot, its root at height 0 of `depth` and its leaves at `depth`.
template<typename Line>
void drawTree(const Dendrogram& tree, const std::vector<int>& places, double slot, double depth, Line line) {
    const std::size_t leaves = places.size();
    std::vector<double> at(leaves + tree.merges.size()), level(at.size(), depth);
    std::vector<double> from(at.size()), to(at.size()); // the leaves below each node
    for (std::size_t leaf = 0; leaf < leaves; ++leaf)
        at[leaf] = from[leaf] = to[leaf] = (places[leaf] + 0.5) * slot;
    const double top = *std::max_element(tree.heights.begin(), tree.heights.end());
    for (std::size_t m = 0; m < tree.merges.size(); ++m) {
        const auto a = static_cast<std::size_t>(tree.merges[m][0]),
                   b = static_cast<std::size_t>(tree.merges[m][1]);
        if (a >= leaves + m || b >= leaves + m)
            return;
        const double height = depth * (1 - (top > 0 ? tree.heights[m] / top : 0));
        at[leaves + m] = (at[a] + at[b]) / 2;
        level[leaves + m] = height;
        from[leaves + m] = std::min(from[a], from[b]);
        to[leaves + m] = std::max(to[a], to[b]);
        if (to[leaves + m] - from[leaves + m] < 1) { // many leaves to a pixel: one line down to them
            level[leaves + m] = std::max(level[a], level[b]);
            continue;
        }
        line(QPointF(at[a], level[a]), QPointF(at[a], height));
        line(QPointF(at[b], level[b]), QPointF(at[b], height));
        line(QPointF(at[a], height), QPointF(at[b], height));
    }
}

void drawTrees(QPainter& painter, const HeatMapFigure& figure, const HeatMapOrder& order,
               const HeatMapLayout& layout) {
    painter.setPen(QPen(figure.theme.muted, 0.8));
    if (!layout.rowTree.isNull()) {
        painter.save();
        painter.setClipRect(layout.rowTree.adjusted(-1, 0, 1, 0));
        const QPointF origin(layout.rowTree.left(), layout.map.top() - layout.firstRow * layout.rowHeight);
        const QRectF& box = layout.rowTree;
        drawTree(figure.data.rowTree, order.placeOfRow, layout.rowHeight, box.width(),
                 [&](const QPointF& a, const QPointF& b) {
                     const QPointF from = origin + QPointF(a.y(), a.x()), to = origin + QPointF(b.y(), b.x());
                     if (std::max(from.y(), to.y()) >= box.top() &&
                         std::min(from.y(), to.y()) <= box.bottom())
                         painter.drawLine(from, to);
                 });
        painter.restore();
    }
    if (!layout.columnTree.isNull())
        drawTree(figure.data.columnTree, order.placeOfColumn, layout.columnWidth, layout.columnTree.height(),
                 [&](const QPointF& a, const QPointF& b) {
                     painter.drawLine(layout.columnTree.topLeft() + a, layout.columnTree.topLeft() + b);
                 });
}

void drawBands(QPainter& painter, const HeatMapFigure& figure, const HeatMapOrder& order,
               const HeatMapLayout& layout, const FigureInk& ink) {
    for (std::size_t band = 0; band < layout.bands.size(); ++band) {
        const QRectF& box = layout.bands[band];
        const auto& [name, categories] = figure.data.columnAnnotations[band];
        painter.setRenderHint(QPainter::Antialiasing, false);
        for (std::size_t place = 0; place < order.columnAt.size(); ++place) {
            const auto column = static_cast<std::size_t>(order.columnAt[place]);
            const int category = column < categories.size() ? categories[column] : -1;
            painter.fillRect(QRectF(box.left() + static_cast<double>(place) * layout.columnWidth, box.top(),
                                    layout.columnWidth, box.height()),
                             category < 0 ? missingColor(figure.theme)
                                          : annotationColor(figure.data, static_cast<int>(band), category));
        }
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(ink.theme.muted);
        const QFontMetricsF metrics(ink.font);
        const QRectF text(layout.rowNames.left(), box.center().y() - ink.line() / 2, layout.rowNames.width(),
                          ink.line());
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(name, Qt::ElideRight, text.width()));
    }
}

void drawCells(QPainter& painter, const HeatMapFigure& figure, const HeatMapOrder& order,
               const HeatMapLayout& layout) {
    painter.save();
    painter.setClipRect(layout.map);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const ColorMap map = figure.data.diverging ? ColorMap::diverging : figure.data.map;
    for (std::size_t r = 0; r < order.rowAt.size(); ++r) {
        for (std::size_t c = 0; c < order.columnAt.size(); ++c) {
            const double value = heatMapValue(figure.data, order.rowAt[r], order.columnAt[c]);
            // A little larger, so that no viewer shows seams.
            painter.fillRect(layout.cell(static_cast<int>(r), static_cast<int>(c)).adjusted(0, 0, 0.3, 0.3),
                             std::isnan(value) ? missingColor(figure.theme)
                                               : QColor(colorMapAt(map, layout.span.shareOf(value))));
        }
    }
    painter.restore();
}

/// With as many decimals for all cells as tell them apart and have room; empty: there is none.
std::optional<int> decimalsFor(const HeatMapData& data, const HeatMapLayout& layout,
                               const QFontMetricsF& metrics) {
    const double far = std::max(std::fabs(layout.span.low), std::fabs(layout.span.high));
    const int wanted = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::max(far, 1e-9)))), 0, 4);
    for (int decimals = wanted; decimals >= 0 && decimals >= wanted - 1; --decimals) {
        double widest = 0;
        for (const double value : data.values)
            widest = std::max(widest, metrics.horizontalAdvance(cellNumber(value, decimals)));
        if (widest <= layout.columnWidth - 3)
            return decimals;
    }
    return {};
}

void drawNumbers(QPainter& painter, const HeatMapFigure& figure, const HeatMapOrder& order,
                 const HeatMapLayout& layout, const FigureInk& ink) {
    QFont small = ink.font;
    small.setPixelSize(std::max(8, static_cast<int>(std::lround(small.pixelSize() * 0.9))));
    const QFontMetricsF metrics(small);
    if (layout.rowHeight < metrics.height() * 0.95 || figure.data.values.size() > mostVectorCells)
        return;
    const std::optional<int> decimals = decimalsFor(figure.data, layout, metrics);
    if (!decimals)
        return;
    painter.setFont(small);
    const ColorMap map = figure.data.diverging ? ColorMap::diverging : figure.data.map;
    for (int r = 0; r < static_cast<int>(order.rowAt.size()); ++r) {
        for (int c = 0; c < static_cast<int>(order.columnAt.size()); ++c) {
            const QRectF cell = layout.cell(r, c);
            if (!layout.map.contains(cell.center()))
                continue;
            const double value = heatMapValue(figure.data, order.rowAt[static_cast<std::size_t>(r)],
                                              order.columnAt[static_cast<std::size_t>(c)]);
            painter.setPen(inkOn(std::isnan(value) ? missingColor(figure.theme)
                                                   : QColor(colorMapAt(map, layout.span.shareOf(value)))));
            painter.drawText(cell, Qt::AlignCenter, cellNumber(value, *decimals));
        }
    }
    painter.setFont(ink.font);
}

/// What the colours of the bands mean, below the scale.
std::vector<LegendEntry> bandEntries(const HeatMapData& data) {
    std::vector<LegendEntry> entries;
    for (std::size_t band = 0; band < data.columnAnnotations.size() && band < data.annotationNames.size();
         ++band) {
        for (int i = 0; i < data.annotationNames[band].size(); ++i)
            entries.push_back({data.annotationNames[band][i],
                               annotationColor(data, static_cast<int>(band), i), LegendMark::square, true});
    }
    return entries;
}

} // namespace

QColor annotationColor(const HeatMapData& data, int annotation, int category) {
    // The palette goes on from band to band, so that no colour means two things.
    int before = 0;
    for (int band = 0; band < annotation; ++band) {
        const std::vector<int>& categories = data.columnAnnotations[static_cast<std::size_t>(band)].second;
        before += categories.empty() ? 0 : *std::max_element(categories.begin(), categories.end()) + 1;
    }
    return categoryColor(before + category);
}

double heatMapValue(const HeatMapData& data, int row, int column) {
    const std::size_t at = static_cast<std::size_t>(row) * static_cast<std::size_t>(data.columns.size()) +
                           static_cast<std::size_t>(column);
    return at < data.values.size() ? data.values[at] : std::nan("");
}

HeatMapOrder heatMapOrder(const HeatMapData& data) {
    HeatMapOrder order;
    order.rowAt = checkedOrder(data.rowOrder, data.rows.size());
    order.columnAt = checkedOrder(data.columnOrder, data.columns.size());
    order.placeOfRow = placesOf(order.rowAt);
    order.placeOfColumn = placesOf(order.columnAt);
    order.rowNames = namesInOrder(data.rows, order.rowAt);
    order.columnNames = namesInOrder(data.columns, order.columnAt);
    return order;
}

QRectF HeatMapLayout::cell(int rowPlace, int columnPlace) const {
    return {map.left() + columnPlace * columnWidth, map.top() + (rowPlace - firstRow) * rowHeight,
            columnWidth, rowHeight};
}

int HeatMapLayout::rowPlaceAt(double y) const {
    return static_cast<int>(std::floor((y - map.top()) / rowHeight + firstRow));
}

int HeatMapLayout::columnPlaceAt(double x) const {
    return static_cast<int>(std::floor((x - map.left()) / columnWidth));
}

namespace {

HeatMapLayout layoutParts(const HeatMapFigure& figure, const HeatMapOrder& order, const QRectF& rect,
                          const QString& note) {
    HeatMapLayout layout;
    const HeatMapData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    layout.span = colorSpan(data.values, data.low, data.high, data.diverging);
    layout.missing =
        data.values.size() < order.rowAt.size() * order.columnAt.size() ||
        std::any_of(data.values.begin(), data.values.end(), [](double v) { return std::isnan(v); });
    const auto rows = static_cast<double>(order.rowAt.size());
    layout.shownRows = figure.shownRows > 0 ? std::min(figure.shownRows, rows) : rows;
    layout.firstRow = std::clamp(figure.firstRow, 0.0, std::max(0.0, rows - layout.shownRows));
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    layout.noteText = note;
    layout.note = takeNote(rest, note, ink);
    rest.adjust(8, line / 2, -2, -4);
    const double scaleWidth = std::max(
        colorScaleWidth({figure.data.map, layout.span.low, layout.span.high, data.valueLabel, layout.missing},
                        ink),
        legendColumnWidth(bandEntries(data), ink, rest.width() * 0.6));
    layout.scale = QRectF(rest.right() - scaleWidth, rest.top(), scaleWidth, rest.height());
    rest.setRight(layout.scale.left());
    QStringList beside = order.rowNames;
    for (const auto& annotation : data.columnAnnotations)
        beside << annotation.first;
    const double names = widestName(beside, rest.width() * 0.34, ink) + 8;
    const bool rowTree = hasTree(data.rowTree, data.rows.size());
    const double treeWidth = rowTree ? std::min(rest.width() * 0.14, line * 5) : 0;
    const double bands = static_cast<double>(data.columnAnnotations.size()) * line +
                         (data.columnAnnotations.empty() ? 0 : line * 0.3);
    const bool columnTree = hasTree(data.columnTree, data.columns.size());
    const double treeHeight = columnTree ? std::min(rest.height() * 0.14, line * 4) : 0;
    const double slot = (rest.width() - names - treeWidth - 4) / std::max<qsizetype>(1, data.columns.size());
    layout.columnNames = placeAxisNames(order.columnNames, slot, rest.height() * 0.4, ink);
    double left = rest.left() + treeWidth + (rowTree ? 4 : 0);
    if (layout.columnNames.angle == 40) // most of the first slanted name
        left = std::max(left, rest.left() + std::min(layout.columnNames.before, rest.width() * 0.2));
    layout.map = QRectF(QPointF(left, rest.top() + treeHeight + bands + 2),
                        QPointF(rest.right() - names, rest.bottom() - layout.columnNames.height));
    layout.map.setWidth(std::max(1.0, layout.map.width()));
    layout.map.setHeight(std::max(1.0, layout.map.height()));
    layout.columnWidth = layout.map.width() / std::max<qsizetype>(1, data.columns.size());
    layout.columnNames.slot = layout.columnWidth;
    layout.rowHeight = layout.map.height() / std::max(1.0, layout.shownRows);
    if (rowTree)
        layout.rowTree = QRectF(left - treeWidth - 4, layout.map.top(), treeWidth, layout.map.height());
    if (columnTree)
        layout.columnTree = QRectF(left, rest.top(), layout.map.width(), treeHeight - 2);
    for (std::size_t i = 0; i < data.columnAnnotations.size(); ++i)
        layout.bands.emplace_back(left, rest.top() + treeHeight + static_cast<double>(i) * line,
                                  layout.map.width(), line - 3);
    layout.rowNames = QRectF(layout.map.right() + 6, layout.map.top(), names - 6, layout.map.height());
    return layout;
}

} // namespace

HeatMapLayout layoutHeatMap(const HeatMapFigure& figure, const HeatMapOrder& order, const QRectF& rect,
                            double raster) {
    const HeatMapLayout layout = layoutParts(figure, order, rect, {});
    if (layout.shownRows <= layout.map.height() * raster || order.columnAt.empty())
        return layout;
    return layoutParts(figure, order, rect, tr("More rows than fit: neighbouring rows are averaged"));
}

void drawHeatMapBelow(QPainter& painter, const QRectF& rect, const HeatMapFigure& figure,
                      const HeatMapOrder& order, const HeatMapLayout& layout, double raster, bool vector) {
    const HeatMapData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    drawTitle(painter, layout.title, data.title, ink);
    drawNote(painter, layout.note, layout.noteText, ink);
    if (order.rowAt.empty() || order.columnAt.empty()) {
        drawSentence(painter, rect, tr("There are no values to draw."), ink);
        painter.restore();
        return;
    }
    const std::size_t cells = order.rowAt.size() * order.columnAt.size();
    if (vector && cells <= mostVectorCells) {
        drawCells(painter, figure, order, layout);
    } else {
        painter.save();
        painter.setRenderHints(QPainter::LosslessImageRendering);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        const QSize pixels = (layout.map.size() * raster).toSize().expandedTo({1, 1});
        painter.drawImage(layout.map, heatMapImage(figure, order, layout, pixels));
        painter.restore();
    }
    if (data.numbers)
        drawNumbers(painter, figure, order, layout, ink);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(figure.theme.control, 1));
    painter.drawRect(layout.map);
    drawTrees(painter, figure, order, layout);
    drawBands(painter, figure, order, layout, ink);
    drawRowNames(painter, order.rowNames, layout.rowNames,
                 layout.map.top() - layout.firstRow * layout.rowHeight, layout.rowHeight, Qt::AlignLeft, ink);
    drawAxisNames(painter, order.columnNames, layout.map.bottomLeft(), layout.columnNames, rect.left(), ink);
    const std::vector<LegendEntry> entries = bandEntries(data);
    QRectF column = layout.scale;
    if (!entries.empty()) // the scale leaves them room
        column.setHeight(std::max(column.height() * 0.45,
                                  column.height() - static_cast<double>(entries.size()) * ink.line() * 1.25));
    const double used = drawColorScale(painter, column,
                                       {data.diverging ? ColorMap::diverging : data.map, layout.span.low,
                                        layout.span.high, data.valueLabel, layout.missing},
                                       ink);
    column = layout.scale.adjusted(0, used + ink.line() * 0.5, 0, 0);
    drawLegend(painter, entries, legendBoxes(entries, column, ink), ink);
    painter.restore();
}

void drawHeatMapFrame(QPainter& painter, const HeatMapFigure& figure, const HeatMapLayout& layout,
                      int rowPlace, int columnPlace) {
    if (rowPlace < 0 || columnPlace < 0)
        return;
    const QRectF cell = layout.cell(rowPlace, columnPlace);
    if (!layout.map.adjusted(-1, -1, 1, 1).contains(cell.center()))
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const QRectF frame = QRectF(cell.center(), QSizeF())
                             .adjusted(-std::max(3.0, cell.width() / 2), -std::max(3.0, cell.height() / 2),
                                       std::max(3.0, cell.width() / 2), std::max(3.0, cell.height() / 2));
    painter.setPen(QPen(figure.theme.surface, 4));
    painter.drawRect(frame);
    painter.setPen(QPen(figure.theme.text, 1.6));
    painter.drawRect(frame);
    painter.restore();
}

void drawHeatMap(QPainter& painter, const QRectF& rect, const HeatMapFigure& figure, double dpi) {
    const HeatMapOrder order = heatMapOrder(figure.data);
    const HeatMapLayout layout = layoutHeatMap(figure, order, rect, dpi / 96);
    drawHeatMapBelow(painter, rect, figure, order, layout, dpi / 96, true);
    if (figure.currentRow >= 0 && figure.currentRow < figure.data.rows.size() && figure.currentColumn >= 0 &&
        figure.currentColumn < figure.data.columns.size())
        drawHeatMapFrame(painter, figure, layout,
                         order.placeOfRow[static_cast<std::size_t>(figure.currentRow)],
                         order.placeOfColumn[static_cast<std::size_t>(figure.currentColumn)]);
}

QString heatMapCsv(const HeatMapData& data) {
    const HeatMapOrder order = heatMapOrder(data);
    QString csv = csvField(data.rowLabel.isEmpty() ? QStringLiteral("row") : data.rowLabel);
    for (const QString& column : order.columnNames)
        csv += QLatin1Char(',') + csvField(column);
    csv += QLatin1Char('\n');
    for (std::size_t place = 0; place < order.rowAt.size(); ++place) {
        csv += csvField(order.rowNames[static_cast<qsizetype>(place)]);
        for (const int column : order.columnAt)
            csv += QLatin1Char(',') + formatExact(heatMapValue(data, order.rowAt[place], column));
        csv += QLatin1Char('\n');
    }
    return csv;
}

} // namespace ember
