#include "views/compare/compare_edit.hpp"

#include <QComboBox>

namespace ember {

QComboBox* makeCompareBox(const char* name, const QString& accessible, const QString& tip) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

} // namespace ember
