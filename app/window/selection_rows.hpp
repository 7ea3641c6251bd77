#pragma once
// The named selections, as rows below "Selections" in the workspace tree.

#include <QObject>

#include "views/workspace.hpp"

class QModelIndex;
class QStandardItem;
class QTreeView;

namespace ember {

class SelectionRows : public QObject {
    Q_OBJECT
public:
    /// `group` is the item in the tree's model that gets the rows; `tree` is the parent.
    SelectionRows(Workspace& workspace, QStandardItem* group, QTreeView* tree);

    bool owns(const QModelIndex& index) const;
    void use(const QModelIndex& index);
    void remove(const QModelIndex& index);
    void showMenu(const QModelIndex& index, const QPoint& globalPlace);
    /// Lets the user type another name in place.
    void editName(const QString& name);

private:
    void list();
    void askToExport(const QString& name);
    Workspace& workspace_;
    QStandardItem* group_;
    QTreeView* tree_;
};

} // namespace ember
