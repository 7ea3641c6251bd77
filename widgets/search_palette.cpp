#include "widgets/search_palette.hpp"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int mostRows = 60;
constexpr int detailRole = Qt::UserRole;

/// The name on the left, what it is on the right, muted.
class EntryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const QString detail = index.data(detailRole).toString();
        const int width =
            std::min(option.fontMetrics.horizontalAdvance(detail) + 8, option.rect.width() * 3 / 5);
        QStyleOptionViewItem left = option;
        QStyledItemDelegate::paint(painter, left, index.sibling(index.row(), 0));
        const QRect right = option.rect.adjusted(option.rect.width() - width - 10, 0, -10, 0);
        painter->save();
        painter->setPen(themeColors().muted);
        painter->setFont(option.font);
        painter->drawText(right, Qt::AlignVCenter | Qt::AlignRight,
                          option.fontMetrics.elidedText(detail, Qt::ElideRight, width));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {100, option.fontMetrics.height() + 10};
    }
};

} // namespace

SearchPalette::SearchPalette(QWidget* window) : QFrame(window, Qt::Popup) {
    setObjectName("searchPalette");
    setAccessibleName(tr("Search"));
    setFrameShape(QFrame::StyledPanel);
    field_ = new QLineEdit;
    field_->setObjectName("searchField");
    field_->setAccessibleName(tr("Search for actions, genes, columns and cell types"));
    field_->setPlaceholderText(tr("Actions, genes, columns, cell types…"));
    field_->setClearButtonEnabled(true);
    field_->addAction(icon("edit-find", IconColor::muted), QLineEdit::LeadingPosition);
    list_ = new QListView;
    list_->setObjectName("searchResults");
    list_->setAccessibleName(tr("Found"));
    list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setItemDelegate(new EntryDelegate(list_));
    model_ = new QStandardItemModel(this);
    list_->setModel(model_);
    note_ = new QLabel;
    note_->setObjectName("searchNote");
    setRole(note_, "muted");
    note_->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(field_);
    layout->addWidget(list_, 1);
    layout->addWidget(note_);
    field_->installEventFilter(this);
    setFocusProxy(field_);
    connect(field_, &QLineEdit::textChanged, this, &SearchPalette::find);
    connect(list_, &QListView::clicked, this, [this](const QModelIndex& index) { choose(index.row()); });
}

void SearchPalette::setEntries(std::vector<SearchEntry> entries) {
    entries_ = std::move(entries);
    find();
}

void SearchPalette::setNote(const QString& note) {
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
}

void SearchPalette::open() {
    field_->clear();
    find();
    place();
    show();
    field_->setFocus(Qt::PopupFocusReason);
}

void SearchPalette::place() {
    const QWidget* window = parentWidget();
    const int width = std::min(620, window->width() - 40), height = std::min(420, window->height() - 100);
    resize(width, height);
    move(window->mapToGlobal(QPoint((window->width() - width) / 2, 60)));
}

void SearchPalette::find() {
    shown_ = bestMatches(entries_, field_->text(), mostRows);
    model_->clear();
    for (const int entry : shown_) {
        const SearchEntry& found = entries_[static_cast<std::size_t>(entry)];
        auto* item = new QStandardItem(icon(found.icon, IconColor::muted), found.text);
        item->setData(found.detail, detailRole);
        item->setData(tr("%1, %2").arg(found.text, found.detail), Qt::AccessibleTextRole);
        model_->appendRow(item);
    }
    if (shown_.empty() && !field_->text().trimmed().isEmpty()) {
        auto* item = new QStandardItem(tr("Nothing is called “%1”").arg(field_->text()));
        item->setEnabled(false);
        model_->appendRow(item);
    }
    list_->setCurrentIndex(model_->index(0, 0));
}

void SearchPalette::choose(int row) {
    if (row < 0 || row >= static_cast<int>(shown_.size())) {
        return;
    }
    const int entry = shown_[static_cast<std::size_t>(row)];
    hide();
    emit chosen(entry);
}

bool SearchPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == field_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        switch (key->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            QApplication::sendEvent(list_, event);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose(list_->currentIndex().row());
            return true;
        case Qt::Key_Escape:
            hide();
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace ember
