#include "widgets/category_legend_model.hpp"

#include <algorithm>

#include <QMimeData>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"
#include "widgets/point_order.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

const QString mimeType = QStringLiteral("application/x-emberview-category");

} // namespace

void CategoryLegendModel::setColors(const PointColors& colors) {
    const bool same = colors.names == colors_.names && colors.codes == colors_.codes;
    const bool sameRows = same && colors.order == colors_.order;
    colors_ = colors;
    if (!same || counts_.empty())
        counts_ = categoryCounts(colors_);
    if (!same)
        all_ = false;
    if (sameRows && !rows_.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
    else
        rebuild();
}

void CategoryLegendModel::setFilter(const QString& text) {
    filter_ = text;
    rebuild();
}

void CategoryLegendModel::showAll() {
    all_ = true;
    rebuild();
}

void CategoryLegendModel::rebuild() {
    beginResetModel();
    order_ = legendOrder(colors_, counts_);
    rows_.clear();
    for (const int category : order_) {
        if (filter_.isEmpty() || colors_.names[category].contains(filter_, Qt::CaseInsensitive))
            rows_.push_back(category);
    }
    matches_ = rows_.size();
    const bool cut = !all_ && rows_.size() > firstRows;
    if (cut)
        rows_.resize(firstRows);
    if (!counts_.empty() && counts_.back() > 0 && filter_.isEmpty())
        rows_.push_back(missing);
    if (cut)
        rows_.push_back(more);
    endResetModel();
}

int CategoryLegendModel::rowOf(int category) const {
    const auto found = std::find(rows_.begin(), rows_.end(), category);
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

void CategoryLegendModel::changed() {
    if (!rows_.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
    emit edited(colors_);
}

void CategoryLegendModel::toggle(int category) {
    if (category == missing) {
        colors_.missingHidden = !colors_.missingHidden;
    } else {
        colors_.hidden.resize(static_cast<std::size_t>(colors_.names.size()));
        colors_.hidden[static_cast<std::size_t>(category)] ^= 1;
    }
    changed();
}

void CategoryLegendModel::isolate(int category) {
    std::vector<std::uint8_t> alone(static_cast<std::size_t>(colors_.names.size()), 1);
    if (category >= 0)
        alone[static_cast<std::size_t>(category)] = 0;
    const bool missingHidden = category != missing;
    if (colors_.hidden == alone && colors_.missingHidden == missingHidden) {
        showEverything();
        return;
    }
    colors_.hidden = std::move(alone);
    colors_.missingHidden = missingHidden;
    changed();
}

void CategoryLegendModel::showEverything() {
    colors_.hidden.clear();
    colors_.missingHidden = false;
    changed();
}

void CategoryLegendModel::recolor(int category, const QColor& color) {
    if (category < 0 || !color.isValid())
        return;
    if (colors_.colors.size() < static_cast<std::size_t>(colors_.names.size()))
        colors_.colors.resize(static_cast<std::size_t>(colors_.names.size()));
    colors_.colors[static_cast<std::size_t>(category)] = color;
    changed();
}

void CategoryLegendModel::resetColors() {
    colors_.colors = categoryColors(static_cast<int>(colors_.names.size()));
    changed();
}

void CategoryLegendModel::move(int category, int before) {
    if (category < 0 || category == before || before == more)
        return;
    std::vector<int> order = order_;
    std::erase(order, category);
    order.insert(std::find(order.begin(), order.end(), before), category);
    if (order == order_)
        return;
    colors_.order = std::move(order);
    rebuild();
    emit edited(colors_);
}

int CategoryLegendModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QString CategoryLegendModel::moreText() const {
    return tr("%1 more").arg(formatCount(static_cast<qint64>(matches_) - firstRows));
}

QVariant CategoryLegendModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int category = categoryAt(index.row());
    if (category == more) {
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return moreText();
        return role == moreRole ? QVariant(true) : QVariant();
    }
    const bool none = category == missing;
    const bool shown = none ? !colors_.missingHidden : !colors_.isHidden(category);
    const auto count = counts_[none ? counts_.size() - 1 : static_cast<std::size_t>(category)];
    const QString name = none ? tr("Missing") : colors_.names[category];
    switch (role) {
    case Qt::DisplayRole:
        return name;
    case Qt::ToolTipRole:
        return tr("%1: %2 (click hides or shows, double click shows only this)")
            .arg(name, formatCount(static_cast<qint64>(count), tr("point"), tr("points")));
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3")
            .arg(name, formatCount(static_cast<qint64>(count), tr("point"), tr("points")),
                 shown ? tr("shown") : tr("hidden"));
    case Qt::CheckStateRole:
        return shown ? Qt::Checked : Qt::Unchecked;
    case countTextRole:
        return formatCount(static_cast<qint64>(count));
    case colorRole:
        return none ? missingPointColor(themeColors()) : colors_.colorOf(category);
    case shownRole:
        return shown;
    default:
        return {};
    }
}

Qt::ItemFlags CategoryLegendModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return categoryAt(index.row()) >= 0 ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList CategoryLegendModel::mimeTypes() const {
    return {mimeType};
}

QMimeData* CategoryLegendModel::mimeData(const QModelIndexList& indexes) const {
    auto* data = new QMimeData; // the caller owns it
    if (!indexes.isEmpty())
        data->setData(mimeType, QByteArray::number(categoryAt(indexes.first().row())));
    return data;
}

bool CategoryLegendModel::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int,
                                       const QModelIndex& parent) {
    bool known = false;
    const int category = data->data(mimeType).toInt(&known);
    if (!known || category < 0 || category >= colors_.names.size())
        return false;
    const int place = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    if (place < rowCount() && categoryAt(place) >= 0) {
        move(category, categoryAt(place));
        return true;
    }
    // Behind the last category that is shown.
    for (int last = std::min(place, rowCount()) - 1; last >= 0; --last) {
        if (categoryAt(last) < 0)
            continue;
        const auto next = std::find(order_.begin(), order_.end(), categoryAt(last)) + 1;
        move(category, next == order_.end() ? missing : *next);
        break;
    }
    return true;
}

} // namespace ember
