#include "widgets/series_key.hpp"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace ember {

double drawSeriesKey(QPainter& painter, const QRectF& rect, const SeriesKey& key) {
    const QFontMetricsF metrics(key.font);
    const double swatch = metrics.height() * 0.6, gap = metrics.height() * 0.35;
    const auto more = [](qsizetype count) {
        return QCoreApplication::translate("ember::SeriesKey", "… %1 more").arg(count);
    };
    const double reserve = metrics.horizontalAdvance(more(key.names.size())) + 2 * gap;
    const double baseline = rect.top() + metrics.ascent();
    double x = rect.left();
    qsizetype shown = 0;
    painter.setFont(key.font);
    for (; shown < key.names.size(); ++shown) {
        const QString name = metrics.elidedText(key.names[shown], Qt::ElideRight, rect.width() * 0.45);
        const double width = swatch + gap + metrics.horizontalAdvance(name);
        if (x + width + (shown + 1 < key.names.size() ? reserve : 0) > rect.right()) {
            break;
        }
        painter.fillRect(QRectF(x, rect.top() + (metrics.height() - swatch) / 2, swatch, swatch),
                         key.colors[static_cast<std::size_t>(shown)]);
        painter.setPen(key.theme.text);
        painter.drawText(QPointF(x + swatch + gap, baseline), name);
        x += width + 3 * gap;
    }
    if (shown < key.names.size()) {
        painter.setPen(key.theme.muted);
        painter.drawText(QPointF(x, baseline), more(key.names.size() - shown));
    }
    return metrics.height() * 1.3;
}

} // namespace ember
