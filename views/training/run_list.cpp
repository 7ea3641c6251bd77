#include "views/training/run_list.hpp"

#include <algorithm>

#include <QMouseEvent>
#include <QPainter>

#include "views/training/run_words.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int edge = 8, gap = 4;

QRect boxOf(const QRect& row, const QFontMetrics& metrics) {
    const int side = metrics.height() - 2;
    return {row.left() + edge, row.top() + edge, side, side};
}

} // namespace

RunListModel::RunListModel(RunStore& store, QObject* parent) : QAbstractListModel(parent), store_(store) {
    refresh();
}

void RunListModel::refresh() {
    QStringList paths;
    for (const RunSnapshotPtr& run : store_.runs()) {
        paths << runPath(*run);
    }
    for (const QString& path : paths) {
        if (!colors_.contains(path)) {
            int free = 0;
            const auto taken = [&] {
                return std::any_of(colors_.begin(), colors_.end(),
                                   [&](const auto& entry) { return entry.second == free; });
            };
            while (taken()) {
                ++free;
            }
            colors_[path] = free;
        }
    }
    if (paths != paths_) {
        beginResetModel();
        paths_ = paths;
        endResetModel();
        ticked_.removeIf([&](const QString& path) { return !paths_.contains(path); });
    } else if (!paths_.isEmpty()) {
        emit dataChanged(index(0), index(static_cast<int>(paths_.size()) - 1));
    }
}

int RunListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(paths_.size());
}

QString RunListModel::pathAt(int row) const {
    return paths_.value(row);
}

int RunListModel::rowOf(const QString& path) const {
    return static_cast<int>(paths_.indexOf(path));
}

QColor RunListModel::colorOf(const QString& path) const {
    const auto found = colors_.find(path);
    return categoryColor(found == colors_.end() ? 0 : found->second);
}

void RunListModel::setTicked(const QStringList& paths) {
    QStringList ticked;
    for (const QString& path : paths_) {
        if (paths.contains(path)) {
            ticked << path;
        }
    }
    if (ticked != ticked_) {
        ticked_ = ticked;
        if (!paths_.isEmpty()) {
            emit dataChanged(index(0), index(static_cast<int>(paths_.size()) - 1), {Qt::CheckStateRole});
        }
        emit tickedChanged();
    }
}

QVariant RunListModel::data(const QModelIndex& index, int role) const {
    const QString path = pathAt(index.row());
    const RunSnapshotPtr run = store_.find(path);
    if (run == nullptr) {
        return {};
    }
    const RunStateWords words = stateWords(*run, store_.asked(path));
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(run->name);
    case Qt::AccessibleTextRole:
        return QStringList{QString::fromStdString(run->name), words.text, progressWords(*run),
                           bestWords(*run)}
            .join(QStringLiteral(", "));
    case Qt::ToolTipRole:
        return tr("%1\n%2\nTick it to show its curves beside others").arg(path, words.text);
    case Qt::CheckStateRole:
        return ticked_.contains(path) ? Qt::Checked : Qt::Unchecked;
    case pathRole:
        return path;
    case stateRole:
        return words.text;
    case progressRole:
        return progressWords(*run);
    case shareRole:
        return progressShare(*run);
    case bestRole:
        return bestWords(*run);
    case colorRole:
        return colorOf(path);
    case iconRole:
        return icon(words.icon, words.color);
    default:
        return {};
    }
}

bool RunListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::CheckStateRole || !index.isValid()) {
        return false;
    }
    QStringList ticked = ticked_;
    const QString path = pathAt(index.row());
    ticked.removeAll(path);
    if (value.toInt() == Qt::Checked) {
        ticked << path;
    }
    setTicked(ticked);
    return true;
}

Qt::ItemFlags RunListModel::flags(const QModelIndex& index) const {
    return QAbstractListModel::flags(index) | Qt::ItemIsUserCheckable;
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    const ThemeColors& theme = themeColors();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    if (selected || (option.state & QStyle::State_MouseOver) != 0) {
        painter->fillRect(option.rect, selected ? theme.selection : theme.hover);
    }
    const QFontMetrics metrics(option.font);
    const QRect box = boxOf(option.rect, metrics);
    const auto color = index.data(RunListModel::colorRole).value<QColor>();
    const bool ticked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    painter->setPen(QPen(ticked ? color : theme.control, 1.4));
    painter->setBrush(ticked ? QBrush(color) : QBrush(theme.surface));
    painter->drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 3, 3);
    if (ticked) {
        painter->setPen(QPen(theme.surface, 2));
        const QRectF inner = QRectF(box).adjusted(4, 4, -4, -4);
        painter->drawPolyline(QPolygonF({QPointF(inner.left(), inner.center().y()),
                                         QPointF(inner.center().x() - 1, inner.bottom()),
                                         QPointF(inner.right(), inner.top())}));
    }
    const int left = box.right() + 1 + edge, width = option.rect.right() - edge - left;
    int top = option.rect.top() + edge - 1;
    const auto line = [&](const QString& text, const QColor& ink, const QFont& font, int from, int room) {
        painter->setFont(font);
        painter->setPen(ink);
        painter->drawText(QRect(from, top, room, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, room));
    };
    line(index.data(Qt::DisplayRole).toString(), theme.text, headingFont(option.font, 1.0), left, width);
    top += metrics.height() + gap;
    const int glyph = metrics.height() - 2;
    index.data(RunListModel::iconRole).value<QIcon>().paint(painter, QRect(left, top + 1, glyph, glyph));
    const QString best = index.data(RunListModel::bestRole).toString();
    const QString state = index.data(RunListModel::stateRole).toString();
    line(best.isEmpty() ? state : state + QStringLiteral(", ") + best, theme.text, option.font,
         left + glyph + gap, width - glyph - gap);
    top += metrics.height() + 2;
    line(index.data(RunListModel::progressRole).toString(), theme.muted, option.font, left, width);
    top += metrics.height() + gap;
    if (const double share = index.data(RunListModel::shareRole).toDouble(); share >= 0) {
        const QRectF track(left, top, width, 4);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.track);
        painter->drawRoundedRect(track, 2, 2);
        painter->setBrush(share >= 1 ? theme.muted : theme.accent);
        painter->drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * share, 4)), 2, 2);
    }
    if ((option.state & QStyle::State_HasFocus) != 0) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(theme.accent, 1));
        painter->drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter->restore();
}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const QFontMetrics metrics(option.font);
    return {lengthInEms(option.widget, 9), 2 * edge + 3 * metrics.height() + 2 * gap + 6};
}

bool RunDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                              const QModelIndex& index) {
    const auto toggle = [&] {
        const bool ticked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, ticked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    };
    if (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<const QMouseEvent*>(event);
        const bool inside = boxOf(option.rect, QFontMetrics(option.font))
                                .adjusted(-4, -4, 4, 4)
                                .contains(mouse->position().toPoint());
        if (!inside || mouse->button() != Qt::LeftButton) {
            return false;
        }
        return event->type() == QEvent::MouseButtonPress || toggle();
    }
    if (event->type() == QEvent::KeyPress && static_cast<const QKeyEvent*>(event)->key() == Qt::Key_Space) {
        return toggle();
    }
    return false;
}

} // namespace ember
