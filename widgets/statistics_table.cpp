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

QString shownText(const StatisticsRow& row, int column) {
    if (column == StatisticsModel::group)
        return row.group;
    if (column == StatisticsModel::cells)
        return formatCount(static_cast<std::int64_t>(row.cells));
    if (column == StatisticsModel::sparsity)
        return formatPercentInColumn(row.sparsity);
    return formatInColumn(figureOf(row, column));
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
    endResetModel();
}

void StatisticsModel::setGroupTitle(const QString& title) {
    groupTitle_ = title;
    emit headerDataChanged(Qt::Horizontal, group, group);
}

int StatisticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int StatisticsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columnCount_;
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const StatisticsRow& row = rows_[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return shownText(row, column);
    case Qt::ToolTipRole:
        return column == group ? row.group : formatExact(figureOf(row, column));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((column == group ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::DecorationRole:
        return column == group && row.color.isValid() ? QVariant(QIcon(swatch(row.color))) : QVariant();
    case exactTextRole:
        if (column == group)
            return row.group;
        return column == cells ? QString::number(row.cells) : formatExact(figureOf(row, column));
    case sortRole:
        return column == group ? QVariant(row.group) : QVariant(figureOf(row, column));
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
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    addCopyActions(this);
}

void StatisticsTable::setRows(std::vector<StatisticsRow> rows) {
    model_->setRows(std::move(rows));
    updateGeometry();
}

QString StatisticsTable::asTsv() const {
    QStringList lines;
    const auto line = [](const auto& cell) {
        QStringList parts;
        for (int column = 0; column < StatisticsModel::columnCount_; ++column)
            parts << cell(column);
        return parts.join(QLatin1Char('\t'));
    };
    lines << line([this](int c) { return model()->headerData(c, Qt::Horizontal).toString(); });
    for (int row = 0; row < model()->rowCount(); ++row)
        lines << line([this, row](int c) { return model()->index(row, c).data(exactTextRole).toString(); });
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

QSize StatisticsTable::sizeHint() const {
    const int rows = std::min(12, std::max(1, model_->rowCount()));
    const int height = horizontalHeader()->sizeHint().height() +
                       rows * verticalHeader()->defaultSectionSize() + 2 * frameWidth() + 6;
    return {lengthInEms(this, 34), height};
}

} // namespace ember
