#pragma once
// A table's heading whose sort arrow stands in the text, so that it never covers it.

#include <QHeaderView>

namespace ember {

class SortHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit SortHeader(QWidget* parent = nullptr);

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int logicalIndex) const override;
};

} // namespace ember
