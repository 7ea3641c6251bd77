#pragma once
// The cell table with its filter field and count.

#include <QWidget>

#include "widgets/cell_table_model.hpp"

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;
class QTimer;

namespace ember {

/// Object names: "cellTable", inside "cellTableView", "cellTableFilter", "cellTableSelect".
class CellTable : public QWidget {
    Q_OBJECT
public:
    explicit CellTable(QWidget* parent = nullptr);
    CellTableModel* model() const { return model_; }
    QTableView* view() const { return view_; }
    QLineEdit* filterField() const { return filter_; }
    QString filterText() const;
    void setFilterText(const QString& text);

signals:
    /// The user selects the cells that the filter shows.
    void cellsSelected(const ember::CellSelection& cells, ember::SelectionMode mode);

private:
    void selectShown();
    void applyFilter();
    void showCount();
    CellTableModel* model_;
    QTableView* view_;
    QLineEdit* filter_;
    QPushButton* select_;
    QLabel *count_, *note_;
    QTimer* delay_;
};

} // namespace ember
