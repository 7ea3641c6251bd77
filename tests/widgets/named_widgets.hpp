#pragma once
// What a user acts on must be found by name, by screen readers as by tests.

#include <QStringList>

class QWidget;

/// Controls below `root` that lack an objectName or an accessible name, as "class in parent"; Qt's own inner
/// widgets (scroll bars, line edits of spin boxes) do not count.
QStringList unnamedControls(const QWidget& root);
