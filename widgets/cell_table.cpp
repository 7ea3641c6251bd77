#include "widgets/cell_table.hpp"

#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/formatting.hpp"
#include "widgets/sort_header.hpp"
#include "widgets/table_copy.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

/// A style sheet that knows selected items draws no other item's background.
class TintedCells : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        if (const QVariant tint = index.data(Qt::BackgroundRole); tint.isValid())
            painter->fillRect(option.rect, tint.value<QBrush>());
        QStyledItemDelegate::paint(painter, option, index);
    }
};

} // namespace

CellTable::CellTable(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("cellTable"));
    model_ = new CellTableModel(this);
    filter_ = new QLineEdit(this);
    filter_->setObjectName(QStringLiteral("cellTableFilter"));
    filter_->setAccessibleName(tr("Filter cells"));
    filter_->setPlaceholderText(tr("Filter: Burn   condition:Burn   n_genes>500"));
    filter_->setToolTip(
        tr("Words are found in any column. “column:word” looks in one, “column=word” wants it whole, "
           "“column>3” compares numbers (also < >= <=). Quotes keep spaces together."));
    filter_->setClearButtonEnabled(true);
    filter_->addAction(icon(QStringLiteral("view-filter"), IconColor::muted), QLineEdit::LeadingPosition);
    count_ = new QLabel(this);
    setRole(count_, "muted");
    note_ = new QLabel(this);
    note_->setObjectName(QStringLiteral("cellTableNote"));
    setRole(note_, "error");
    note_->hide();

    select_ = new QPushButton(icon(QStringLiteral("check")), tr("Select these"), this);
    select_->setObjectName(QStringLiteral("cellTableSelect"));
    select_->setAccessibleName(tr("Select the cells shown"));
    select_->setToolTip(
        tr("Selects the cells shown here in all views. With Shift they are added to the selection, "
           "with Ctrl removed from it."));
    connect(select_, &QPushButton::clicked, this, &CellTable::selectShown);

    view_ = new QTableView(this);
    view_->setObjectName(QStringLiteral("cellTableView"));
    view_->setAccessibleName(tr("Cells"));
    view_->setHorizontalHeader(new SortHeader(view_));
    view_->setModel(model_);
    view_->setItemDelegate(new TintedCells(view_));
    view_->setFont(tabularFont(font()));
    view_->setShowGrid(false);
    view_->setAlternatingRowColors(true);
    view_->setWordWrap(false);
    view_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view_->verticalHeader()->setDefaultSectionSize(lengthInEms(this, 1.55));
    view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view_->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    view_->horizontalHeader()->setDefaultSectionSize(lengthInEms(this, 7));
    view_->horizontalHeader()->setMinimumSectionSize(lengthInEms(this, 3));
    view_->horizontalHeader()->setSectionsMovable(true);
    view_->setSortingEnabled(true);
    view_->sortByColumn(-1, Qt::AscendingOrder);
    addCopyActions(view_);

    auto* top = new QHBoxLayout;
    top->addWidget(filter_, 1);
    top->addWidget(count_);
    top->addWidget(select_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(note_);
    column->addWidget(view_, 1);

    delay_ = new QTimer(this);
    delay_->setSingleShot(true);
    delay_->setInterval(150);
    connect(delay_, &QTimer::timeout, this, &CellTable::applyFilter);
    connect(filter_, &QLineEdit::textChanged, delay_, qOverload<>(&QTimer::start));
    connect(filter_, &QLineEdit::returnPressed, this, &CellTable::applyFilter);
    connect(model_, &CellTableModel::shownRowsChanged, this, &CellTable::showCount);
    showCount();
}

QString CellTable::filterText() const {
    return filter_->text();
}

void CellTable::setFilterText(const QString& text) {
    filter_->setText(text);
    applyFilter();
}

void CellTable::applyFilter() {
    delay_->stop();
    QStringList columns;
    for (const CellColumnTitle& title : model_->titles())
        columns << title.name;
    const RowFilter filter = parseRowFilter(filter_->text(), columns);
    note_->setText(filter.error);
    note_->setVisible(!filter.error.isEmpty());
    filter_->setAccessibleDescription(filter.error);
    model_->setFilter(filter);
}

void CellTable::selectShown() {
    const Qt::KeyboardModifiers keys = QGuiApplication::keyboardModifiers();
    const SelectionMode mode = keys.testFlag(Qt::ShiftModifier)     ? SelectionMode::add
                               : keys.testFlag(Qt::ControlModifier) ? SelectionMode::remove
                                                                    : SelectionMode::replace;
    emit cellsSelected(model_->shownCells(), mode);
}

void CellTable::showCount() {
    select_->setEnabled(model_->shownRows() > 0);
    const auto all = formatCount(model_->totalRows(), tr("cell"), tr("cells"));
    count_->setText(model_->shownRows() == model_->totalRows()
                        ? all
                        : tr("%1 of %2").arg(formatCount(model_->shownRows()), all));
}

} // namespace ember
