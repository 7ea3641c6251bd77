#include "named_widgets.hpp"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QWidget>

namespace {

bool isControl(const QWidget* widget) {
    return qobject_cast<const QAbstractButton*>(widget) != nullptr ||
           qobject_cast<const QLineEdit*>(widget) != nullptr ||
           qobject_cast<const QComboBox*>(widget) != nullptr ||
           qobject_cast<const QAbstractSpinBox*>(widget) != nullptr ||
           qobject_cast<const QAbstractItemView*>(widget) != nullptr ||
           qobject_cast<const QPlainTextEdit*>(widget) != nullptr;
}

/// Made by Qt inside one of its own widgets.
bool isInner(const QWidget* widget) {
    if (qobject_cast<const QHeaderView*>(widget) != nullptr ||
        widget->objectName().startsWith(QLatin1String("qt_")))
        return true;
    const QWidget* parent = widget->parentWidget();
    return qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
           qobject_cast<const QComboBox*>(parent) != nullptr ||
           qobject_cast<const QLineEdit*>(parent) != nullptr ||
           qobject_cast<const QAbstractItemView*>(parent) != nullptr ||
           qobject_cast<const QTabBar*>(parent) != nullptr ||
           (parent != nullptr && parent->inherits("QComboBoxPrivateContainer"));
}

} // namespace

QStringList unnamedControls(const QWidget& root) {
    QStringList unnamed;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (isControl(widget) && !isInner(widget) &&
            (widget->objectName().isEmpty() || widget->accessibleName().isEmpty()))
            unnamed << QStringLiteral("%1 “%2” in %3")
                           .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                widget->parentWidget() == nullptr ? QString()
                                                                  : widget->parentWidget()->objectName());
    }
    return unnamed;
}
