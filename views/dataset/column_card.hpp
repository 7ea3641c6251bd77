#pragma once
// One obs column: its name, type, missing values, and its picture.

#include <QFrame>

#include "views/dataset/column_summary.hpp"

class QLabel;
class QVBoxLayout;

namespace ember {

class ElidedLabel;

/// Object name "column-<name>".
class ColumnCard : public QFrame {
    Q_OBJECT
public:
    ColumnCard(const QString& name, const QString& dtype, QWidget* parent = nullptr);
    void setSummary(const ColumnSummary& summary);
    void setNote(const QString& note); ///< in place of a picture that does not come

private:
    QVBoxLayout* column_;
    QLabel *type_, *note_;
};

} // namespace ember
