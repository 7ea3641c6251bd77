// The menus, the toolbar and their actions.

#include "app/window/main_window.hpp"

#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>

#include "app/window/action.hpp"
#include "app/window/edit_menu.hpp"
#include "app/window/theme_choice.hpp"
#include "app/window/view_tabs.hpp"
#include "app/window/window_search.hpp"
#include "views/report/report_export.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

const QString folderKey = QStringLiteral("open/folder");

QString lastFolder() {
    return QSettings().value(folderKey).toString();
}

void rememberFolder(const QString& path) {
    QSettings().setValue(folderKey, QFileInfo(path).absolutePath());
}

} // namespace

void MainWindow::buildActions() {
    open_ = makeAction(this, "actionOpen", "document-open", tr("Open…"), QKeySequence::Open,
                       tr("Open data files, checkpoints or sessions"), [this] { askToOpen(); });
    openFolder_ =
        makeAction(this, "actionOpenFolder", "document-open-folder", tr("Open model folder…"),
                   tr("Ctrl+Shift+O"), tr("Open an ST run directory"), [this] { askToOpenFolder(); });
    demo_ = makeAction(this, "actionDemo", "cells", tr("Demo"), tr("Ctrl+D"),
                       tr("Open the demo: two data sets and three models"), [this] { openDemo(); });
    predict_ = makeAction(this, "actionPredict", "tools-wizard", tr("Predict…"), tr("Ctrl+P"),
                          tr("Predict with a model"), [this] { documents_.askToPredict({}, {}); });
    train_ = makeAction(this, "actionTrain", "run-build", tr("Train…"), tr("Ctrl+T"),
                        tr("Train or fine-tune a model"), [this] { documents_.askToTrain({}, {}); });
    cancelJobs_ = makeAction(this, "actionCancelJobs", "process-stop", tr("Cancel all jobs"), tr("Ctrl+."),
                             tr("Stop everything that runs"), [this] { jobs_.cancelAll(); });
    export_ = makeAction(this, "actionExport", "document-export", tr("Export…"), tr("Ctrl+E"),
                         tr("Export the tables of this view as CSV"), [this] {
                             if (View* view = tabs_->currentView(); view != nullptr && view->canExport()) {
                                 view->exportData();
                             }
                         });
    search_ = new WindowSearch(this, documents_);
    buildFileMenu();
    buildViewMenu();

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->setObjectName("helpMenu");
    welcomeAction_ =
        makeAction(this, "actionWelcome", "help-hint", tr("Welcome page"), QKeySequence::HelpContents,
                   tr("Show the first steps"), [this] { showWelcome(); });
    about_ = makeAction(this, "actionAbout", "help-about", tr("About Emberview"), {},
                        tr("Version and licence"), [this] { showAbout(); });
    help->addActions({welcomeAction_, about_});

    QToolBar* bar = addToolBar(tr("Main toolbar"));
    bar->setObjectName("mainToolBar");
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({18, 18});
    bar->addActions({open_, demo_});
    bar->addSeparator();
    bar->addActions({predict_, train_, export_, report_});
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    QAction* theme = makeAction(this, "actionToggleTheme", "theme", tr("Theme"), tr("Ctrl+Shift+T"),
                                tr("Switch between light and dark"), [this] { theme_->toggle(); });
    bar->addActions({search_->action(), theme});
    for (QAction* action : bar->actions()) {
        if (auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(action))) {
            button->setObjectName("tool-" + action->objectName());
            button->setAccessibleName(action->text().remove(QChar(0x2026)));
            button->setFocusPolicy(Qt::TabFocus);
        }
    }
}

void MainWindow::buildFileMenu() {
    edit_ = new EditMenu(this, documents_);
    openSession_ =
        makeAction(this, "actionOpenSession", "document-open-recent", tr("Open session…"), {},
                   tr("Open the files and panels of a saved session"), [this] { askToOpenSession(); });
    saveSession_ =
        makeAction(this, "actionSaveSession", "document-save", tr("Save session…"), QKeySequence::Save,
                   tr("Save what is open, to come back to it"), [this] { askToSaveSession(); });
    close_ = makeAction(this, "actionClose", "close", tr("Close document"), QKeySequence::Close,
                        tr("Close the current document"), [this] { documents_.close(documents_.current()); });
    quit_ = makeAction(this, "actionQuit", "", tr("Quit"), QKeySequence::Quit, tr("Leave Emberview"),
                       [this] { close(); });
    report_ = makeAction(this, "actionReport", "document-export", tr("Report…"), tr("Ctrl+R"),
                         tr("Write a report on predictions: verdicts, figures and tables"),
                         [this] { chooseAndSaveReport(this, documents_); });
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->setObjectName("fileMenu");
    file->addActions({open_, openFolder_});
    QMenu* recent = file->addMenu(icon("document-open-recent"), tr("Open recent"));
    recent->setObjectName("recentMenu");
    recent_.fill(recent);
    file->addAction(demo_);
    file->addSeparator();
    file->addActions({openSession_, saveSession_});
    file->addSeparator();
    file->addActions({export_, report_});
    file->addSeparator();
    file->addActions({close_, quit_});
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->setObjectName("editMenu");
    edit_->fill(edit);
    edit->addSeparator();
    edit->addAction(search_->action());
    QMenu* model = menuBar()->addMenu(tr("&Model"));
    model->setObjectName("modelMenu");
    model->addActions({predict_, train_, cancelJobs_});
}

void MainWindow::buildViewMenu() {
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->setObjectName("viewMenu");
    for (int index = 0; index < tabs_->count(); ++index) {
        QAction* action =
            makeAction(this, qPrintable(QString("actionView%1").arg(index + 1)), {}, tabs_->tabText(index),
                       QString("Ctrl+%1").arg(index + 1), tr("Show this view"), [this, index] {
                           centre_->setCurrentWidget(tabs_);
                           tabs_->setCurrentIndex(index);
                       });
        action->setIcon(tabs_->tabIcon(index));
        view->addAction(action);
    }
    view->addSeparator();
    for (QDockWidget* dock : {workspaceDock_, inspectorDock_, jobDock_}) {
        QAction* toggle = dock->toggleViewAction();
        toggle->setObjectName(dock->objectName() + "Toggle");
        view->addAction(toggle);
    }
    jobDock_->toggleViewAction()->setShortcut(tr("Ctrl+J"));
    view->addSeparator();
    QMenu* theme = view->addMenu(icon("theme"), tr("Theme"));
    theme->setObjectName("themeMenu");
    theme_->fill(theme);
}

void MainWindow::updateActions() {
    const View* view = tabs_->currentView();
    export_->setEnabled(centre_->currentWidget() == tabs_ && view != nullptr && view->canExport());
    close_->setEnabled(static_cast<bool>(documents_.current()));
    saveSession_->setEnabled(!documents_.isEmpty());
    cancelJobs_->setEnabled(!jobs_.isIdle());
}

void MainWindow::askToOpen() {
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Open"), lastFolder(),
        tr("All that Emberview opens (*.h5ad *.h5 *.ckpt *.pt *.safetensors *.emberview);;All files (*)"));
    if (!paths.isEmpty()) {
        rememberFolder(paths.first());
        openFiles(paths);
    }
}

void MainWindow::askToOpenFolder() {
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a model folder"), lastFolder());
    if (!path.isEmpty()) {
        rememberFolder(path);
        openFiles({path});
    }
}

void MainWindow::askToOpenSession() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a session"), lastFolder(),
                                                      tr("Emberview sessions (*.emberview)"));
    if (!path.isEmpty()) {
        openSession(path);
    }
}

void MainWindow::askToSaveSession() {
    QString path = QFileDialog::getSaveFileName(this, tr("Save the session"), lastFolder(),
                                                tr("Emberview sessions (*.emberview)"));
    if (path.isEmpty()) {
        return;
    }
    saveSessionTo(isSessionFile(path) ? path : path + ".emberview");
}

void MainWindow::showAbout() {
    QMessageBox::about(this, tr("About Emberview"),
                       tr("<h3>Emberview %1</h3><p>Workbench for virtual-cell models.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later. "
                          "Fonts: Inter (SIL Open Font License). Icons: Breeze (LGPL).</p>")
                           .arg(QApplication::applicationVersion()));
}

} // namespace ember
