#include "widgets/category_bars.hpp"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

CategoryBars::CategoryBars(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("categoryBars"));
    setAccessibleName(tr("Categories"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void CategoryBars::setBars(std::vector<CategoryBar> bars) {
    bars_ = std::move(bars);
    QStringList counts;
    for (const CategoryBar& bar : bars_) {
        if (counts.size() >= 20)
            break;
        counts << QStringLiteral("%1: %2").arg(bar.label, formatCount(static_cast<std::int64_t>(bar.count)));
    }
    setAccessibleDescription(counts.join(QStringLiteral(", ")));
    setFocusPolicy(static_cast<int>(bars_.size()) > maximumRows_ ? Qt::TabFocus : Qt::NoFocus);
    updateGeometry();
    update();
}

void CategoryBars::setMaximumRows(int rows) {
    maximumRows_ = std::max(1, rows);
    updateGeometry();
}

void CategoryBars::setExpanded(bool expanded) {
    expanded_ = expanded;
    updateGeometry();
    update();
}

int CategoryBars::rowHeight() const {
    return static_cast<int>(std::lround(fontMetrics().height() * 1.25));
}

bool CategoryBars::hasMoreLine() const {
    return static_cast<int>(bars_.size()) > maximumRows_;
}

int CategoryBars::shownRows() const {
    const int all = static_cast<int>(bars_.size());
    return !hasMoreLine() || expanded_ ? all : maximumRows_ - 1;
}

QSize CategoryBars::sizeHint() const {
    return {lengthInEms(this, 16), (shownRows() + (hasMoreLine() ? 1 : 0)) * rowHeight()};
}

QSize CategoryBars::minimumSizeHint() const {
    return {lengthInEms(this, 8), sizeHint().height()};
}

int CategoryBars::rowAt(const QPoint& place) const {
    const int row = place.y() / rowHeight();
    return place.y() >= 0 && row < shownRows() ? row : -1;
}

void CategoryBars::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = themeColors();
    const QFontMetrics metrics = fontMetrics();
    const QFont figures = tabularFont(font());
    const QFontMetrics figureMetrics(figures);
    std::uint64_t largest = 1;
    int countWidth = 0, labelWidth = 0;
    for (const CategoryBar& bar : bars_) {
        largest = std::max(largest, bar.count);
        countWidth = std::max(
            countWidth, figureMetrics.horizontalAdvance(formatCount(static_cast<std::int64_t>(bar.count))));
    }
    for (int i = 0; i < shownRows(); ++i)
        labelWidth =
            std::max(labelWidth, metrics.horizontalAdvance(bars_[static_cast<std::size_t>(i)].label) + 2);
    labelWidth = std::clamp(labelWidth, width() / 4, width() / 2);
    const int gap = metrics.height() / 2, row = rowHeight();
    const int barLeft = labelWidth + gap;
    const int barSpace = std::max(4, width() - barLeft - gap - countWidth);
    const int first = std::max(0, event->rect().top() / row);
    const int last = std::min(shownRows() - 1, event->rect().bottom() / row);
    for (int i = first; i <= last; ++i) {
        const CategoryBar& bar = bars_[static_cast<std::size_t>(i)];
        const int top = i * row;
        painter.setFont(font());
        painter.setPen(colors.text);
        painter.drawText(QRect(0, top, labelWidth, row),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         metrics.elidedText(bar.label, Qt::ElideMiddle, labelWidth));
        const double share = static_cast<double>(bar.count) / static_cast<double>(largest);
        const double thickness = metrics.height() * 0.55;
        const QRectF track(barLeft, top + (row - thickness) / 2, barSpace, thickness);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.track);
        painter.drawRoundedRect(track, 2, 2);
        painter.setBrush(bar.color.isValid() ? bar.color : colors.bar);
        if (bar.count > 0)
            painter.drawRoundedRect(
                QRectF(track.topLeft(), QSizeF(std::max(2.0, barSpace * share), thickness)), 2, 2);
        painter.setFont(figures);
        painter.setPen(colors.muted);
        painter.drawText(QRect(width() - countWidth, top, countWidth, row), Qt::AlignVCenter | Qt::AlignRight,
                         formatCount(static_cast<std::int64_t>(bar.count)));
    }
    if (hasMoreLine()) {
        const int rest = static_cast<int>(bars_.size()) - shownRows();
        const QRect line(0, shownRows() * row, width(), row);
        painter.setFont(font());
        painter.setPen(hasFocus() ? colors.accent : colors.muted);
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                         expanded_ ? tr("Show fewer") : tr("%1 more …").arg(formatCount(rest)));
    }
}

void CategoryBars::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const int row = rowAt(event->pos());
    if (row >= 0)
        emit categoryClicked(bars_[static_cast<std::size_t>(row)].label);
    else if (hasMoreLine() && event->pos().y() >= shownRows() * rowHeight())
        setExpanded(!expanded_);
}

void CategoryBars::keyPressEvent(QKeyEvent* event) {
    if (hasMoreLine() && (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return))
        setExpanded(!expanded_);
    else
        QWidget::keyPressEvent(event);
}

bool CategoryBars::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos());
        if (row >= 0) {
            const CategoryBar& bar = bars_[static_cast<std::size_t>(row)];
            QToolTip::showText(
                help->globalPos(),
                QStringLiteral("%1: %2").arg(bar.label, formatCount(static_cast<std::int64_t>(bar.count))),
                this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void CategoryBars::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

} // namespace ember
