#pragma once
// The registered views as tabs. A view is made when its tab is first shown.

#include <map>

#include <QTabWidget>

#include "views/view.hpp"

namespace ember {

class ViewTabs : public QTabWidget {
    Q_OBJECT
public:
    explicit ViewTabs(Workspace& workspace, QWidget* parent = nullptr);

    /// Brings a view to the front; `document` is shown when the view accepts it. Null for an unknown name.
    View* showView(const QString& name, DocumentRef document);
    /// The view made for documents of this kind.
    void showPreferred(DocumentRef document);

    /// Makes the view in front, so that showing a document takes less time later.
    void prepare();

    View* currentView() const;
    QString currentName() const;
    void bringToFront(const QString& name);

    QMap<QString, QJsonObject> settings() const;
    /// Path of the document that each view shows.
    QMap<QString, QString> shown() const;
    void restore(const QMap<QString, QJsonObject>& settings, const QMap<QString, QString>& shown);
    void restoreView(const QString& name, const QJsonObject& settings);

signals:
    void exportableChanged();

protected:
    void showEvent(QShowEvent* event) override;

private:
    int indexOf(const QString& name) const;
    View* viewAt(int index) const; ///< null until made
    View* make(int index);
    void follow(DocumentRef current);
    void enter(int index);
    QString pathOf(DocumentRef document) const;
    DocumentRef rememberedDocument(const ViewInfo& info) const;
    DocumentRef lastAccepted(const ViewInfo& info) const;

    Workspace& workspace_;
    std::vector<const ViewInfo*> infos_;     ///< by tab
    QMap<QString, QJsonObject> restored_;    ///< for views not made yet
    QMap<QString, QString> rememberedPaths_; ///< as restored, for views without a document
    bool following_ = false;                 ///< a tab changes because the document did
};

} // namespace ember
