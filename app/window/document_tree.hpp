#pragma once
// The Workspace dock: data sets, models, predictions and named selections as a tree.

#include <QWidget>

#include "views/workspace.hpp"

class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace ember {

class SelectionRows;

class DocumentTree : public QWidget {
    Q_OBJECT
public:
    explicit DocumentTree(Workspace& workspace, QWidget* parent = nullptr);

    /// Lets the user type another name for a named selection in place.
    void nameSelection(const QString& name);

signals:
    /// Double click or Enter: bring it to the front in its own view.
    void activated(ember::DocumentRef document);

private:
    QStandardItem* addGroup(const QString& title);
    QStandardItem* groupOf(DocumentKind kind) const;
    QStandardItem* itemOf(DocumentRef document) const;
    DocumentRef refAt(const QModelIndex& index) const;
    void add(DocumentRef document);
    void remove(DocumentRef document);
    void select(DocumentRef document);
    void showMenu(const QPoint& place);

    Workspace& workspace_;
    QTreeView* tree_ = nullptr;
    QStandardItemModel* model_ = nullptr;
    QStandardItem *datasets_ = nullptr, *models_ = nullptr, *predictions_ = nullptr;
    SelectionRows* selections_ = nullptr;
};

} // namespace ember
