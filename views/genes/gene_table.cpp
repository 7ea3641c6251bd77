#include "views/genes/gene_table.hpp"

#include <algorithm>
#include <memory>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/cell_table_model.hpp"
#include "widgets/formatting.hpp"
#include "widgets/parallel_blocks.hpp"
#include "widgets/sort_header.hpp"
#include "widgets/table_copy.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

/// Says how wide a column's rows are, without its heading.
class GeneRows : public QTableView {
public:
    using QTableView::sizeHintForColumn;
};

CellColumn columnOf(GeneTableColumn given) {
    CellColumn column;
    auto kept = std::make_shared<const GeneTableColumn>(std::move(given));
    if (kept->numbers.empty()) {
        std::vector<std::string> texts;
        for (const QString& text : kept->texts) {
            texts.push_back(text.toStdString());
        }
        column.rank = ranksOf(texts);
        column.text = [kept](std::int64_t row) { return kept->texts[row]; };
        return column;
    }
    column.rank = ranksOf(kept->numbers);
    column.number = [kept](std::int64_t row) { return kept->numbers[static_cast<std::size_t>(row)]; };
    column.exact = [kept](std::int64_t row) {
        return formatExact(kept->numbers[static_cast<std::size_t>(row)]);
    };
    column.text = [kept](std::int64_t row) {
        return kept->texts.isEmpty() ? formatNumber(kept->numbers[static_cast<std::size_t>(row)])
                                     : kept->texts[row];
    };
    return column;
}

} // namespace

GeneTable::GeneTable(const QString& name, const QString& accessible, const QString& what,
                     const QString& filterExample, QWidget* parent)
    : QWidget(parent),
      what_(what),
      model_(new CellTableModel(this)),
      view_(new GeneRows),
      filter_(new QLineEdit),
      count_(new QLabel),
      note_(new QLabel),
      delay_(new QTimer(this)) {
    setObjectName(name);
    filter_->setObjectName(name + "Filter");
    filter_->setAccessibleName(tr("Filter %1").arg(what));
    filter_->setPlaceholderText(tr("Filter: %1").arg(filterExample));
    filter_->setToolTip(tr("Words are found in any column; “padj<0.05” compares the numbers of a column."));
    filter_->setClearButtonEnabled(true);
    filter_->addAction(icon(QStringLiteral("view-filter"), IconColor::muted), QLineEdit::LeadingPosition);
    setRole(count_, "muted");
    setRole(note_, "error");
    note_->hide();

    view_->setObjectName(name + "View");
    view_->setAccessibleName(accessible);
    view_->setHorizontalHeader(new SortHeader(view_));
    view_->setModel(model_);
    view_->setFont(tabularFont(font()));
    view_->setShowGrid(false);
    view_->setAlternatingRowColors(true);
    view_->setWordWrap(false);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(lengthInEms(this, 1.55));
    view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view_->horizontalHeader()->setMinimumSectionSize(lengthInEms(this, 2.6));
    view_->setMinimumHeight(lengthInEms(this, 4)); // so that a small window holds two
    view_->setSortingEnabled(true);
    view_->sortByColumn(-1, Qt::AscendingOrder);
    addCopyActions(view_);

    auto* top = new QHBoxLayout;
    top->addWidget(filter_, 1);
    top->addWidget(count_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 6, 0);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(note_);
    column->addWidget(view_, 1);

    delay_->setSingleShot(true);
    delay_->setInterval(150);
    connect(delay_, &QTimer::timeout, this, &GeneTable::applyFilter);
    connect(filter_, &QLineEdit::textChanged, delay_, qOverload<>(&QTimer::start));
    connect(model_, &CellTableModel::shownRowsChanged, this, [this] {
        showCount();
        mark();
    });
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (quiet_ || !index.isValid()) {
                    return;
                }
                current_ = static_cast<int>(model_->sourceRow(index.row()));
                emit chosen(current_);
            });
}

void GeneTable::setColumns(int rows, std::vector<GeneTableColumn> columns) {
    quiet_ = true;
    QHeaderView* header = view_->horizontalHeader();
    const bool alike = static_cast<int>(columns.size()) == model_->columnCount();
    const bool fitted = alike && model_->totalRows() > 0;
    const int sorted = alike ? header->sortIndicatorSection() : -1;
    const Qt::SortOrder order = header->sortIndicatorOrder();
    std::vector<CellColumnTitle> titles;
    for (const GeneTableColumn& column : columns) {
        titles.push_back(
            {column.title,
             column.tooltip.isEmpty() ? column.title : QString("%1: %2").arg(column.title, column.tooltip),
             !column.numbers.empty()});
    }
    std::vector<CellColumn> made(columns.size());
    forEachBlock(columns.size(), [&](std::size_t at) { made[at] = columnOf(std::move(columns[at])); });
    current_ = -1;
    model_->reset(rows, std::move(titles));
    for (std::size_t at = 0; at < made.size(); ++at) {
        model_->setColumn(static_cast<int>(at), std::move(made[at]));
    }
    if (sorted >= 0 && sorted < model_->columnCount()) {
        view_->sortByColumn(sorted, order);
    }
    if (!fitted) {
        // Headings may end in "…": their tooltip has all.
        for (int at = 0; at < model_->columnCount(); ++at) {
            const int most = lengthInEms(this, 7);
            view_->setColumnWidth(at, std::max(static_cast<const GeneRows*>(view_)->sizeHintForColumn(at) +
                                                   lengthInEms(this, 0.6),
                                               std::min(header->sectionSizeHint(at), most)));
        }
    }
    applyFilter();
    quiet_ = false;
}

void GeneTable::sortBy(int column, Qt::SortOrder order) {
    view_->sortByColumn(column, order);
}

int GeneTable::rows() const {
    return static_cast<int>(model_->totalRows());
}

std::vector<int> GeneTable::shown() const {
    std::vector<int> rows;
    for (int row = 0; row < model_->rowCount(); ++row) {
        rows.push_back(static_cast<int>(model_->sourceRow(row)));
    }
    return rows;
}

void GeneTable::setCurrent(int row) {
    if (row != current_) {
        current_ = row;
        mark();
    }
}

void GeneTable::mark() {
    const bool before = std::exchange(quiet_, true);
    QModelIndex index;
    for (int row = 0; current_ >= 0 && row < model_->rowCount(); ++row) {
        if (model_->sourceRow(row) == current_) {
            index = model_->index(row, 0);
            break;
        }
    }
    if (index.isValid()) {
        view_->setCurrentIndex(index);
        view_->scrollTo(index);
    } else {
        view_->selectionModel()->clear();
    }
    quiet_ = before;
}

void GeneTable::setFilterText(const QString& text) {
    filter_->setText(text);
    applyFilter();
}

void GeneTable::applyFilter() {
    delay_->stop();
    QStringList columns;
    for (const CellColumnTitle& title : model_->titles()) {
        columns << title.name;
    }
    const RowFilter filter = parseRowFilter(filter_->text(), columns);
    note_->setText(filter.error);
    note_->setVisible(!filter.error.isEmpty());
    filter_->setAccessibleDescription(filter.error);
    model_->setFilter(filter);
}

void GeneTable::showCount() {
    const QString all = tr("%1 %2").arg(formatCount(model_->totalRows()), what_);
    count_->setText(model_->shownRows() == model_->totalRows()
                        ? all
                        : tr("%1 of %2").arg(formatCount(model_->shownRows()), all));
}

} // namespace ember
