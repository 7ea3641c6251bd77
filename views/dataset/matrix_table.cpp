#include "views/dataset/matrix_table.hpp"

#include <algorithm>

#include <QHeaderView>
#include <QScrollBar>
#include <QStandardItemModel>

#include "widgets/formatting.hpp"
#include "widgets/table_copy.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString valuesText(const MatrixLine& line) {
    if (line.table)
        return MatrixTable::tr("table of columns");
    if (!line.error.isEmpty())
        return MatrixTable::tr("unreadable");
    return QStringLiteral("%1, %2").arg(QString::fromLatin1(to_string(line.info.encoding)),
                                        QString::fromStdString(line.info.dtype));
}

/// Share of cells × genes that is stored; the rest is zero without being written.
QString storedText(const MatrixLine& line) {
    const double all = static_cast<double>(line.info.rows) * static_cast<double>(line.info.cols);
    if (line.table || !line.error.isEmpty() || all == 0)
        return {};
    return formatPercent(static_cast<double>(line.info.stored) / all);
}

QString sizeText(const MatrixLine& line) {
    if (line.table || !line.error.isEmpty())
        return {};
    const QString bytes = formatBytes(line.info.storage_bytes);
    return line.info.compression.empty()
               ? bytes
               : MatrixTable::tr("%1, %2").arg(bytes, QString::fromStdString(line.info.compression));
}

} // namespace

MatrixTable::MatrixTable(QWidget* parent) : QTableView(parent), model_(new QStandardItemModel(this)) {
    setObjectName(QStringLiteral("matrixTable"));
    setAccessibleName(tr("Matrices"));
    setModel(model_);
    setFont(tabularFont(font()));
    setShowGrid(false);
    setWordWrap(false);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(lengthInEms(this, 1.55));
    horizontalHeader()->setHighlightSections(false);
    addCopyActions(this);
}

void MatrixTable::setMatrices(const std::vector<MatrixLine>& matrices) {
    model_->clear();
    model_->setHorizontalHeaderLabels(
        {tr("Matrix"), tr("Shape"), tr("Values"), tr("Stored"), tr("In the file")});
    for (const MatrixLine& line : matrices) {
        QList<QStandardItem*> row; // the model owns them
        for (const QString& text : {line.name, formatShape(line.info.rows, line.info.cols), valuesText(line),
                                    storedText(line), sizeText(line)}) {
            auto* item = new QStandardItem(text);
            item->setToolTip(line.error);
            row << item;
        }
        for (const int numeric : {1, 3})
            row[numeric]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        model_->appendRow(row);
    }
    for (const int numeric : {1, 3})
        model_->horizontalHeaderItem(numeric)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    model_->horizontalHeaderItem(3)->setToolTip(
        tr("Share of all values that is stored; the others are zero"));
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    updateGeometry();
}

QSize MatrixTable::sizeHint() const {
    const int rows = std::max(1, model_->rowCount());
    const bool scrolls = horizontalHeader()->length() > viewport()->width();
    const int bar = scrolls ? horizontalScrollBar()->sizeHint().height() : 0;
    return {lengthInEms(this, 20), horizontalHeader()->sizeHint().height() +
                                       rows * verticalHeader()->defaultSectionSize() + 2 * frameWidth() +
                                       bar + 2};
}

void MatrixTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    updateGeometry(); // a scroll bar that comes or goes changes the height
}

} // namespace ember
