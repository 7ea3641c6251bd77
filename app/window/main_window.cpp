#include "app/window/main_window.hpp"

#include <QCloseEvent>
#include <QDockWidget>
#include <QFileInfo>
#include <QLayout>
#include <QMenu>
#include <QMenuBar>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QUndoStack>
#include <QVBoxLayout>

#include "app/window/dock_on_demand.hpp"
#include "app/window/document_tree.hpp"
#include "app/window/edit_menu.hpp"
#include "app/window/file_drop.hpp"
#include "app/window/inspector.hpp"
#include "app/window/job_panel.hpp"
#include "app/window/message_area.hpp"
#include "app/window/recovery_card.hpp"
#include "app/window/session_keeper.hpp"
#include "app/window/status_line.hpp"
#include "app/window/theme_choice.hpp"
#include "app/window/view_tabs.hpp"
#include "app/window/welcome_page.hpp"
#include "app/window/window_search.hpp"
#include "core/base/demo_workspace.hpp"
#include "views/prediction/predict_form.hpp"
#include "views/selections.hpp"
#include "views/training/run_store.hpp"
#include "views/training/run_words.hpp"
#include "views/training/training_view.hpp"

namespace ember {

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent) {
    setObjectName("mainWindow");
    setWindowTitle("Emberview");
    setWindowIcon(icon("app"));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    theme_ = new ThemeChoice(this);
    keeper_ = new SessionKeeper([this] { return session(); }, this);
    buildCentre();
    buildDocks();
    buildActions();
    connect(edit_, &EditMenu::selectionSaved, this, [this](const QString& name) {
        workspaceDock_->show();
        tree_->nameSelection(name);
    });
    status_ = new StatusLine(jobs_, documents_);
    setStatusBar(status_);
    connect(status_, &StatusLine::jobsClicked, this,
            [this] { jobDock_->setVisible(!jobDock_->isVisible()); });
    auto* drop = new FileDrop(this);
    connect(drop, &FileDrop::dropped, this, &MainWindow::openFiles);
    connectDocuments();
    restoreLayout();
    keepSession();
    updateActions();
    QTimer::singleShot(0, this, &MainWindow::watchRuns); // behind the first frame
}

MainWindow::~MainWindow() {
    // What speaks with the documents and jobs goes before them.
    documents_.disconnect(this);
    jobs_.disconnect(this);
    delete takeCentralWidget();
    for (QWidget* part : {static_cast<QWidget*>(workspaceDock_), static_cast<QWidget*>(inspectorDock_),
                          static_cast<QWidget*>(jobDock_), static_cast<QWidget*>(statusBar())}) {
        delete part;
    }
}

void MainWindow::buildCentre() {
    messages_ = new MessageArea;
    welcome_ = new WelcomePage(recent_);
    tabs_ = new ViewTabs(documents_);
    centre_ = new QStackedWidget;
    centre_->addWidget(welcome_);
    centre_->addWidget(tabs_);
    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(messages_);
    layout->addWidget(centre_, 1);
    setCentralWidget(centre);

    connect(welcome_, &WelcomePage::openRequested, this, &MainWindow::askToOpen);
    connect(welcome_, &WelcomePage::openFolderRequested, this, &MainWindow::askToOpenFolder);
    connect(welcome_, &WelcomePage::demoRequested, this, &MainWindow::openDemo);
    connect(welcome_, &WelcomePage::fileChosen, this, [this](const QString& path) { openFiles({path}); });
    connect(&recent_, &RecentFiles::chosen, this, [this](const QString& path) { openFiles({path}); });
    connect(tabs_, &ViewTabs::exportableChanged, this, &MainWindow::updateActions);
}

QDockWidget* MainWindow::addDock(const char* name, const QString& title, QWidget* content,
                                 Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setAccessibleName(title);
    dock->setWidget(content);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::buildDocks() {
    tree_ = new DocumentTree(documents_);
    workspaceDock_ = addDock("workspaceDock", tr("Workspace"), tree_, Qt::LeftDockWidgetArea);
    inspectorDock_ =
        addDock("inspectorDock", tr("Inspector"), new Inspector(documents_), Qt::RightDockWidgetArea);
    auto* jobs = new JobPanel(jobs_);
    jobDock_ = addDock("jobDock", tr("Jobs"), jobs, Qt::BottomDockWidgetArea);
    jobDock_->hide();
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    new DockOnDemand(jobDock_, jobs, jobs_);
    connect(tree_, &DocumentTree::activated, this, [this](DocumentRef document) {
        centre_->setCurrentWidget(tabs_);
        tabs_->showPreferred(document);
    });
}

void MainWindow::restoreLayout() {
    resize(QSize(1280, 800).boundedTo(screen()->availableSize()));
    resizeDocks({workspaceDock_, inspectorDock_}, {205, 260}, Qt::Horizontal);
    resizeDocks({jobDock_}, {110}, Qt::Vertical);
    const QSettings settings;
    restoreGeometry(settings.value("window/geometry").toByteArray());
    restoreState(settings.value("window/docks").toByteArray());
    jobDock_->hide();
}

void MainWindow::connectDocuments() {
    connect(&documents_, &OpenDocuments::messagePosted, messages_, &MessageArea::show);
    connect(&documents_, &OpenDocuments::opened, &recent_, &RecentFiles::add);
    connect(&documents_, &OpenDocuments::opened, this, [this] {
        if (documents_.current().kind == DocumentKind::prediction) {
            tabs_->showPreferred(documents_.current());
        }
    });
    connect(&documents_, &OpenDocuments::sessionRequested, this, &MainWindow::openSession);
    connect(&documents_, &OpenDocuments::predictRequested, this, &MainWindow::showPredictForm);
    connect(&documents_, &OpenDocuments::predictWithRequested, this,
            [this](DocumentRef model, const QString& checkpoint) {
                showPredictForm({}, model);
                if (auto* form = qobject_cast<PredictForm*>(tabs_->currentView())) {
                    form->setCheckpoint(checkpoint);
                }
            });
    connect(&documents_, &OpenDocuments::trainRequested, this, &MainWindow::showTrainingForm);
    connect(search_, &WindowSearch::runChosen, this, &MainWindow::showRun);
    connect(&documents_, &OpenDocuments::viewRequested, this,
            [this](const QString& name, DocumentRef document) {
                centre_->setCurrentWidget(tabs_);
                tabs_->showView(name, document);
            });
    // Queued: filling a view and showing it first would together be longer than one handler may take.
    connect(
        &documents_, &Workspace::documentAdded, this,
        [this](DocumentRef document) {
            if (!documents_.pathOf(document).isEmpty()) {
                centre_->setCurrentWidget(tabs_);
            }
        },
        Qt::QueuedConnection);
    connect(&documents_, &Workspace::currentChanged, this, [this](DocumentRef document) {
        setWindowTitle(document ? documents_.nameOf(document) + " – Emberview" : QString("Emberview"));
        if (!document && documents_.isEmpty()) {
            showWelcome();
        }
        updateActions();
    });
    connect(&jobs_, &JobCentre::countChanged, this, &MainWindow::updateActions);
    // While the first file is being read there is time to make the view that will show it.
    connect(&jobs_, &JobCentre::jobAdded, tabs_, &ViewTabs::prepare, Qt::QueuedConnection);
}

void MainWindow::keepSession() {
    connect(keeper_, &SessionKeeper::failed, messages_, &MessageArea::show);
    connect(keeper_, &SessionKeeper::offered, this, &MainWindow::offerSessions);
    connect(welcome_, &WelcomePage::sessionRequested, this, [this] {
        if (const auto last = std::exchange(offers_.last, std::nullopt)) {
            offerSessions(offers_);
            restoreSession(last->session);
        }
    });
    connect(welcome_, &WelcomePage::recoveryRequested, this, [this] {
        if (const auto crashed = std::exchange(offers_.crashed, std::nullopt)) {
            offerSessions(offers_);
            restoreSession(crashed->session);
            keeper_->adopt(*crashed);
        }
    });
    connect(welcome_, &WelcomePage::recoveryDiscarded, this, [this] {
        if (const auto crashed = std::exchange(offers_.crashed, std::nullopt)) {
            keeper_->discard(*crashed);
        }
    });
    const auto note = [this] { keeper_->noteChange(); };
    connect(&documents_, &Workspace::documentAdded, keeper_, note);
    connect(&documents_, &Workspace::documentChanged, keeper_, note);
    connect(&documents_, &Workspace::documentClosing, keeper_, note);
    connect(&documents_, &Workspace::currentChanged, keeper_, note);
    connect(&documents_.history(), &QUndoStack::indexChanged, keeper_, note);
    connect(tabs_, &ViewTabs::currentChanged, keeper_, note);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, keeper_, note);
    for (const QDockWidget* dock : {workspaceDock_, inspectorDock_, jobDock_}) {
        connect(dock, &QDockWidget::visibilityChanged, keeper_, note);
    }
    keeper_->look();
}

void MainWindow::offerSessions(const SessionOffers& offers) {
    offers_ = offers;
    const auto content = [](const std::optional<SessionOffer>& offer) {
        return offer ? SessionKeeper::describe(offer->session) : QString();
    };
    welcome_->offerSession(content(offers_.last));
    const auto& crashed = offers_.crashed;
    if (crashed && !documents_.isEmpty()) { // the welcome page is not in sight
        documents_.post({MessageKind::information,
                         tr("Emberview did not end properly"),
                         tr("%1 can be brought back.").arg(content(crashed)),
                         tr("Press “Bring it back” on the welcome page (F1)."),
                         {}});
    }
    welcome_->offerRecovery(content(crashed),
                            crashed ? momentText(crashed->saved, QDate::currentDate()) : QString());
}

void MainWindow::openFiles(const QStringList& paths) {
    documents_.open(paths);
}

void MainWindow::openDemo() {
    try {
        const DemoWorkspace demo = describe_demo(bundled_demo());
        QStringList paths;
        for (const auto& files : {demo.data, demo.models}) {
            for (const auto& file : files) {
                paths << QString::fromStdString(file.string());
            }
        }
        documents_.open(paths);
    } catch (const Error& error) {
        documents_.post(messageFrom(JobError::from(error)));
    }
}

void MainWindow::showWelcome() {
    centre_->setCurrentWidget(welcome_);
}

void MainWindow::showPredictForm(DocumentRef dataset, DocumentRef model) {
    centre_->setCurrentWidget(tabs_);
    if (auto* form = qobject_cast<PredictForm*>(tabs_->showView("predict", {}))) {
        form->choose(dataset, model);
    }
}

void MainWindow::showTrainingForm(DocumentRef dataset, DocumentRef model) {
    centre_->setCurrentWidget(tabs_);
    if (auto* view = qobject_cast<TrainingView*>(tabs_->showView("training", {}))) {
        view->newRun(dataset, model);
    }
}

void MainWindow::showRun(const QString& run) {
    centre_->setCurrentWidget(tabs_);
    if (auto* view = qobject_cast<TrainingView*>(tabs_->showView("training", {}))) {
        view->showRun(run);
    }
}

/// Runs outlive the window: the status line says so when it comes back, and a message how they end.
void MainWindow::watchRuns() {
    RunStore& store = RunStore::of(documents_);
    connect(&store, &RunStore::changed, this, [this, &store] { status_->showRuns(store.activeCount()); });
    connect(&store, &RunStore::ended, this, [this](const QString& run) {
        if (const RunSnapshotPtr ended = RunStore::of(documents_).find(run)) {
            documents_.post(endMessage(*ended));
        }
    });
    connect(status_, &StatusLine::runsClicked, this, [this] { showRun({}); });
}

Session MainWindow::session() const {
    Session session;
    session.documents = documents_.forSession();
    session.currentKind = documents_.current().kind;
    session.currentPath = documents_.pathOf(documents_.current());
    session.currentView = centre_->currentWidget() == tabs_ ? tabs_->currentName() : QString();
    session.theme = toString(themeMode());
    session.views = tabs_->settings();
    session.selections = documents_.selections().state();
    session.shown = tabs_->shown();
    session.geometry = saveGeometry();
    session.docks = saveState();
    return session;
}

void MainWindow::restoreSession(const Session& session) {
    documents_.closeAll();
    documents_.history().clear();
    restoreGeometry(session.geometry);
    restoreState(session.docks);
    theme_->choose(themeModeFrom(session.theme));
    tabs_->restore(session.views, session.shown);
    documents_.selections().setState(session.selections);
    documents_.restore(session.documents, session.currentPath);
    if (!session.currentView.isEmpty()) {
        centre_->setCurrentWidget(tabs_);
        tabs_->bringToFront(session.currentView);
    }
}

void MainWindow::openSession(const QString& path) {
    runJob(
        documents_, tr("Open the session %1").arg(QFileInfo(path).fileName()),
        [path](JobContext&) { return loadSession(path); }, this,
        [this](const Session& session) { restoreSession(session); });
}

void MainWindow::saveSessionTo(const QString& path) {
    runJob(
        documents_, tr("Save the session %1").arg(QFileInfo(path).fileName()),
        [path, session = session()](JobContext&) { saveSession(session, path); }, this,
        [this, path] {
            documents_.post(
                {MessageKind::information, tr("Saved"), tr("The session is in %1.").arg(path), {}, {}});
        });
}

void MainWindow::closeEvent(QCloseEvent* event) {
    keeper_->finish();
    QSettings settings;
    settings.setValue("window/geometry", saveGeometry());
    settings.setValue("window/docks", saveState());
    jobs_.cancelAll();
    event->accept();
}

} // namespace ember
