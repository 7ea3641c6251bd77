#include "widgets/color_bar.hpp"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double handleSize = 6, barWidth = 18, histogramWidth = 44;

} // namespace

ColorRangeSlider::ColorRangeSlider(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("colorRange"));
    setAccessibleName(tr("Range of the colours"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SplitVCursor);
}

void ColorRangeSlider::setRange(ValueRange whole, ValueRange chosen, ColorMap map) {
    whole_ = {std::min(whole.low, chosen.low), std::max(whole.high, chosen.high)};
    chosen_ = chosen;
    map_ = map;
    mirrored_ = map == ColorMap::diverging;
    setAccessibleDescription(tr("%1 to %2").arg(formatNumber(chosen.low), formatNumber(chosen.high)));
    update();
}

void ColorRangeSlider::setHistogram(std::vector<double> shares) {
    histogram_ = std::move(shares);
    update();
}

QRectF ColorRangeSlider::bar() const {
    return {handleSize + 2, handleSize, barWidth, std::max(10.0, height() - 2 * handleSize)};
}

double ColorRangeSlider::placeOf(double value) const {
    const QRectF b = bar();
    return b.bottom() - (value - whole_.low) / (whole_.high - whole_.low) * b.height();
}

double ColorRangeSlider::valueAt(double place) const {
    const QRectF b = bar();
    return whole_.low + std::clamp((b.bottom() - place) / b.height(), 0.0, 1.0) * (whole_.high - whole_.low);
}

void ColorRangeSlider::paintEvent(QPaintEvent*) {
    const ThemeColors& theme = themeColors();
    QPainter painter(this);
    const QRectF b = bar();
    for (int y = static_cast<int>(b.top()); y < static_cast<int>(b.bottom()); ++y) {
        const double share = (valueAt(y + 0.5) - chosen_.low) / (chosen_.high - chosen_.low);
        painter.fillRect(QRectF(b.left(), y, b.width(), 1), QColor::fromRgb(colorMapAt(map_, share)));
    }
    const double step = b.height() / static_cast<double>(std::max<std::size_t>(1, histogram_.size()));
    for (std::size_t i = 0; i < histogram_.size(); ++i)
        painter.fillRect(QRectF(b.right() + 4, b.bottom() - step * static_cast<double>(i + 1),
                                histogram_[i] * histogramWidth, std::max(1.0, step - 0.5)),
                         theme.bar);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const bool high : {false, true}) {
        const double y = placeOf(high ? chosen_.high : chosen_.low);
        const bool active = hasFocus() && high == high_;
        painter.setPen(QPen(theme.surface, 1));
        painter.setBrush(active ? theme.accent : theme.text);
        painter.drawPolygon(
            QPolygonF({QPointF(b.left() + 1, y), QPointF(b.left() - handleSize - 1, y - handleSize),
                       QPointF(b.left() - handleSize - 1, y + handleSize)}));
        painter.setPen(QPen(active ? theme.accent : theme.text, 1.5));
        painter.drawLine(QPointF(b.left(), y), QPointF(b.right(), y));
    }
}

void ColorRangeSlider::moveHandle(double value) {
    // The handles never meet.
    const double least = (whole_.high - whole_.low) * 1e-3;
    const double bounded = std::clamp(value, whole_.low, whole_.high);
    if (mirrored_) {
        const double far = std::max(high_ ? bounded : -bounded, least);
        chosen_ = {-far, far};
    } else if (high_) {
        chosen_.high = std::max(bounded, chosen_.low + least);
    } else {
        chosen_.low = std::min(bounded, chosen_.high - least);
    }
    setAccessibleDescription(tr("%1 to %2").arg(formatNumber(chosen_.low), formatNumber(chosen_.high)));
    update();
}

void ColorRangeSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const double y = event->position().y();
    const double toLow = std::fabs(y - placeOf(chosen_.low)), toHigh = std::fabs(y - placeOf(chosen_.high));
    high_ = toHigh < toLow || (toHigh == toLow && y < placeOf(chosen_.high));
    dragging_ = true;
    mouseMoveEvent(event);
}

void ColorRangeSlider::mouseMoveEvent(QMouseEvent* event) {
    if (!dragging_)
        return;
    moveHandle(valueAt(event->position().y()));
    emit moved(chosen_.low, chosen_.high);
}

void ColorRangeSlider::mouseReleaseEvent(QMouseEvent* event) {
    if (!dragging_ || event->button() != Qt::LeftButton)
        return;
    dragging_ = false;
    emit released(chosen_.low, chosen_.high);
}

void ColorRangeSlider::keyPressEvent(QKeyEvent* event) {
    double steps = 0;
    switch (event->key()) {
    case Qt::Key_Up:
        steps = 1;
        break;
    case Qt::Key_Down:
        steps = -1;
        break;
    case Qt::Key_PageUp:
        steps = 10;
        break;
    case Qt::Key_PageDown:
        steps = -10;
        break;
    case Qt::Key_Left:
    case Qt::Key_Right:
        high_ = event->key() == Qt::Key_Right;
        update();
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    moveHandle((high_ ? chosen_.high : chosen_.low) + steps * (whole_.high - whole_.low) / 100);
    emit released(chosen_.low, chosen_.high);
}

QSize ColorRangeSlider::sizeHint() const {
    return {static_cast<int>(handleSize + barWidth + histogramWidth) + 10, lengthInEms(this, 11)};
}

QSize ColorRangeSlider::minimumSizeHint() const {
    return {static_cast<int>(handleSize + barWidth) + 6, lengthInEms(this, 4)};
}

} // namespace ember
