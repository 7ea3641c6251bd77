#include "app/window/edit_menu.hpp"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QPlainTextEdit>
#include <QUndoStack>

#include "app/window/action.hpp"
#include "views/selections.hpp"

namespace ember {

namespace {

/// What Ctrl+A and Escape mean in a table or a field comes before what they mean for the selected cells.
bool keepsForItself(const QObject* widget, const QKeyEvent& key) {
    const bool field =
        qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QPlainTextEdit*>(widget) ||
        qobject_cast<const QAbstractSpinBox*>(widget) || qobject_cast<const QComboBox*>(widget);
    if (key.key() == Qt::Key_Escape) {
        return field;
    }
    const auto* items = qobject_cast<const QAbstractItemView*>(widget);
    return key.matches(QKeySequence::SelectAll) &&
           (field || (items != nullptr && items->selectionMode() == QAbstractItemView::ExtendedSelection));
}

} // namespace

EditMenu::EditMenu(QMainWindow* window, Workspace& workspace) : QObject(window), workspace_(workspace) {
    QUndoStack& history = workspace_.history();
    Selections& selections = workspace_.selections();
    undo_ = makeAction(window, "actionUndo", "edit-undo", tr("Undo"), QKeySequence::Undo, {},
                       [&history] { history.undo(); });
    redo_ = makeAction(window, "actionRedo", "edit-redo", tr("Redo"), tr("Ctrl+Shift+Z"), {},
                       [&history] { history.redo(); });
    all_ = makeAction(window, "actionSelectAll", {}, tr("Select all cells"), QKeySequence::SelectAll,
                      tr("Select all cells of the current data set"),
                      [this, &selections] { selections.selectAll(workspace_.current()); });
    clear_ =
        makeAction(window, "actionClearSelection", "edit-clear", tr("Clear selection"), tr("Ctrl+Shift+A"),
                   tr("Select no cell"), [this, &selections] { selections.clear(workspace_.current()); });
    clear_->setShortcuts({clear_->shortcut(), QKeySequence(Qt::Key_Escape)});
    invert_ = makeAction(window, "actionInvertSelection", {}, tr("Invert selection"), tr("Ctrl+I"),
                         tr("Select the cells that are not selected"),
                         [this, &selections] { selections.invert(workspace_.current()); });
    save_ =
        makeAction(window, "actionSaveSelection", "list-add", tr("Save selection…"), tr("Ctrl+Shift+S"),
                   tr("Keep the selected cells under a name"), [this, &selections] {
                       emit selectionSaved(selections.save(workspace_.current(), selections.proposedName()));
                   });
    connectHistory();
    qApp->installEventFilter(this);
    update();
}

void EditMenu::connectHistory() {
    QUndoStack& history = workspace_.history();
    connect(&history, &QUndoStack::indexChanged, this, &EditMenu::update);
    connect(&workspace_.selections(), &Selections::changed, this, &EditMenu::update);
    connect(&workspace_, &Workspace::currentChanged, this, &EditMenu::update);
}

void EditMenu::fill(QMenu* menu) {
    menu->addActions({undo_, redo_});
    menu->addSeparator();
    menu->addActions({all_, clear_, invert_, save_});
}

void EditMenu::update() {
    const QUndoStack& history = workspace_.history();
    const auto describe = [](QAction* action, bool can, const QString& word, const QString& what) {
        const QString text = can ? QString("%1: %2").arg(word, what) : word;
        action->setText(QString(text).replace('&', "&&"));
        action->setEnabled(can);
        setTip(action, text);
    };
    describe(undo_, history.canUndo(), tr("Undo"), history.undoText());
    describe(redo_, history.canRedo(), tr("Redo"), history.redoText());
    const CellSelection& selection = workspace_.selections().of(workspace_.current());
    const bool any = selection.any();
    all_->setEnabled(selection.size() > 0);
    invert_->setEnabled(selection.size() > 0);
    clear_->setEnabled(any);
    save_->setEnabled(any);
}

bool EditMenu::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride &&
        keepsForItself(watched, *static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace ember
