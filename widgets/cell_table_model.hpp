#pragma once
// A table of many cells: columns arrive when they are first looked at, rows are made as they are shown.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QAbstractTableModel>
#include <QString>

#include "core/base/cell_selection.hpp"
#include "widgets/row_filter.hpp"

namespace ember {

/// Values of one column. The functions are called in the GUI thread for rows as they are shown or filtered.
struct CellColumn {
    std::function<QString(std::int64_t row)> text;  ///< as shown
    std::function<double(std::int64_t row)> number; ///< empty for columns that are not numbers; NaN: missing
    std::function<QString(std::int64_t row)> exact; ///< for copying; empty: as shown
    /// Position of each row's value among the sorted distinct values; made in a job, so that sorting is
    /// quick.
    std::vector<std::uint32_t> rank;
    /// Optional: few distinct texts (labels) and each row's, -1 missing: filters test each text once.
    std::vector<QString> labels;
    std::function<std::int32_t(std::int64_t row)> code;
};

/// Sort positions of numbers (NaN last) and of texts (code point order).
std::vector<std::uint32_t> ranksOf(const std::vector<double>& values);
std::vector<std::uint32_t> ranksOf(const std::vector<std::string>& values);

struct CellColumnTitle {
    QString name;
    QString tooltip; ///< data type
    bool numeric = false;
};

class CellTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Forgets everything and starts anew; columns are empty until setColumn().
    void reset(std::int64_t rows, std::vector<CellColumnTitle> titles);
    void setColumn(int column, CellColumn values);
    bool hasColumn(int column) const;
    /// Asks for a column that sorting or filtering will need.
    void requestColumn(int column);

    /// Keeps the rows that match; of all columns that have arrived, or of the named one ("age > 3").
    void setFilter(const RowFilter& filter);
    void sort(int column, Qt::SortOrder order) override; ///< column -1: the file's order
    /// Rows of these cells are tinted. Borrowed; null: none. It counts only when it is one of totalRows()
    /// cells.
    void setSelection(const CellSelection* selection);
    void selectionChanged(); ///< what setSelection() points to has other content now
    CellSelection shownCells() const;
    std::int64_t totalRows() const { return total_; }
    std::int64_t shownRows() const { return static_cast<std::int64_t>(shown_.size()); }
    std::int64_t sourceRow(int row) const { return shown_[static_cast<std::size_t>(row)]; }
    const std::vector<CellColumnTitle>& titles() const { return titles_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void columnNeeded(int column) const; ///< once per column, from data(); answer with setColumn()
    void shownRowsChanged();

private:
    void refresh();
    bool isSelected(int row) const;
    std::vector<std::int64_t> matchingRows() const;
    std::int64_t total_ = 0;
    std::vector<CellColumnTitle> titles_;
    std::vector<std::unique_ptr<CellColumn>> columns_;
    mutable std::vector<bool> asked_;
    std::vector<std::int64_t> shown_; ///< source rows, filtered and sorted
    RowFilter filter_;
    const CellSelection* selection_ = nullptr;
    int sortColumn_ = -1;
    Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
};

} // namespace ember
