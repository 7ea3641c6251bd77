#include "widgets/category_legend.hpp"

#include <QColorDialog>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/theme.hpp"

namespace ember {

namespace {

/// Swatch, name, number of points.
class EntryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const ThemeColors& theme = themeColors();
        QRect rect = option.rect;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool current = (option.state & QStyle::State_HasFocus) != 0;
        if (current || (option.state & QStyle::State_MouseOver) != 0) {
            painter->setPen(current ? QPen(theme.accent, 1) : Qt::NoPen);
            painter->setBrush(theme.hover);
            painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        rect.adjust(6, 0, -6, 0);
        painter->setFont(tabularFont(option.font));
        if (index.data(CategoryLegendModel::moreRole).toBool()) {
            painter->setPen(theme.accent);
            painter->drawText(rect.adjusted(17, 0, 0, 0), Qt::AlignVCenter, index.data().toString());
            painter->restore();
            return;
        }
        const bool shown = index.data(CategoryLegendModel::shownRole).toBool();
        const auto color = index.data(CategoryLegendModel::colorRole).value<QColor>();
        const QRectF swatch(rect.left(), rect.center().y() - 4.5, 10, 10);
        painter->setPen(QPen(shown ? color.darker(115) : theme.control, 1));
        painter->setBrush(shown ? QBrush(color) : QBrush(Qt::NoBrush));
        painter->drawEllipse(swatch);
        const QString count = index.data(CategoryLegendModel::countTextRole).toString();
        const int countWidth = painter->fontMetrics().horizontalAdvance(count);
        painter->setPen(shown ? theme.muted : theme.disabled);
        painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, count);
        painter->setFont(option.font);
        painter->setPen(shown ? theme.text : theme.disabled);
        const QRect name = rect.adjusted(17, 0, -countWidth - 8, 0);
        painter->drawText(
            name, Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, name.width()));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {80, option.fontMetrics.height() + 6};
    }
};

QToolButton* button(const QString& text, const char* name, QWidget* parent) {
    auto* made = new QToolButton(parent);
    made->setText(text);
    made->setObjectName(QLatin1String(name));
    made->setAccessibleName(text);
    return made;
}

} // namespace

CategoryLegend::CategoryLegend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("categoryLegend"));
    setAccessibleName(tr("Legend"));
    model_ = new CategoryLegendModel(this);
    title_ = new QLabel(this);
    title_->setObjectName(QStringLiteral("legendTitle"));
    title_->setTextFormat(Qt::PlainText);
    title_->setWordWrap(true);
    setRole(title_, "heading");
    search_ = new QLineEdit(this);
    search_->setObjectName(QStringLiteral("legendSearch"));
    search_->setAccessibleName(tr("Search the legend"));
    search_->setPlaceholderText(tr("Search"));
    search_->setClearButtonEnabled(true);
    list_ = new QListView(this);
    list_->setObjectName(QStringLiteral("legendEntries"));
    list_->setAccessibleName(tr("Categories"));
    list_->setModel(model_);
    list_->setItemDelegate(new EntryDelegate(list_));
    list_->setUniformItemSizes(true);
    list_->setMouseTracking(true);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setSelectionMode(QAbstractItemView::SingleSelection);
    list_->setDragDropMode(QAbstractItemView::InternalMove);
    list_->setDefaultDropAction(Qt::MoveAction);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list_->setStyleSheet(QStringLiteral("QListView { border: none; background: transparent; }"));
    list_->installEventFilter(this);
    list_->viewport()->installEventFilter(this);
    only_ = button(tr("Only this"), "legendIsolate", this);
    only_->setToolTip(tr("Show only the current category (Return)"));
    all_ = button(tr("Show all"), "legendShowAll", this);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    buttons->addWidget(only_);
    buttons->addWidget(all_);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(4);
    layout->addWidget(title_);
    layout->addWidget(search_);
    layout->addWidget(list_, 1);
    layout->addLayout(buttons);

    connect(search_, &QLineEdit::textChanged, model_, &CategoryLegendModel::setFilter);
    connect(list_, &QListView::clicked, this, &CategoryLegend::clicked);
    connect(list_, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        const int category = model_->categoryAt(index.row());
        if (category == CategoryLegendModel::more)
            return;
        // The first click has toggled it: back to what stood before.
        model_->setColors(beforeClick_);
        model_->isolate(category);
    });
    connect(only_, &QToolButton::clicked, this, &CategoryLegend::isolateCurrent);
    connect(all_, &QToolButton::clicked, model_, &CategoryLegendModel::showEverything);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &CategoryLegend::fitButtons);
    connect(model_, &CategoryLegendModel::modelReset, this, &CategoryLegend::fitButtons);
    connect(model_, &CategoryLegendModel::edited, this, [this](const PointColors& colors) {
        fitButtons();
        emit edited(colors);
    });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, list_->viewport(),
            qOverload<>(&QWidget::update));
}

void CategoryLegend::setColors(const PointColors& colors) {
    if (colors.codes != model_->colors().codes)
        search_->clear();
    model_->setColors(colors);
    title_->setText(colors.title);
    title_->setVisible(!colors.title.isEmpty());
    search_->setVisible(colors.names.size() > CategoryLegendModel::firstRows);
    updateGeometry();
    setAccessibleName(colors.title.isEmpty() ? tr("Legend") : tr("Legend: %1").arg(colors.title));
    fitButtons();
}

int CategoryLegend::current() const {
    const QModelIndex index = list_->currentIndex();
    return index.isValid() ? model_->categoryAt(index.row()) : CategoryLegendModel::more;
}

void CategoryLegend::fitButtons() {
    only_->setEnabled(current() != CategoryLegendModel::more && model_->colors().names.size() > 1);
    const PointColors& colors = model_->colors();
    const bool hidden = colors.missingHidden ||
                        std::find(colors.hidden.begin(), colors.hidden.end(), 1) != colors.hidden.end();
    all_->setEnabled(hidden);
}

void CategoryLegend::clicked(const QModelIndex& index) {
    const int category = model_->categoryAt(index.row());
    if (category == CategoryLegendModel::more) {
        model_->showAll();
        return;
    }
    beforeClick_ = model_->colors();
    model_->toggle(category);
}

void CategoryLegend::isolateCurrent() {
    if (const int category = current(); category != CategoryLegendModel::more)
        model_->isolate(category);
}

void CategoryLegend::moveCurrent(int rows) {
    const int category = current(), row = list_->currentIndex().row();
    if (category < 0)
        return;
    const int target = row + (rows > 0 ? rows + 1 : rows);
    if (target < 0 || target > model_->rowCount() ||
        (rows > 0 && row + 1 < model_->rowCount() && model_->categoryAt(row + 1) < 0))
        return;
    const int before =
        target < model_->rowCount() ? model_->categoryAt(target) : CategoryLegendModel::missing;
    model_->move(category, before == CategoryLegendModel::more ? CategoryLegendModel::missing : before);
    list_->setCurrentIndex(model_->index(model_->rowOf(category)));
}

void CategoryLegend::chooseColor(int category) {
    if (category < 0)
        return;
    QColorDialog dialog(model_->colors().colorOf(category), this);
    dialog.setObjectName(QStringLiteral("legendColorDialog"));
    dialog.setWindowTitle(tr("Colour of %1").arg(model_->colors().names[category]));
    if (dialog.exec() == QDialog::Accepted)
        model_->recolor(category, dialog.selectedColor());
}

void CategoryLegend::showContextMenu(const QPoint& place) {
    const int category = current();
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("legendMenu"));
    if (category != CategoryLegendModel::more) {
        menu.addAction(tr("Show only this"), this, &CategoryLegend::isolateCurrent);
        menu.addAction(tr("Hide or show"), this, [this, category] { model_->toggle(category); });
    }
    menu.addAction(tr("Show all"), model_, &CategoryLegendModel::showEverything);
    menu.addSeparator();
    if (category >= 0) {
        menu.addAction(tr("Change colour…"), this, [this, category] { chooseColor(category); });
    }
    menu.addAction(tr("Reset colours"), model_, &CategoryLegendModel::resetColors);
    if (category >= 0) {
        menu.addSeparator();
        menu.addAction(tr("Move up"), this, [this] { moveCurrent(-1); });
        menu.addAction(tr("Move down"), this, [this] { moveCurrent(1); });
    }
    menu.exec(place);
}

bool CategoryLegend::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    const QModelIndex index = list_->currentIndex();
    if (!index.isValid())
        return false;
    if ((modifiers & Qt::AltModifier) != 0 && (key == Qt::Key_Up || key == Qt::Key_Down)) {
        moveCurrent(key == Qt::Key_Up ? -1 : 1);
        return true;
    }
    switch (key) {
    case Qt::Key_Space:
        clicked(index);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current() == CategoryLegendModel::more)
            clicked(index);
        else
            isolateCurrent();
        return true;
    case Qt::Key_F2:
        chooseColor(current());
        return true;
    default:
        return false;
    }
}

bool CategoryLegend::eventFilter(QObject* watched, QEvent* event) {
    if (watched == list_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
    }
    if (event->type() == QEvent::ContextMenu) {
        const auto* menu = static_cast<QContextMenuEvent*>(event);
        if (menu->reason() == QContextMenuEvent::Mouse)
            list_->setCurrentIndex(list_->indexAt(menu->pos()));
        showContextMenu(menu->globalPos());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void CategoryLegend::setCompact(bool compact) {
    only_->setVisible(!compact);
    all_->setVisible(!compact);
}

int CategoryLegend::compactHeight() const {
    const int rows = model_->rowCount() == 0 ? 0 : model_->rowCount() * list_->sizeHintForRow(0);
    const int others = title_->sizeHint().height() + (search_->isHidden() ? 0 : search_->sizeHint().height());
    return rows + others + 4 * layout()->spacing() + 8;
}

QSize CategoryLegend::sizeHint() const {
    // As wide as the first names and the longest count, within reason.
    int widest = 0;
    for (int row = 0; row < std::min(model_->rowCount(), CategoryLegendModel::firstRows); ++row) {
        const QModelIndex entry = model_->index(row);
        widest = std::max(widest, fontMetrics().horizontalAdvance(
                                      entry.data().toString() + QStringLiteral("  ") +
                                      entry.data(CategoryLegendModel::countTextRole).toString()));
    }
    return {std::clamp(widest + 60, lengthInEms(this, 9), lengthInEms(this, 18)), lengthInEms(this, 16)};
}

} // namespace ember
