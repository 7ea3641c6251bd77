#pragma once
// Undo, redo and what can be done with the selection.

#include <QObject>

#include "views/workspace.hpp"

class QAction;
class QMainWindow;
class QMenu;

namespace ember {

class EditMenu : public QObject {
    Q_OBJECT
public:
    EditMenu(QMainWindow* window, Workspace& workspace); ///< `window` is the parent
    void fill(QMenu* menu);

signals:
    /// The selection was saved under a proposed name, which the user may want to change.
    void selectionSaved(const QString& name);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectHistory();
    void update();
    Workspace& workspace_;
    QAction *undo_, *redo_, *all_, *clear_, *invert_, *save_;
};

} // namespace ember
