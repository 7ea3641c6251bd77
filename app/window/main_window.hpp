#pragma once
// The window: views in the middle, workspace, inspector and jobs around them.

#include <QMainWindow>

#include "app/window/job_centre.hpp"
#include "app/window/open_documents.hpp"
#include "app/window/recent_files.hpp"
#include "app/window/session_files.hpp"

class QDockWidget;
class QStackedWidget;

namespace ember {

class DocumentTree;
class EditMenu;
class MessageArea;
class SessionKeeper;
class StatusLine;
class ThemeChoice;
class ViewTabs;
class WelcomePage;
class WindowSearch;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    OpenDocuments& documents() { return documents_; }
    JobCentre& jobs() { return jobs_; }
    MessageArea& messages() { return *messages_; }
    ViewTabs& views() { return *tabs_; }

    Session session() const;
    /// Replaces what is open; the history of changes ends.
    void restoreSession(const Session& session);

public slots:
    void openFiles(const QStringList& paths);
    void openDemo();
    void openSession(const QString& path);
    void saveSessionTo(const QString& path);
    void showWelcome();
    void showPredictForm(ember::DocumentRef dataset, ember::DocumentRef model);
    void showTrainingForm(ember::DocumentRef dataset, ember::DocumentRef model);
    void showRun(const QString& run);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void buildActions();
    void buildFileMenu();
    void buildViewMenu();
    void connectDocuments();
    QDockWidget* addDock(const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void askToOpen();
    void askToOpenFolder();
    void askToOpenSession();
    void askToSaveSession();
    void showAbout();
    void updateActions();
    void restoreLayout();
    void keepSession();
    void offerSessions(const SessionOffers& offers);
    void watchRuns();

    JobCentre jobs_;
    OpenDocuments documents_{jobs_};
    RecentFiles recent_;
    ThemeChoice* theme_ = nullptr;
    SessionKeeper* keeper_ = nullptr;
    SessionOffers offers_;
    EditMenu* edit_ = nullptr;
    StatusLine* status_ = nullptr;
    WindowSearch* search_ = nullptr;
    DocumentTree* tree_ = nullptr;
    MessageArea* messages_ = nullptr;
    QStackedWidget* centre_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    ViewTabs* tabs_ = nullptr;
    QDockWidget *workspaceDock_ = nullptr, *inspectorDock_ = nullptr, *jobDock_ = nullptr;
    QAction *open_ = nullptr, *openFolder_ = nullptr, *demo_ = nullptr, *openSession_ = nullptr,
            *saveSession_ = nullptr, *export_ = nullptr, *report_ = nullptr, *close_ = nullptr,
            *quit_ = nullptr, *predict_ = nullptr, *train_ = nullptr, *cancelJobs_ = nullptr,
            *welcomeAction_ = nullptr, *about_ = nullptr;
};

} // namespace ember
