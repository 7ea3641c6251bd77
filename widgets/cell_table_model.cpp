#include "widgets/cell_table_model.hpp"

#include <QBrush>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "widgets/formatting.hpp"
#include "widgets/table_copy.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

template<typename Value, typename Less>
std::vector<std::uint32_t> ranks(const std::vector<Value>& values, Less less) {
    std::vector<std::uint32_t> order(values.size()), rank(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return less(values[a], values[b]); });
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && less(values[order[i - 1]], values[order[i]]))
            ++next;
        rank[order[i]] = next;
    }
    return rank;
}

/// Rows in order of their rank, equal ones in the order given: counting sort, because ranks are dense.
std::vector<std::int64_t> sortedByRank(const std::vector<std::int64_t>& rows,
                                       const std::vector<std::uint32_t>& rank, bool descending) {
    const std::uint32_t top = rank.empty() ? 0 : *std::max_element(rank.begin(), rank.end());
    const auto keyOf = [&](std::int64_t row) {
        const std::uint32_t key = rank[static_cast<std::size_t>(row)];
        return static_cast<std::size_t>(descending ? top - key : key);
    };
    std::vector<std::size_t> place(static_cast<std::size_t>(top) + 2, 0);
    for (const std::int64_t row : rows)
        ++place[keyOf(row) + 1];
    std::partial_sum(place.begin(), place.end(), place.begin());
    std::vector<std::int64_t> sorted(rows.size());
    for (const std::int64_t row : rows)
        sorted[place[keyOf(row)]++] = row;
    return sorted;
}

/// A test of one column's rows against one term; texts of labels are compared once, not once per cell.
std::function<bool(std::int64_t)> testOf(const CellColumn& column, const FilterTerm& term) {
    const bool byNumber = column.number && term.kind != FilterTerm::Kind::contains;
    if (byNumber)
        return [&column, &term](std::int64_t row) { return matches(term, column.number(row)); };
    if (!column.code)
        return [&column, &term](std::int64_t row) { return matches(term, column.text(row)); };
    std::vector<char> hit;
    for (const QString& label : column.labels) {
        const bool numeric = !std::isnan(term.number) && term.kind != FilterTerm::Kind::contains;
        bool isNumber = false;
        const double number = numeric ? label.toDouble(&isNumber) : 0;
        hit.push_back(matches(term, label) || (isNumber && matches(term, number)) ? 1 : 0);
    }
    return [&column, hit](std::int64_t row) {
        const std::int32_t code = column.code(row);
        return code >= 0 && hit[static_cast<std::size_t>(code)] != 0;
    };
}

} // namespace

std::vector<std::uint32_t> ranksOf(const std::vector<double>& values) {
    return ranks(values, [](double a, double b) {
        if (std::isnan(a) || std::isnan(b))
            return !std::isnan(a) && std::isnan(b);
        return a < b;
    });
}

std::vector<std::uint32_t> ranksOf(const std::vector<std::string>& values) {
    return ranks(values, [](const std::string& a, const std::string& b) { return a < b; });
}

void CellTableModel::reset(std::int64_t rows, std::vector<CellColumnTitle> titles) {
    beginResetModel();
    total_ = rows;
    titles_ = std::move(titles);
    columns_.clear();
    columns_.resize(titles_.size());
    asked_.assign(titles_.size(), false);
    filter_ = {};
    sortColumn_ = -1;
    shown_.resize(static_cast<std::size_t>(rows));
    std::iota(shown_.begin(), shown_.end(), std::int64_t{0});
    endResetModel();
    emit shownRowsChanged();
}

void CellTableModel::setColumn(int column, CellColumn values) {
    columns_[static_cast<std::size_t>(column)] = std::make_unique<CellColumn>(std::move(values));
    asked_[static_cast<std::size_t>(column)] = true;
    const bool sorts = sortColumn_ == column;
    const bool filters = std::any_of(filter_.terms.begin(), filter_.terms.end(), [&](const FilterTerm& term) {
        return term.column.isEmpty() || term.column == titles_[static_cast<std::size_t>(column)].name;
    });
    if (sorts || filters)
        refresh();
    else if (rowCount() > 0)
        emit dataChanged(index(0, column), index(rowCount() - 1, column));
}

bool CellTableModel::hasColumn(int column) const {
    return column >= 0 && column < columnCount() && columns_[static_cast<std::size_t>(column)] != nullptr;
}

void CellTableModel::requestColumn(int column) {
    if (column < 0 || column >= columnCount() || asked_[static_cast<std::size_t>(column)])
        return;
    asked_[static_cast<std::size_t>(column)] = true;
    emit columnNeeded(column);
}

void CellTableModel::setFilter(const RowFilter& filter) {
    filter_ = filter;
    for (const FilterTerm& term : filter_.terms) {
        for (int column = 0; column < columnCount(); ++column) {
            if (term.column.isEmpty() || titles_[static_cast<std::size_t>(column)].name == term.column)
                requestColumn(column);
        }
    }
    refresh();
}

void CellTableModel::sort(int column, Qt::SortOrder order) {
    sortColumn_ = column;
    sortOrder_ = order;
    requestColumn(column);
    refresh();
}

std::vector<std::int64_t> CellTableModel::matchingRows() const {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(total_));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    for (const FilterTerm& term : filter_.terms) {
        std::vector<std::function<bool(std::int64_t)>> tests;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i] != nullptr && (term.column.isEmpty() || term.column == titles_[i].name))
                tests.push_back(testOf(*columns_[i], term));
        }
        std::erase_if(rows, [&tests](std::int64_t row) {
            return std::none_of(tests.begin(), tests.end(), [row](const auto& test) { return test(row); });
        });
    }
    return rows;
}

void CellTableModel::refresh() {
    beginResetModel();
    shown_ = matchingRows();
    if (hasColumn(sortColumn_)) {
        const auto& rank = columns_[static_cast<std::size_t>(sortColumn_)]->rank;
        if (rank.size() == static_cast<std::size_t>(total_))
            shown_ = sortedByRank(shown_, rank, sortOrder_ == Qt::DescendingOrder);
        if (const auto& number = columns_[static_cast<std::size_t>(sortColumn_)]->number)
            std::stable_partition(shown_.begin(), shown_.end(),
                                  [&number](std::int64_t row) { return !std::isnan(number(row)); });
    }
    endResetModel();
    emit shownRowsChanged();
}

void CellTableModel::setSelection(const CellSelection* selection) {
    selection_ = selection;
    selectionChanged();
}

void CellTableModel::selectionChanged() {
    if (rowCount() > 0 && columnCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::BackgroundRole});
}

bool CellTableModel::isSelected(int row) const {
    return selection_ != nullptr && selection_->size() == static_cast<std::size_t>(total_) &&
           selection_->contains(static_cast<std::size_t>(sourceRow(row)));
}

CellSelection CellTableModel::shownCells() const {
    CellSelection cells(static_cast<std::size_t>(total_));
    for (const std::int64_t row : shown_)
        cells.insert(static_cast<std::size_t>(row));
    return cells;
}

int CellTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int CellTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(titles_.size());
}

QVariant CellTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto column = static_cast<std::size_t>(index.column());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((titles_[column].numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::BackgroundRole) {
        constexpr int alpha = 56;
        QColor tint = themeColors().accent;
        tint.setAlpha(alpha);
        return isSelected(index.row()) ? QVariant(QBrush(tint)) : QVariant();
    }
    if (role == Qt::AccessibleDescriptionRole)
        return isSelected(index.row()) ? QVariant(tr("Selected cell")) : QVariant();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != exactTextRole)
        return {};
    if (columns_[column] == nullptr) {
        if (!asked_[column]) {
            asked_[column] = true;
            emit columnNeeded(index.column());
        }
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("…")) : QVariant();
    }
    const std::int64_t row = sourceRow(index.row());
    const CellColumn& values = *columns_[column];
    return role == Qt::DisplayRole || !values.exact ? values.text(row) : values.exact(row);
}

QVariant CellTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(formatCount(sourceRow(section) + 1)) : QVariant();
    const auto column = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole)
        return titles_[column].name;
    if (role == Qt::ToolTipRole)
        return titles_[column].tooltip;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((titles_[column].numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return {};
}

} // namespace ember
