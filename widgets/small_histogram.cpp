#include "widgets/small_histogram.hpp"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

SmallHistogram::SmallHistogram(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("smallHistogram"));
    setAccessibleName(tr("Histogram"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void SmallHistogram::setData(HistogramData data) {
    data_ = std::move(data);
    if (data_.bins() > 0)
        setAccessibleDescription(
            tr("from %1 to %2").arg(formatNumber(data_.edges.front()), formatNumber(data_.edges.back())));
    update();
}

QSize SmallHistogram::sizeHint() const {
    return {lengthInEms(this, 16), lengthInEms(this, 5)};
}

QSize SmallHistogram::minimumSizeHint() const {
    return {lengthInEms(this, 8), lengthInEms(this, 4)};
}

QRectF SmallHistogram::barArea() const {
    return {0, 2, static_cast<double>(width()), height() - fontMetrics().height() * 1.3 - 2};
}

void SmallHistogram::paintEvent(QPaintEvent*) {
    if (data_.bins() == 0 || data_.series.empty())
        return;
    QPainter painter(this);
    const ThemeColors& colors = themeColors();
    const QRectF area = barArea();
    const std::vector<std::uint64_t>& counts = data_.series.front().counts;
    const double highest =
        static_cast<double>(std::max<std::uint64_t>(1, *std::max_element(counts.begin(), counts.end())));
    const double step = area.width() / static_cast<double>(counts.size());
    const QColor own = data_.series.front().color;
    painter.setPen(Qt::NoPen);
    painter.setBrush(own.isValid() ? own : colors.bar);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double share = static_cast<double>(counts[i]) / highest;
        const double tall = counts[i] == 0 ? 0 : std::max(1.0, area.height() * share);
        const double gap = step > 4 ? 1 : 0;
        painter.drawRect(
            QRectF(area.left() + step * static_cast<double>(i), area.bottom() - tall, step - gap, tall));
    }
    painter.setPen(colors.control);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setFont(tabularFont(font()));
    painter.setPen(colors.muted);
    const QRectF line(0, area.bottom() + 2, width(), height() - area.bottom() - 2);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, formatNumber(data_.edges.front()));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, formatNumber(data_.edges.back()));
}

bool SmallHistogram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && data_.bins() > 0) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto bin = static_cast<std::size_t>(std::clamp(
            static_cast<int>(help->pos().x() * data_.bins() / std::max(1, width())), 0, data_.bins() - 1));
        QToolTip::showText(help->globalPos(),
                           tr("%1 to %2: %3")
                               .arg(formatNumber(data_.edges[bin]), formatNumber(data_.edges[bin + 1]),
                                    formatCount(static_cast<std::int64_t>(data_.series.front().counts[bin]))),
                           this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace ember
