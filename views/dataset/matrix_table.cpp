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

QString encodingText(const MatrixLine& line) {
    if (line.table)
        return QObject::tr("table");
    return line.error.isEmpty() ? QString::fromLatin1(to_string(line.info.encoding))
                                : QObject::tr("unreadable");
}

/// Share of cells × genes that is stored; the rest is zero without being written.
QString storedText(const MatrixLine& line) {
    const double all = static_cast<double>(line.info.rows) * static_cast<double>(line.info.cols);
    if (line.table || !line.error.isEmpty() || all == 0)
        return {};
    if (line.info.encoding == MatrixEncoding::dense)
        return QObject::tr("all values");
    return QObject::tr("%1 of values").arg(formatPercent(static_cast<double>(line.info.stored) / all));
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
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(lengthInEms(this, 1.55));
    horizontalHeader()->setHighlightSections(false);
    addCopyActions(this);
}

void MatrixTable::setMatrices(const std::vector<MatrixLine>& matrices) {
    model_->clear();
    model_->setHorizontalHeaderLabels(
        {tr("Matrix"), tr("Shape"), tr("Encoding"), tr("Type"), tr("Stored"), tr("Size"), tr("Compression")});
    for (const MatrixLine& line : matrices) {
        const bool figures = line.error.isEmpty() && !line.table;
        QList<QStandardItem*> row; // the model owns them
        for (const QString& text :
             {line.name, formatShape(line.info.rows, line.info.cols), encodingText(line),
              QString::fromStdString(line.info.dtype), storedText(line),
              figures ? formatBytes(line.info.storage_bytes) : QString(),
              !figures                        ? QString()
              : line.info.compression.empty() ? tr("none")
                                              : QString::fromStdString(line.info.compression)}) {
            auto* item = new QStandardItem(text);
            item->setToolTip(line.error);
            row << item;
        }
        for (const int numeric : {1, 4, 5})
            row[numeric]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        model_->appendRow(row);
    }
    for (const int numeric : {1, 4, 5})
        model_->horizontalHeaderItem(numeric)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    updateGeometry();
}

QSize MatrixTable::sizeHint() const {
    const int rows = std::max(1, model_->rowCount());
    const int bar = horizontalScrollBar()->isVisible() ? horizontalScrollBar()->height() : 0;
    return {lengthInEms(this, 20), horizontalHeader()->sizeHint().height() +
                                       rows * verticalHeader()->defaultSectionSize() + 2 * frameWidth() +
                                       bar + 2};
}

} // namespace ember
