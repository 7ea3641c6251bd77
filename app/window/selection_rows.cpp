#include "app/window/selection_rows.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QStandardItem>
#include <QTreeView>

#include "app/window/recent_files.hpp"
#include "core/analysis/cell_names_output.hpp"
#include "views/selections.hpp"
#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

/// Shows "T cells  1,204", edits "T cells".
class SelectionItem : public QStandardItem {
public:
    SelectionItem(const SavedSelection& saved, bool present)
        : QStandardItem(saved.name),
          name(saved.name),
          count_(formatCount(static_cast<std::int64_t>(saved.selection.count()))) {
        setIcon(ember::icon("tag", IconColor::muted));
        setAccessibleText(SelectionRows::tr("%1, %2 cells").arg(name, count_));
        const QString file = shortPath(saved.file);
        setToolTip(present ? SelectionRows::tr("%1 cells of %2. Click to select them.").arg(count_, file)
                           : SelectionRows::tr("%1 cells of %2, which is not open").arg(count_, file));
        setForeground(present ? QBrush() : QBrush(Qt::gray));
    }
    QVariant data(int role) const override {
        const QVariant value = QStandardItem::data(role);
        return role == Qt::DisplayRole ? QString("%1   %2").arg(value.toString(), count_) : value;
    }
    int type() const override { return UserType + 1; }

    const QString name;

private:
    QString count_;
};

} // namespace

SelectionRows::SelectionRows(Workspace& workspace, QStandardItem* group, QTreeView* tree)
    : QObject(tree), workspace_(workspace), group_(group), tree_(tree) {
    connect(&workspace_.selections(), &Selections::namedChanged, this, &SelectionRows::list);
    connect(&workspace_, &Workspace::documentAdded, this, &SelectionRows::list);
    connect(&workspace_, &Workspace::documentClosing, this, &SelectionRows::list, Qt::QueuedConnection);
    connect(group_->model(), &QStandardItemModel::itemChanged, this, [this](QStandardItem* item) {
        if (item->parent() != group_) {
            return;
        }
        const QString before = static_cast<SelectionItem*>(item)->name;
        const QString after = item->data(Qt::EditRole).toString();
        if (after != before) { // the row is replaced, but not while its editor is closing
            QMetaObject::invokeMethod(
                this,
                [this, before, after] {
                    workspace_.selections().rename(before, after);
                    list();
                },
                Qt::QueuedConnection);
        }
    });
    list();
}

void SelectionRows::list() {
    const QModelIndex current = tree_->currentIndex();
    const int row = owns(current) ? current.row() : -1;
    group_->removeRows(0, group_->rowCount());
    for (const SavedSelection& saved : workspace_.selections().named()) {
        const bool present = static_cast<bool>(workspace_.selections().documentWith(saved.cells));
        group_->appendRow(new SelectionItem(saved, present));
    }
    tree_->expand(group_->index());
    if (row >= 0 && row < group_->rowCount()) {
        tree_->setCurrentIndex(group_->child(row)->index());
    }
}

bool SelectionRows::owns(const QModelIndex& index) const {
    return index.isValid() && index.parent() == group_->index();
}

void SelectionRows::use(const QModelIndex& index) {
    const QString name = index.data(Qt::EditRole).toString();
    Selections& selections = workspace_.selections();
    if (selections.use(name)) {
        return;
    }
    for (const SavedSelection& saved : selections.named()) {
        if (saved.name == name) {
            workspace_.post({MessageKind::information,
                             tr("Not open"),
                             tr("The cells of “%1” are in %2.").arg(name, saved.file),
                             tr("Open that file to select them."),
                             {}});
        }
    }
}

void SelectionRows::remove(const QModelIndex& index) {
    workspace_.selections().remove(index.data(Qt::EditRole).toString());
}

void SelectionRows::editName(const QString& name) {
    for (int row = 0; row < group_->rowCount(); ++row) {
        QStandardItem* item = group_->child(row);
        if (item->data(Qt::EditRole).toString() == name) {
            tree_->setFocus();
            tree_->setCurrentIndex(item->index());
            tree_->edit(item->index());
        }
    }
}

void SelectionRows::showMenu(const QModelIndex& index, const QPoint& globalPlace) {
    const QString name = index.data(Qt::EditRole).toString();
    QMenu menu;
    menu.addAction(icon("check"), tr("Select these cells"), this, [this, index] { use(index); });
    menu.addAction(tr("Rename"), this, [this, name] { editName(name); });
    menu.addAction(icon("document-export"), tr("Export cell names…"), this,
                   [this, name] { askToExport(name); });
    menu.addSeparator();
    menu.addAction(icon("edit-delete"), tr("Delete"), this, [this, index] { remove(index); });
    menu.exec(globalPlace);
}

void SelectionRows::askToExport(const QString& name) {
    const auto& named = workspace_.selections().named();
    const auto found = std::find_if(named.begin(), named.end(),
                                    [&](const SavedSelection& saved) { return saved.name == name; });
    if (found == named.end()) {
        return;
    }
    const DatasetDocument* data = workspace_.dataOf(workspace_.selections().documentWith(found->cells));
    if (data == nullptr) {
        use(tree_->currentIndex());
        return;
    }
    const QString proposed = QFileInfo(data->path).absolutePath() + '/' + QString(name).replace('/', '_');
    const QString path = QFileDialog::getSaveFileName(tree_, tr("Export the cell names"), proposed + ".csv",
                                                      tr("CSV tables (*.csv)"));
    if (path.isEmpty()) {
        return;
    }
    runJob(
        workspace_, tr("Export the cells of “%1”").arg(name),
        [data = data->data, saved = *found, path](JobContext& context) {
            write_cell_names(*data, saved.selection, saved.name.toStdString(), path.toStdString(), context);
        },
        &workspace_,
        [workspace = &workspace_, path, count = found->selection.count()] {
            workspace->post(
                {MessageKind::information,
                 tr("Exported"),
                 tr("%1 are in %2.")
                     .arg(formatCount(static_cast<std::int64_t>(count), tr("cell name"), tr("cell names")),
                          path),
                 {},
                 {}});
        });
}

} // namespace ember
