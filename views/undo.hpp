#pragma once
// Undoable changes of a view's settings.

#include <QJsonObject>
#include <QString>

namespace ember {

class Workspace;

/// Records that the settings of the registered view `viewName` went from `before` to `after`
/// (View::settings()). The view shows `after` already; undo and redo come back through View::restore, or,
/// when the view does not exist at that time, through the settings that it is made with. Nothing is recorded
/// when both are equal.
void recordViewChange(Workspace& workspace, const QString& viewName, const QString& text,
                      const QJsonObject& before, const QJsonObject& after);

} // namespace ember
