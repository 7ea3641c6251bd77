#pragma once
// The Inspector dock: the facts of the current document.

#include <QWidget>

#include "views/workspace.hpp"

class QTreeWidget;

namespace ember {

class Inspector : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(Workspace& workspace, QWidget* parent = nullptr);

private:
    void show(DocumentRef document);
    void copySelected();
    Workspace& workspace_;
    QTreeWidget* tree_ = nullptr;
};

} // namespace ember
