#include "widgets/table_copy.hpp"

#include <algorithm>
#include <set>

#include <QAbstractItemModel>
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QStringList>
#include <QTableView>

#include "widgets/icon.hpp"

namespace ember {

namespace {

QString cellText(const QAbstractItemModel& model, int row, int column) {
    const QModelIndex index = model.index(row, column);
    const QVariant exact = index.data(exactTextRole);
    QString text = exact.isValid() ? exact.toString() : index.data(Qt::DisplayRole).toString();
    return text.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
}

} // namespace

QString selectionAsTsv(const QAbstractItemView& view) {
    const QAbstractItemModel* model = view.model();
    if (model == nullptr)
        return {};
    std::set<int> rows, columns;
    QModelIndexList chosen;
    if (view.selectionModel() != nullptr)
        chosen = view.selectionModel()->selectedIndexes();
    for (const QModelIndex& index : chosen) {
        rows.insert(index.row());
        columns.insert(index.column());
    }
    if (chosen.isEmpty()) {
        for (int row = 0; row < model->rowCount(); ++row)
            rows.insert(row);
        for (int column = 0; column < model->columnCount(); ++column)
            columns.insert(column);
    }
    std::vector<int> order(columns.begin(), columns.end());
    if (const auto* table = qobject_cast<const QTableView*>(&view); table != nullptr) {
        const QHeaderView* header = table->horizontalHeader();
        std::erase_if(order, [header](int column) { return header->isSectionHidden(column); });
        std::sort(order.begin(), order.end(),
                  [header](int a, int b) { return header->visualIndex(a) < header->visualIndex(b); });
    }
    QString text;
    const auto addLine = [&](const auto& cell) {
        QStringList parts;
        for (const int column : order)
            parts << cell(column);
        text += parts.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    addLine(
        [&](int column) { return model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
    for (const int row : rows)
        addLine([&](int column) { return cellText(*model, row, column); });
    return text;
}

void addCopyActions(QAbstractItemView* view) {
    auto* copy =
        new QAction(icon(QStringLiteral("edit-copy")), QApplication::translate("ember::Table", "Copy"), view);
    copy->setObjectName(QStringLiteral("copyAction"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, view,
                     [view] { QApplication::clipboard()->setText(selectionAsTsv(*view)); });
    auto* all = new QAction(QApplication::translate("ember::Table", "Select all"), view);
    all->setShortcut(QKeySequence::SelectAll);
    all->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(all, &QAction::triggered, view, &QAbstractItemView::selectAll);
    view->addActions({copy, all});
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

} // namespace ember
