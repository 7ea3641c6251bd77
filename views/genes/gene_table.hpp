#pragma once
// A table of genes, gene sets or groups: sorted by its headings, filtered by what is typed, copied.

#include <vector>

#include <QStringList>
#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;
class QTimer;

namespace ember {

class CellTableModel;

struct GeneTableColumn {
    QString title; ///< may be typed in the filter: "padj<0.05"
    QString tooltip;
    QStringList texts;           ///< [rows]; with numbers: what is shown in place of them
    std::vector<double> numbers; ///< [rows]; empty: a column of texts
};

/// Inside it: "<name>View", "<name>Filter".
class GeneTable : public QWidget {
    Q_OBJECT
public:
    /// `what`: "genes", for the filter's words. `columns` of the same number keep the user's sorting.
    GeneTable(const QString& name, const QString& accessible, const QString& what,
              const QString& filterExample, QWidget* parent = nullptr);

    void setColumns(int rows, std::vector<GeneTableColumn> columns);
    void sortBy(int column, Qt::SortOrder order);
    /// Marks a row (of those given to setColumns), and brings it into sight; -1: none. Silent.
    void setCurrent(int row);
    int current() const { return current_; }
    int rows() const;
    std::vector<int> shown() const; ///< rows that the filter lets through, in the order shown
    void setFilterText(const QString& text);
    QTableView* view() const { return view_; }

signals:
    void chosen(int row); ///< by the user

private:
    void applyFilter();
    void showCount();
    void mark();
    QString what_;
    CellTableModel* model_;
    QTableView* view_;
    QLineEdit* filter_;
    QLabel *count_, *note_;
    QTimer* delay_;
    int current_ = -1;
    bool quiet_ = false;
};

} // namespace ember
