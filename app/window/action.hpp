#pragma once
// An action of the window: named, with its shortcut in the tip.

#include <functional>

#include <QKeySequence>
#include <QString>

class QAction;
class QWidget;

namespace ember {

/// `window` owns the action and hears its shortcut. `iconName` may be empty.
QAction* makeAction(QWidget* window, const char* name, const QString& iconName, const QString& text,
                    const QKeySequence& shortcut, const QString& tip, std::function<void()> run);

/// A tip, followed by the action's shortcut.
void setTip(QAction* action, const QString& tip);

} // namespace ember
