#include "widgets/flow_layout.hpp"

#include <algorithm>
#include <cmath>

#include <QWidget>

namespace ember {

FlowLayout::FlowLayout(QWidget* parent, double minimumEms) : QLayout(parent), minimumEms_(minimumEms) {
    setContentsMargins(0, 0, 0, 0);
    setSpacing(10);
}

FlowLayout::~FlowLayout() {
    for (QLayoutItem* item : items_)
        delete item;
}

void FlowLayout::addItem(QLayoutItem* item) {
    items_.push_back(item);
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? items_[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem* item = items_[static_cast<std::size_t>(index)];
    items_.erase(items_.begin() + index);
    return item;
}

int FlowLayout::minimumWidth() const {
    const QWidget* widget = parentWidget();
    const int line = widget == nullptr ? 16 : widget->fontMetrics().height();
    return static_cast<int>(std::lround(minimumEms_ * line));
}

int FlowLayout::heightForWidth(int width) const {
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const {
    const int width = minimumWidth() * 3;
    return {width, heightForWidth(width)};
}

QSize FlowLayout::minimumSize() const {
    return {minimumWidth(), 0};
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool apply) const {
    std::vector<QLayoutItem*> shown;
    std::copy_if(items_.begin(), items_.end(), std::back_inserter(shown),
                 [](QLayoutItem* i) { return !i->isEmpty(); });
    const int gap = std::max(0, spacing());
    const int perLine = std::max(1, (rect.width() + gap) / (minimumWidth() + gap));
    const int width = (rect.width() - gap * (perLine - 1)) / perLine;
    int top = rect.top();
    for (std::size_t first = 0; first < shown.size(); first += static_cast<std::size_t>(perLine)) {
        const std::size_t end = std::min(shown.size(), first + static_cast<std::size_t>(perLine));
        int tallest = 0;
        for (std::size_t i = first; i < end; ++i) {
            QLayoutItem* item = shown[i];
            tallest = std::max(tallest, item->hasHeightForWidth() ? item->heightForWidth(width)
                                                                  : item->sizeHint().height());
        }
        for (std::size_t i = first; apply && i < end; ++i)
            shown[i]->setGeometry(
                QRect(rect.left() + static_cast<int>(i - first) * (width + gap), top, width, tallest));
        top += tallest + gap;
    }
    return shown.empty() ? 0 : top - gap - rect.top();
}

} // namespace ember
