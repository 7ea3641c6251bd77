#include "widgets/dot_plot_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/formatting.hpp"
#include "widgets/histogram_data.hpp"
#include "widgets/plot_axes.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::DotPlot", text);
}

double at(const std::vector<double>& values, const DotPlotData& data, int row, int column) {
    const std::size_t index = static_cast<std::size_t>(row) * static_cast<std::size_t>(data.columns.size()) +
                              static_cast<std::size_t>(column);
    return index < values.size() ? values[index] : std::nan("");
}

QString sizeText(const DotPlotData& data, double size) {
    return data.percent ? formatPercent(size) : formatNumber(size, 3);
}

double largestOf(const DotPlotData& data) {
    if (data.largest > 0)
        return data.largest;
    double largest = 0;
    for (const double size : data.sizes) {
        if (std::isfinite(size))
            largest = std::max(largest, size);
    }
    if (!(largest > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(largest)));
    for (const double lead : {1.0, 2.0, 4.0, 6.0, 8.0, 10.0}) {
        if (largest <= lead * power * (1 + 1e-9))
            return lead * power;
    }
    return largest;
}

ColorScale scaleOf(const DotPlotFigure& figure, const DotPlotLayout& layout) {
    return {figure.data.diverging ? ColorMap::diverging : figure.data.map, layout.span.low, layout.span.high,
            figure.data.colorLabel, layout.missing};
}

QStringList legendTexts(const DotPlotFigure& figure, const DotPlotLayout& layout) {
    QStringList texts;
    for (const double share : {1.0, 0.75, 0.5, 0.25})
        texts << sizeText(figure.data, share * layout.largest);
    return texts;
}

double legendWidth(const DotPlotFigure& figure, const DotPlotLayout& layout, const FigureInk& ink,
                   double available) {
    double width = colorScaleWidth(scaleOf(figure, layout), ink);
    for (const QString& text : legendTexts(figure, layout))
        width = std::max(width, ink.width(text) + ink.line() * 1.6 + 24);
    width = std::max(width, std::min(ink.width(figure.data.sizeLabel) + 22, ink.line() * 7.5));
    if (!figure.data.outlined.empty())
        width = std::max(width, std::min(ink.width(figure.data.outlineLabel) + 38, ink.line() * 9));
    return std::min(width, available * 0.38);
}

/// Returns the height used.
double drawSizeLegend(QPainter& painter, const QRectF& column, const DotPlotFigure& figure,
                      const DotPlotLayout& layout, const FigureInk& ink) {
    QRectF label(column.left() + 14, column.top(), column.width() - 18, ink.line() * 3.1);
    label.setHeight(std::min(
        label.height(),
        QFontMetricsF(ink.font).boundingRect(label, Qt::TextWordWrap, figure.data.sizeLabel).height()));
    painter.setPen(ink.theme.text);
    painter.drawText(label, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, figure.data.sizeLabel);
    const QStringList texts = legendTexts(figure, layout);
    double y = label.bottom() + ink.line() * 0.4;
    int i = 0;
    for (const double share : {1.0, 0.75, 0.5, 0.25}) {
        const double height = std::max(ink.line() * 1.1, layout.diameter + 2),
                     radius = layout.diameterOf(share * layout.largest) / 2;
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink.theme.bar);
        painter.drawEllipse(QPointF(column.left() + 14 + layout.diameter / 2, y + height / 2), radius,
                            radius);
        painter.setPen(ink.theme.muted);
        painter.drawText(QRectF(column.left() + 14 + layout.diameter + 8, y, column.width(), height),
                         Qt::AlignLeft | Qt::AlignVCenter, texts[i++]);
        y += height;
    }
    return y - column.top();
}

double drawOutlineLegend(QPainter& painter, const QRectF& column, const DotPlotFigure& figure,
                         const DotPlotLayout& layout, const FigureInk& ink) {
    if (figure.data.outlined.empty() || figure.data.outlineLabel.isEmpty())
        return 0;
    const double radius = std::min(layout.diameter / 2, ink.line() * 0.4);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink.theme.text, 1.4));
    painter.drawEllipse(QPointF(column.left() + 14 + layout.diameter / 2, column.top() + ink.line() / 2),
                        radius, radius);
    QRectF text = column.adjusted(14 + layout.diameter + 8, 0, -4, 0);
    text.setHeight(ink.line() * 2.1);
    painter.setPen(ink.theme.muted);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, figure.data.outlineLabel);
    return std::min(
        text.height(),
        QFontMetricsF(ink.font).boundingRect(text, Qt::TextWordWrap, figure.data.outlineLabel).height());
}

void drawDots(QPainter& painter, const DotPlotFigure& figure, const DotPlotLayout& layout) {
    const ColorMap map = figure.data.diverging ? ColorMap::diverging : figure.data.map;
    for (int row = 0; row < figure.data.rows.size(); ++row) {
        for (int column = 0; column < figure.data.columns.size(); ++column) {
            const double diameter = layout.diameterOf(dotSize(figure.data, row, column));
            if (!(diameter > 0))
                continue;
            const double value = dotValue(figure.data, row, column);
            painter.setBrush(std::isnan(value) ? missingColor(figure.theme)
                                               : QColor(colorMapAt(map, layout.span.shareOf(value))));
            // A fine rim lets pale dots stand out from the ground.
            painter.setPen(isOutlined(figure.data, row, column) ? QPen(figure.theme.text, 1.5)
                                                                : QPen(figure.theme.control, 0.5));
            painter.drawEllipse(layout.center(row, column), diameter / 2, diameter / 2);
        }
    }
}

void drawGround(QPainter& painter, const DotPlotFigure& figure, const DotPlotLayout& layout) {
    painter.setPen(QPen(figure.theme.grid, 1));
    for (int row = 0; row < figure.data.rows.size() && layout.rowHeight > 4; ++row) {
        const double y = layout.center(row, 0).y();
        painter.drawLine(QPointF(layout.area.left(), y), QPointF(layout.area.right(), y));
    }
    for (int column = 0; column < figure.data.columns.size() && layout.columnWidth > 4; ++column) {
        const double x = layout.center(0, column).x();
        painter.drawLine(QPointF(x, layout.area.top()), QPointF(x, layout.area.bottom()));
    }
    painter.setPen(QPen(figure.theme.control, 1));
    painter.drawLine(layout.area.bottomLeft(), layout.area.bottomRight());
    painter.drawLine(layout.area.bottomLeft(), layout.area.topLeft());
}

void drawFrame(QPainter& painter, const DotPlotFigure& figure, const DotPlotLayout& layout) {
    if (figure.currentRow < 0 || figure.currentColumn < 0)
        return;
    const QPointF half(layout.columnWidth / 2, layout.rowHeight / 2);
    const QPointF center = layout.center(figure.currentRow, figure.currentColumn);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(figure.theme.text, 1.4));
    painter.drawRoundedRect(QRectF(center - half, center + half), 3, 3);
}

} // namespace

double dotSize(const DotPlotData& data, int row, int column) {
    return at(data.sizes, data, row, column);
}

double dotValue(const DotPlotData& data, int row, int column) {
    return at(data.colors, data, row, column);
}

bool isOutlined(const DotPlotData& data, int row, int column) {
    const std::size_t index = static_cast<std::size_t>(row) * static_cast<std::size_t>(data.columns.size()) +
                              static_cast<std::size_t>(column);
    return index < data.outlined.size() && data.outlined[index] != 0;
}

QPointF DotPlotLayout::center(int row, int column) const {
    return {area.left() + (column + 0.5) * columnWidth, area.top() + (row + 0.5) * rowHeight};
}

double DotPlotLayout::diameterOf(double size) const {
    return size > 0 ? diameter * std::sqrt(std::min(1.0, size / largest)) : 0;
}

std::optional<std::pair<int, int>> DotPlotLayout::cellAt(const QPointF& place,
                                                         const DotPlotData& data) const {
    const int row = static_cast<int>(std::floor((place.y() - area.top()) / rowHeight));
    const int column = static_cast<int>(std::floor((place.x() - area.left()) / columnWidth));
    if (row < 0 || column < 0 || row >= data.rows.size() || column >= data.columns.size())
        return {};
    return std::pair(row, column);
}

DotPlotLayout layoutDotPlot(const DotPlotFigure& figure, const QRectF& rect) {
    DotPlotLayout layout;
    const DotPlotData& data = figure.data;
    const FigureInk ink{figure.theme, figure.font};
    const double line = ink.line();
    layout.span = colorSpan(data.colors, data.low, data.high, data.diverging);
    layout.largest = largestOf(data);
    for (std::size_t i = 0; i < data.sizes.size(); ++i)
        layout.missing |= data.sizes[i] > 0 && (i >= data.colors.size() || std::isnan(data.colors[i]));
    QRectF rest = rect;
    if (figure.title)
        layout.title = takeTitle(rest, data.title, ink);
    rest.adjust(8, line / 2, -2, -4);
    layout.diameter = line; // the legend needs one before the cells are known
    const double legend = legendWidth(figure, layout, ink, rest.width());
    layout.legend = QRectF(rest.right() - legend, rest.top(), legend, rest.height());
    rest.setRight(layout.legend.left());
    const double names = widestName(data.rows, rest.width() * 0.4, ink) + 8;
    const double slot = (rest.width() - names) / std::max<qsizetype>(1, data.columns.size());
    layout.columnNames = placeAxisNames(data.columns, slot, rest.height() * 0.36, ink);
    double left = rest.left() + names;
    if (layout.columnNames.angle == 40)
        left = std::max(left, rest.left() + std::min(layout.columnNames.before, rest.width() * 0.15));
    layout.area =
        QRectF(QPointF(left, rest.top()), QPointF(rest.right(), rest.bottom() - layout.columnNames.height));
    layout.area.setWidth(std::max(1.0, layout.area.width()));
    layout.area.setHeight(std::max(1.0, layout.area.height()));
    layout.columnWidth = layout.area.width() / std::max<qsizetype>(1, data.columns.size());
    layout.rowHeight = layout.area.height() / std::max<qsizetype>(1, data.rows.size());
    layout.columnNames.slot = layout.columnWidth;
    layout.diameter = std::clamp(std::min(layout.columnWidth, layout.rowHeight) * 0.88, 1.0, line * 1.7);
    layout.rowNames = QRectF(rest.left(), layout.area.top(), left - rest.left() - 6, layout.area.height());
    return layout;
}

void drawDotPlot(QPainter& painter, const QRectF& rect, const DotPlotFigure& figure) {
    const DotPlotLayout layout = layoutDotPlot(figure, rect);
    const FigureInk ink{figure.theme, figure.font};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect, figure.theme.surface);
    painter.setFont(figure.font);
    drawTitle(painter, layout.title, figure.data.title, ink);
    if (figure.data.rows.isEmpty() || figure.data.columns.isEmpty()) {
        drawSentence(painter, rect, tr("There are no values to draw."), ink);
        painter.restore();
        return;
    }
    drawGround(painter, figure, layout);
    drawDots(painter, figure, layout);
    drawFrame(painter, figure, layout);
    drawRowNames(painter, figure.data.rows, layout.rowNames, layout.area.top(), layout.rowHeight,
                 Qt::AlignRight, ink);
    drawAxisNames(painter, figure.data.columns, layout.area.bottomLeft(), layout.columnNames, rect.left(),
                  ink);
    QRectF column = layout.legend;
    column.setTop(column.top() + drawSizeLegend(painter, column, figure, layout, ink) + ink.line() * 0.6);
    if (const double used = drawOutlineLegend(painter, column, figure, layout, ink); used > 0)
        column.setTop(column.top() + used + ink.line() * 0.6);
    if (column.height() > ink.line() * 3)
        drawColorScale(painter, column, scaleOf(figure, layout), ink);
    painter.restore();
}

QString dotPlotCsv(const DotPlotData& data) {
    const auto heading = [](const QString& label, const char* fallback) {
        return csvField(label.isEmpty() ? QString::fromLatin1(fallback) : label);
    };
    QString csv = heading(data.rowLabel, "row") + QLatin1Char(',') + heading(data.columnLabel, "column") +
                  QLatin1Char(',') + heading(data.sizeLabel, "size") + QLatin1Char(',') +
                  heading(data.colorLabel, "colour");
    if (!data.outlined.empty())
        csv += QLatin1Char(',') + heading(data.outlineLabel, "outlined");
    csv += QLatin1Char('\n');
    for (int row = 0; row < data.rows.size(); ++row) {
        for (int column = 0; column < data.columns.size(); ++column) {
            csv += csvField(data.rows[row]) + QLatin1Char(',') + csvField(data.columns[column]) +
                   QLatin1Char(',') + formatExact(dotSize(data, row, column)) + QLatin1Char(',') +
                   formatExact(dotValue(data, row, column));
            if (!data.outlined.empty())
                csv += isOutlined(data, row, column) ? QStringLiteral(",1") : QStringLiteral(",0");
            csv += QLatin1Char('\n');
        }
    }
    return csv;
}

} // namespace ember
