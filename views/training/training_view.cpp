#include "views/training/training_view.hpp"

#include <algorithm>

#include <QFileDialog>
#include <QItemSelectionModel>
#include <QLabel>
#include <QListView>
#include <QPointer>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTimer>

#include "views/training/launch_form.hpp"
#include "views/training/live_map.hpp"
#include "views/training/prune_dialog.hpp"
#include "views/training/run_list.hpp"
#include "views/training/run_pane.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

const ViewRegistration registration{
    {"training",
     QT_TRANSLATE_NOOP("ember::View", "Training"),
     "run-build",
     37,
     {},
     [](Workspace& workspace, QWidget* parent) -> View* { return new TrainingView(workspace, parent); }}};

constexpr int startPatience_s = 60;
constexpr double lowerRateShare = 0.3;

} // namespace

TrainingView::TrainingView(Workspace& workspace, QWidget* parent)
    : View(parent), workspace_(workspace), store_(RunStore::of(workspace)) {
    setObjectName("trainingView");
    build();
    connect(&store_, &RunStore::changed, this, &TrainingView::refresh);
    connect(&store_, &RunStore::failed, this, [this](const Message& message) { workspace_.post(message); });
    connect(&workspace_, &Workspace::documentAdded, this, [this](DocumentRef document) {
        const ModelDocument* model =
            document.kind == DocumentKind::model ? workspace_.model(document.id) : nullptr;
        if (model != nullptr && !wanted_.isEmpty() && wanted_.startsWith(model->path)) {
            workspace_.askToPredictWith(document, std::exchange(wanted_, QString()));
        }
    });
    // Apart from the making of the widgets, which is long enough for one event.
    QMetaObject::invokeMethod(this, &TrainingView::refresh, Qt::QueuedConnection);
}

TrainingView::~TrainingView() = default;

RunSnapshotPtr TrainingView::current() const {
    if (const RunSnapshotPtr chosen = store_.find(settings_.run)) {
        return chosen;
    }
    const QString first = model_->pathAt(0);
    return first.isEmpty() ? nullptr : store_.find(first);
}

void TrainingView::refresh() {
    const QScopedValueRollback guard(restoring_, true);
    std::erase_if(starting_, [this](const auto& entry) {
        const RunSnapshotPtr run = store_.find(entry.first);
        return entry.second > 0 && run != nullptr && run->status && run->status->pid == entry.second;
    });
    model_->refresh();
    model_->setTicked(settings_.ticked);
    const RunSnapshotPtr run = current();
    if (run != nullptr) {
        const QModelIndex row = model_->index(model_->rowOf(runPath(*run)));
        if (list_->currentIndex() != row) {
            list_->setCurrentIndex(row);
        }
    }
    details_->setCurrentIndex(run == nullptr ? 0 : 1);
    const int active = store_.activeCount();
    count_->setText(
        active == 0
            ? tr("%1, none active").arg(formatCount(model_->rowCount(), tr("run"), tr("runs")))
            : tr("%1, %2 active").arg(formatCount(model_->rowCount(), tr("run"), tr("runs"))).arg(active));
    count_->setVisible(model_->rowCount() > 0);
    if (form_ != nullptr) {
        form_->setBusyRuns(active);
    }
    showPane();
}

void TrainingView::showPane() {
    const RunSnapshotPtr run = current();
    std::vector<ShownRun> shown;
    QStringList paths = model_->ticked();
    if (run != nullptr && !paths.contains(runPath(*run))) {
        paths.prepend(runPath(*run));
    }
    for (const QString& path : paths) {
        if (const RunSnapshotPtr each = store_.find(path)) {
            shown.push_back({each, QString::fromStdString(each->name), model_->colorOf(path)});
        }
    }
    // Runs of one name in different folders are told apart by the folder.
    for (ShownRun& each : shown) {
        const bool twice = std::count_if(shown.begin(), shown.end(), [&](const ShownRun& other) {
                               return other.run->name == each.run->name;
                           }) > 1;
        if (twice) {
            each.name = QString::fromStdString(each.run->path.parent_path().filename().string()) + '/' +
                        QString::fromStdString(each.run->name);
        }
    }
    pane_->setStarting(run != nullptr && starting_.contains(runPath(*run)));
    pane_->show(run, shown);
}

void TrainingView::edit(const QString& text, const std::function<void(TrainingSettings&)>& change) {
    if (restoring_) {
        return;
    }
    const QScopedValueRollback guard(editing_, true); // undo leaves the form as it is
    const QJsonObject before = settings();
    change(settings_);
    if (settings() != before) {
        emit settingsEdited(text, before);
    }
}

QJsonObject TrainingView::settings() const {
    QJsonObject json = toJson(settings_);
    const QJsonObject form = form_ == nullptr ? keptForm_ : form_->settings();
    if (!editing_ && !form.isEmpty()) {
        json["form"] = form;
    }
    return json;
}

void TrainingView::restore(const QJsonObject& settings) {
    const QScopedValueRollback guard(restoring_, true);
    settings_ = trainingSettingsFrom(settings);
    pane_->setChoice(settings_.curves);
    pane_->setTab(settings_.tab);
    pane_->map()->setColorBy(settings_.mapColor);
    if (const QJsonObject form = settings["form"].toObject(); form_ != nullptr) {
        form_->restore(form);
    } else if (!form.isEmpty()) {
        keptForm_ = form; // until the form is first asked for
    }
    refresh();
}

void TrainingView::newRun(DocumentRef dataset, DocumentRef model) {
    if (form_ == nullptr) {
        form_ = new LaunchForm(workspace_);
        pages_->addWidget(form_);
        form_->setFolder(settings_.folder);
        form_->setBusyRuns(store_.activeCount());
        connect(form_, &LaunchForm::closed, this, [this] { pages_->setCurrentIndex(0); });
        connect(form_, &LaunchForm::startWanted, this, [this](const nlohmann::json& values, bool queue) {
            const QString run = QString::fromStdString(run_directory_of(values).string());
            settings_.folder = form_->folder();
            store_.watchFolder(form_->folder());
            start(cleanRunPath(run), QString::fromStdString(config_value(values, "name").get<std::string>()),
                  [values, queue] { return writeConfiguration(values, queue); });
            showRun(cleanRunPath(run));
        });
        form_->restore(keptForm_);
    }
    form_->choose(dataset, model);
    pages_->setCurrentWidget(form_);
}

void TrainingView::showRun(const QString& run) {
    pages_->setCurrentIndex(0);
    settings_.run = run;
    refresh();
}

void TrainingView::openRun() {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Open a run, or a folder with runs"), settings_.folder);
    if (!folder.isEmpty()) {
        openFolder(folder);
    }
}

void TrainingView::openFolder(const QString& folder) {
    store_.openFolder(folder); // the folder itself may be a run
    settings_.run = cleanRunPath(folder);
    refresh();
    runJob(
        workspace_, tr("Look for runs"),
        [folder](JobContext&) { return find_runs(cleanRunPath(folder).toStdString()); }, this,
        [this, folder](const std::vector<std::filesystem::path>& runs) {
            if (runs.empty()) {
                workspace_.post({MessageKind::information,
                                 tr("No training runs in this folder"),
                                 folder,
                                 tr("Choose a run directory, or a folder with some."),
                                 {}});
            } else {
                settings_.run = QString::fromStdString(runs.front().string());
                refresh();
            }
        });
}

void TrainingView::prune(const QString& run) {
    auto* dialog = new PruneDialog(workspace_, run.toStdString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TrainingView::predict(const QString& run, const QString& checkpoint) {
    for (const ModelDocument* model : workspace_.models()) {
        if (cleanRunPath(model->path) == run) {
            workspace_.askToPredictWith({DocumentKind::model, model->id}, checkpoint);
            return;
        }
    }
    wanted_ = checkpoint;
    workspace_.open({run});
}

void TrainingView::resume(const QString& run, bool lowerRate) {
    const RunSnapshotPtr snapshot = store_.find(run);
    double rate = 0;
    if (snapshot != nullptr && lowerRate) {
        const nlohmann::json now = config_value(snapshot->config, "training.lr");
        rate = now.is_number() ? now.get<double>() * lowerRateShare : 0;
    }
    start(run, snapshot == nullptr ? run : QString::fromStdString(snapshot->name),
          [run, rate] { return resumption(run, rate, false); });
}

void TrainingView::start(const QString& path, const QString& name, std::function<RunToStart()> prepare) {
    if (!starting_.emplace(path, 0).second) {
        return;
    }
    showPane();
    struct Started {
        RunToStart run;
        qint64 pid = 0;
    };
    const Job* job = runJob(
        workspace_, tr("Start training %1").arg(name),
        [prepare = std::move(prepare)](JobContext&) {
            Started started{prepare(), 0};
            started.pid = startRun(started.run);
            return started;
        },
        this,
        [this, path](const Started& started) {
            starting_[path] = started.pid;
            store_.watch(started.run.run);
            lookAfter(started.run, started.pid, 0);
        });
    connect(job, &Job::finished, this, [this, job, path] {
        if (job->state() != JobState::done) {
            endStart(path);
        }
    });
}

void TrainingView::endStart(const QString& path) {
    if (starting_.erase(path) > 0) {
        showPane();
    }
}

/// A process that ends before it has a status says why in its log only.
void TrainingView::lookAfter(const RunToStart& run, qint64 pid, int seconds, bool again) {
    QTimer::singleShot(1000, this, [this, run, pid, seconds, again] {
        const RunSnapshotPtr snapshot = store_.find(run.run);
        if (snapshot != nullptr && snapshot->status && snapshot->status->pid == pid) {
            endStart(run.run);
            return; // the list tells how it goes, and how it ends
        }
        if (isAlive(pid) && seconds < startPatience_s) {
            lookAfter(run, pid, seconds + 1);
            return;
        }
        if (isAlive(pid)) {
            endStart(run.run);
            return;
        }
        if (!again) { // its last words may have been written since the last look
            store_.lookNow();
            lookAfter(run, pid, seconds, true);
            return;
        }
        endStart(run.run);
        runJob(
            workspace_, tr("Read why training did not start"),
            [log = run.log](JobContext&) { return lastLines(log, 12); }, this,
            [this](const QString& text) {
                workspace_.post({MessageKind::error, tr("Training did not start"), text.section('\n', -1),
                                 tr("See the details."), text});
            });
    });
}

} // namespace ember
