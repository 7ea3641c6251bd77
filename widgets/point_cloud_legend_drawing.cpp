#include "widgets/point_cloud_drawing.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double swatch = 9, gap = 6;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PointCloudPlot", text);
}

QString densityTitle() {
    return tr("Points per square");
}

/// Lines of text from the top down.
class Column {
public:
    Column(QPainter& painter, const QRectF& rect, const QFont& font)
        : painter_(painter), rect_(rect), metrics_(font), y_(rect.top()) {}

    double line() const { return metrics_.height() * 1.15; }
    double y() const { return y_; }
    bool hasRoom(int lines) const { return y_ + lines * line() <= rect_.bottom() + 1; }
    void skip(double height) { y_ += height; }

    void text(const QString& text, const QColor& color, double indent = 0) {
        painter_.setPen(color);
        const QRectF box(rect_.left() + indent, y_, rect_.width() - indent, line());
        painter_.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                          metrics_.elidedText(text, Qt::ElideMiddle, box.width()));
        y_ += line();
    }

    void entry(const QString& name, const QColor& color, const QColor& textColor) {
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(color);
        painter_.drawEllipse(QRectF(rect_.left(), y_ + (line() - swatch) / 2, swatch, swatch));
        text(name, textColor, swatch + gap);
    }

private:
    QPainter& painter_;
    QRectF rect_;
    QFontMetricsF metrics_;
    double y_;
};

void drawCategories(Column& column, const PointCloudFigure& figure,
                    const std::vector<std::uint64_t>& counts) {
    const PointColors& colors = figure.colors;
    std::vector<int> shown;
    for (const int category : legendOrder(colors, counts)) {
        if (!colors.isHidden(category))
            shown.push_back(category);
    }
    constexpr std::size_t most = 30;
    const bool missing = counts.back() > 0 && !colors.missingHidden;
    std::size_t drawn = 0;
    for (; drawn < std::min(most, shown.size()) &&
           column.hasRoom((drawn + 1 < shown.size() ? 2 : 1) + (missing ? 1 : 0));
         ++drawn)
        column.entry(colors.names[shown[drawn]], colors.colorOf(shown[drawn]), figure.theme.text);
    if (drawn < shown.size())
        column.text(tr("%1 more").arg(formatCount(static_cast<qint64>(shown.size() - drawn))),
                    figure.theme.muted, swatch + gap);
    if (missing)
        column.entry(tr("Missing"), missingPointColor(figure.theme), figure.theme.muted);
}

void drawBar(QPainter& painter, Column& column, const QRectF& rect, const PointCloudFigure& figure,
             double low, double high, const QString& unit) {
    const double top = column.y() + 8;
    const double height = std::clamp(rect.bottom() - top - 3 * column.line(), 20.0, 160.0);
    const QRectF bar(rect.left(), top, 12, height);
    painter.setPen(Qt::NoPen);
    const bool reversed = figure.density && !figure.theme.dark;
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    for (int i = 0; i <= 16; ++i)
        gradient.setColorAt(
            i / 16.0, QColor::fromRgb(colorMapAt(figure.colors.map, reversed         ? 0.9 * (1 - i / 16.0)
                                                                    : figure.density ? 0.16 + 0.84 * i / 16.0
                                                                                     : i / 16.0)));
    painter.setBrush(gradient);
    painter.drawRect(bar);
    const auto label = [&](double share, double value) {
        const double y = bar.bottom() - share * bar.height();
        painter.setPen(QPen(figure.theme.control, 1));
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3, y));
        painter.setPen(figure.theme.text);
        painter.drawText(
            QRectF(bar.right() + gap, y - column.line() / 2, rect.width() - 12 - gap, column.line()),
            Qt::AlignLeft | Qt::AlignVCenter, formatNumber(value));
    };
    label(0, low);
    label(0.5, figure.density ? std::round(std::sqrt(low * high)) : (low + high) / 2);
    label(1, high);
    column.skip(height + 8 + column.line() * 0.6);
    if (!unit.isEmpty())
        column.text(unit, figure.theme.muted);
}

} // namespace

double legendWidth(const PointCloudFigure& figure, double available) {
    const QFontMetricsF metrics(figure.font);
    const PointColors& colors = figure.colors;
    double widest = metrics.horizontalAdvance(figure.density ? densityTitle() : colors.title);
    switch (figure.density ? PointColoring::value : colors.coloring()) {
    case PointColoring::plain:
        if (figure.selection == nullptr || !figure.selection->any())
            return 0;
        widest = 0;
        break;
    case PointColoring::category: {
        int looked = 0;
        for (const QString& name : colors.names) {
            if (++looked > 200)
                break;
            widest = std::max(widest, metrics.horizontalAdvance(name) + swatch + gap);
        }
        break;
    }
    case PointColoring::value:
        widest = std::max(widest, 12 + gap + metrics.horizontalAdvance(QStringLiteral("−0.00012345")));
        break;
    }
    if (figure.selection != nullptr && figure.selection->any())
        widest =
            std::max(widest, metrics.horizontalAdvance(tr("Selected: %1").arg(QStringLiteral("1,000,000"))));
    return std::min(widest + 20, available * 0.38);
}

void drawCloudLegend(QPainter& painter, const QRectF& rect, const PointCloudFigure& figure,
                     const std::vector<std::uint64_t>& counts, std::uint32_t mostInCell) {
    painter.setFont(figure.font);
    const QRectF inner = rect.adjusted(12, 0, -8, 0);
    Column column(painter, inner, figure.font);
    const PointColors& colors = figure.colors;
    if (figure.density) {
        column.text(densityTitle(), figure.theme.text);
        drawBar(painter, column, inner, figure, 1, std::max(1U, mostInCell), tr("logarithmic"));
    } else {
        if (!colors.title.isEmpty() && colors.coloring() != PointColoring::plain)
            column.text(colors.title, figure.theme.text);
        if (colors.coloring() == PointColoring::category)
            drawCategories(column, figure, counts);
        else if (colors.coloring() == PointColoring::value)
            drawBar(painter, column, inner, figure, colors.low, colors.high, {});
    }
    if (figure.selection != nullptr && figure.selection->any())
        column.text(tr("Selected: %1").arg(formatCount(static_cast<qint64>(figure.selection->count()))),
                    figure.theme.muted);
}

} // namespace ember
