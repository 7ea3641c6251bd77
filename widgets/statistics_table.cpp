#include "widgets/statistics_table.hpp"

#include <cmath>

#include <QHeaderView>
#include <QPainter>
#include <QPixmap>
#include <QSortFilterProxyModel>

#include "widgets/formatting.hpp"
#include "widgets/sort_header.hpp"
#include "widgets/table_copy.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

double figureOf(const StatisticsRow& row, int column) {
    switch (column) {
    case StatisticsModel::cells:
        return static_cast<double>(row.cells);
    case StatisticsModel::mean:
        return row.mean;
    case StatisticsModel::std:
        return row.std;
    case StatisticsModel::min:
        return row.min;
    case StatisticsModel::max:
        return row.max;
    case StatisticsModel::sparsity:
        return row.sparsity;
    case StatisticsModel::magnitude:
        return row.magnitude;
    default:
        return std::nan("");
    }
}

bool isCount(int column) {
    return column == StatisticsModel::cells || column == StatisticsModel::selected;
}

QString shownText(double figure, int column) {
    if (isCount(column))
        return formatCount(static_cast<std::int64_t>(figure));
    return column == StatisticsModel::sparsity ? formatPercentInColumn(figure) : formatInColumn(figure);
}

QString exactText(double figure, int column) {
    return isCount(column) ? QString::number(static_cast<qint64>(figure)) : formatExact(figure);
}

QPixmap swatch(const QColor& color) {
    QPixmap pixmap(40, 40);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(4, 4, 32, 32), 6, 6);
    return pixmap;
}

/// Numbers by value, missing ones last in either direction.
class StatisticsProxy : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override {
        const auto* model = static_cast<const StatisticsModel*>(sourceModel());
        if (const int last = static_cast<int>(model->rows().size());
            left.row() == last || right.row() == last)
            return (sortOrder() == Qt::AscendingOrder) == (right.row() == last);
        if (left.column() == StatisticsModel::group)
            return left.row() < right.row(); // the categories' own order
        const double a = left.data(StatisticsModel::sortRole).toDouble();
        const double b = right.data(StatisticsModel::sortRole).toDouble();
        if (std::isnan(a) || std::isnan(b)) {
            const bool last = !std::isnan(a) && std::isnan(b);
            return sortOrder() == Qt::AscendingOrder ? last : std::isnan(a) && !std::isnan(b);
        }
        return a < b;
    }
};

} // namespace

void StatisticsModel::setRows(std::vector<StatisticsRow> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    all_.reset();
    selected_.assign(rows_.size(), 0);
    endResetModel();
}

void StatisticsModel::setSelected(std::optional<StatisticsRow> all, std::vector<std::uint64_t> byRow) {
    const int last = static_cast<int>(rows_.size());
    byRow.resize(rows_.size());
    selected_ = std::move(byRow);
    if (all.has_value() == all_.has_value()) {
        all_ = std::move(all);
    } else if (all) {
        beginInsertRows({}, last, last);
        all_ = std::move(all);
        endInsertRows();
    } else {
        beginRemoveRows({}, last, last);
        all_.reset();
        endRemoveRows();
    }
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
}

const StatisticsRow& StatisticsModel::at(int row) const {
    return row < static_cast<int>(rows_.size()) ? rows_[static_cast<std::size_t>(row)] : *all_;
}

double StatisticsModel::figure(int row, int column) const {
    if (column != selected)
        return figureOf(at(row), column);
    const bool group = row < static_cast<int>(rows_.size());
    return static_cast<double>(group ? selected_[static_cast<std::size_t>(row)] : all_->cells);
}

void StatisticsModel::setGroupTitle(const QString& title) {
    groupTitle_ = title;
    emit headerDataChanged(Qt::Horizontal, group, group);
}

int StatisticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size()) + (all_ ? 1 : 0);
}

int StatisticsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columnCount_;
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const StatisticsRow& row = at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return column == group ? row.group : shownText(figure(index.row(), column), column);
    case Qt::ToolTipRole:
        return column == group ? row.group : exactText(figure(index.row(), column), column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((column == group ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::DecorationRole:
        return column == group && row.color.isValid() ? QVariant(QIcon(swatch(row.color))) : QVariant();
    case exactTextRole:
        return column == group ? row.group : exactText(figure(index.row(), column), column);
    case sortRole:
        return column == group ? QVariant(row.group) : QVariant(figure(index.row(), column));
    default:
        return {};
    }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == group ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case std:
            return tr("Population standard deviation over all values");
        case sparsity:
            return tr("Share of values that count as zero");
        case magnitude:
            return tr("Mean Euclidean norm of the cells' rows");
        case selected:
            return tr("Selected cells of the group");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case group:
        return groupTitle_.isEmpty() ? tr("Group") : groupTitle_;
    case cells:
        return tr("Cells");
    case mean:
        return tr("Mean");
    case std:
        return tr("Std");
    case min:
        return tr("Min");
    case max:
        return tr("Max");
    case sparsity:
        return tr("Sparsity");
    case magnitude:
        return tr("Magnitude");
    case selected:
        return tr("Selected");
    default:
        return {};
    }
}

StatisticsTable::StatisticsTable(QWidget* parent) : QTableView(parent), model_(new StatisticsModel(this)) {
    setObjectName(QStringLiteral("statisticsTable"));
    setAccessibleName(tr("Statistics"));
    auto* proxy = new StatisticsProxy(this);
    proxy->setSourceModel(model_);
    setHorizontalHeader(new SortHeader(this));
    setModel(proxy);
    setFont(tabularFont(font()));
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(lengthInEms(this, 1.55));
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(StatisticsModel::group, QHeaderView::Stretch);
    horizontalHeader()->setMinimumSectionSize(lengthInEms(this, 3.2));
    setColumnHidden(StatisticsModel::selected, true);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    addCopyActions(this);
}

void StatisticsTable::setRows(std::vector<StatisticsRow> rows) {
    model_->setRows(std::move(rows));
    updateGeometry();
}

void StatisticsTable::setSelected(std::optional<StatisticsRow> all, std::vector<std::uint64_t> byRow) {
    const bool any = all.has_value();
    model_->setSelected(std::move(all), std::move(byRow));
    if (isColumnHidden(StatisticsModel::selected) == any)
        setColumnHidden(StatisticsModel::selected, !any);
}

std::vector<int> StatisticsTable::chosenRows() const {
    std::vector<int> rows;
    const auto* proxy = static_cast<const QSortFilterProxyModel*>(model());
    for (const QModelIndex& index : selectionModel()->selectedRows()) {
        if (const int row = proxy->mapToSource(index).row(); row < static_cast<int>(model_->rows().size()))
            rows.push_back(row);
    }
    return rows;
}

QString StatisticsTable::asTsv() const {
    QStringList lines;
    const auto line = [this](const auto& cell) {
        QStringList parts;
        for (int column = 0; column < StatisticsModel::columnCount_; ++column) {
            if (!isColumnHidden(column))
                parts << cell(column);
        }
        return parts.join(QLatin1Char('\t'));
    };
    lines << line([this](int c) { return model()->headerData(c, Qt::Horizontal).toString(); });
    for (int row = 0; row < model()->rowCount(); ++row)
        lines << line([this, row](int c) { return model()->index(row, c).data(exactTextRole).toString(); });
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QSize StatisticsTable::sizeHint() const {
    const int rows = std::min(12, std::max(1, static_cast<int>(model_->rows().size())));
    const int height = horizontalHeader()->sizeHint().height() +
                       (2 * rows + 4) * verticalHeader()->defaultSectionSize() / 2 + 2 * frameWidth() + 6;
    return {lengthInEms(this, 34), height};
}

} // namespace ember
