#include "widgets/sort_header.hpp"

#include <QStyleOptionHeader>

namespace ember {

SortHeader::SortHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
    setSortIndicatorClearable(true);
}

void SortHeader::initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const {
    QHeaderView::initStyleOptionForIndex(option, logicalIndex);
    option->sortIndicator = QStyleOptionHeader::None;
    if (!isSortIndicatorShown() || sortIndicatorSection() != logicalIndex)
        return;
    const QString arrow =
        sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral("↑") : QStringLiteral("↓");
    const bool right = (option->textAlignment & Qt::AlignRight) != 0;
    option->text = right ? arrow + QLatin1Char(' ') + option->text : option->text + QLatin1Char(' ') + arrow;
}

} // namespace ember
