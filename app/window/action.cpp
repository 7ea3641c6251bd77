#include "app/window/action.hpp"

#include <QAction>
#include <QWidget>

#include "widgets/icon.hpp"

namespace ember {

QAction* makeAction(QWidget* window, const char* name, const QString& iconName, const QString& text,
                    const QKeySequence& shortcut, const QString& tip, std::function<void()> run) {
    auto* action = new QAction(icon(iconName), text, window);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    setTip(action, tip);
    QObject::connect(action, &QAction::triggered, window, std::move(run));
    window->addAction(action);
    return action;
}

void setTip(QAction* action, const QString& tip) {
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? tip : QString("%1 (%2)").arg(tip, keys));
}

} // namespace ember
