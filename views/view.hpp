#pragma once
// A view turns documents into widgets. Views register themselves by name; the window asks the registry only.

#include <functional>
#include <vector>

#include <QJsonObject>
#include <QString>
#include <QWidget>

#include "views/workspace.hpp"

namespace ember {

/// One tab of the window. A view keeps no copy of a document: it looks it up in the workspace.
class View : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual DocumentRef document() const = 0;
    /// Shows a document of an accepted kind, or the empty state for {} (also when its document closes).
    virtual void showDocument(DocumentRef document) = 0;

    /// What the session keeps of this view: choices, never data.
    virtual QJsonObject settings() const { return {}; }
    virtual void restore(const QJsonObject&) {}

    /// File → Export…; called only when canExport().
    virtual bool canExport() const { return false; }
    virtual void exportData() {}

signals:
    void exportableChanged();
    /// The user changed settings that were `before`; the window makes it undoable under this text ("Colour by
    /// cell type"). Not emitted by restore().
    void settingsEdited(const QString& text, const QJsonObject& before);
};

struct ViewInfo {
    QString name;      ///< stable: "dataset", "predictions"
    const char* title; ///< QT_TRANSLATE_NOOP("ember::View", "Dataset")
    QString icon;      ///< name for widgets/theme.hpp icon()
    int order = 0;     ///< position among the tabs
    std::vector<DocumentKind> accepts;
    std::function<View*(Workspace&, QWidget* parent)> make;

    QString translatedTitle() const;
    bool acceptsKind(DocumentKind kind) const;
};

/// All views of the program, sorted by `order`.
class ViewRegistry {
public:
    static void add(ViewInfo info);
    static const std::vector<ViewInfo>& views();
    static const ViewInfo* find(const QString& name); ///< null when unknown
};

/// `static const ViewRegistration registration{{"dataset", …}};` in the view's .cpp registers it before main.
struct ViewRegistration {
    explicit ViewRegistration(ViewInfo info) { ViewRegistry::add(std::move(info)); }
};

} // namespace ember
