#include "views/undo.hpp"

#include <QUndoStack>

#include "views/workspace.hpp"

namespace ember {

namespace {

class ViewChange : public QUndoCommand {
public:
    ViewChange(Workspace& workspace, QString viewName, const QString& text, QJsonObject before,
               QJsonObject after)
        : QUndoCommand(text),
          workspace_(workspace),
          viewName_(std::move(viewName)),
          before_(std::move(before)),
          after_(std::move(after)) {}

    void redo() override {
        if (!std::exchange(first_, false)) { // pushing redoes, but the view has changed already
            emit workspace_.viewSettingsWanted(viewName_, after_);
        }
    }
    void undo() override { emit workspace_.viewSettingsWanted(viewName_, before_); }

private:
    Workspace& workspace_;
    QString viewName_;
    QJsonObject before_, after_;
    bool first_ = true;
};

} // namespace

void recordViewChange(Workspace& workspace, const QString& viewName, const QString& text,
                      const QJsonObject& before, const QJsonObject& after) {
    if (before != after) {
        workspace.history().push(new ViewChange(workspace, viewName, text, before, after));
    }
}

} // namespace ember
