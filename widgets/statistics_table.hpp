#pragma once
// Statistics of groups of cells: a sortable table that can be copied and saved.

#include <cstdint>
#include <optional>
#include <vector>

#include <QAbstractTableModel>
#include <QColor>
#include <QString>
#include <QTableView>

namespace ember {

/// One line; figures that do not exist are NaN.
struct StatisticsRow {
    QString group;
    std::uint64_t cells = 0;
    double mean = 0, std = 0, min = 0, max = 0;
    double sparsity = 0; ///< 0 … 1
    double magnitude = 0;
    QColor color; ///< swatch before the group's name; invalid: none
};

class StatisticsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { group, cells, mean, std, min, max, sparsity, magnitude, selected, columnCount_ };
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<StatisticsRow> rows);
    const std::vector<StatisticsRow>& rows() const { return rows_; }
    /// A last line about the selected cells, and how many of them are in each row. No line without `all`.
    void setSelected(std::optional<StatisticsRow> all, std::vector<std::uint64_t> byRow);
    const std::optional<StatisticsRow>& selectedRow() const { return all_; }
    void setGroupTitle(const QString& title); ///< heading of the first column, "condition"

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static constexpr int sortRole = Qt::UserRole + 1; ///< numbers as numbers, NaN last

private:
    double figure(int row, int column) const;
    const StatisticsRow& at(int row) const;
    std::vector<StatisticsRow> rows_;
    std::optional<StatisticsRow> all_;
    std::vector<std::uint64_t> selected_; ///< [rows]
    QString groupTitle_;
};

/// Object name "statisticsTable". Sorted by clicking a heading; a third click brings the file's order back.
class StatisticsTable : public QTableView {
    Q_OBJECT
public:
    explicit StatisticsTable(QWidget* parent = nullptr);
    void setRows(std::vector<StatisticsRow> rows);
    const std::vector<StatisticsRow>& rows() const { return model_->rows(); }
    void setGroupTitle(const QString& title) { model_->setGroupTitle(title); }
    /// See StatisticsModel; the column of counts is shown only while cells are selected.
    void setSelected(std::optional<StatisticsRow> all, std::vector<std::uint64_t> byRow);
    const std::optional<StatisticsRow>& selectedRow() const { return model_->selectedRow(); }
    std::vector<int> chosenRows() const; ///< indices into rows() of the rows that the user has marked
    QString asTsv() const;               ///< all rows, shown order, full precision
    QSize sizeHint() const override;     ///< all rows when they are few

private:
    StatisticsModel* model_;
};

} // namespace ember
