#pragma once
// Ctrl+K: finds actions, open documents, genes, columns and their labels by typing.

#include <functional>
#include <vector>

#include <QObject>
#include <QPointer>

#include "app/window/search_source.hpp"
#include "views/workspace.hpp"
#include "widgets/search_palette.hpp"

class QAction;
class QMainWindow;
class QToolBar;

namespace ember {

class WindowSearch : public QObject {
    Q_OBJECT
public:
    WindowSearch(QMainWindow* window, Workspace& workspace); ///< `window` is the parent
    QAction* action() const { return action_; }
    SearchPalette* palette() const { return palette_; }
    void open();

signals:
    void runChosen(const QString& run);

private:
    void addRuns();
    void gather();
    void fill();
    void addActions();
    void addDocuments();
    void addSource();
    void addGenes();
    void run(int entry);
    void add(const QString& text, const QString& detail, const QString& icon, int kind,
             std::function<void()> run);

    QMainWindow* window_;
    Workspace& workspace_;
    QAction* action_ = nullptr;
    SearchPalette* palette_ = nullptr;
    std::vector<SearchEntry> entries_;        ///< while they are gathered; then the palette has them
    std::vector<std::function<void()>> runs_; ///< [entries before the genes]
    DocumentRef sourceOf_;
    std::shared_ptr<const SearchSource> source_;
    QPointer<Job> gathering_;
};

} // namespace ember
