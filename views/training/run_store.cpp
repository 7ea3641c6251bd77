#include "views/training/run_store.hpp"

#include <algorithm>

#include <QDir>
#include <QSettings>

namespace ember {

namespace {

const QString runsKey = QStringLiteral("training/runs"), foldersKey = QStringLiteral("training/folders"),
              removedKey = QStringLiteral("training/removed");

std::filesystem::path pathOf(const QString& path) {
    return path.toStdString();
}

/// Whether the run does by now what it was asked to do, or cannot any more.
bool fulfilled(const RunSnapshot& run, RunCommand asked) {
    switch (asked) {
    case RunCommand::pause:
        return run.state() == RunState::paused || !run.active();
    case RunCommand::proceed:
        return run.state() != RunState::paused;
    case RunCommand::stop:
        return !run.active();
    case RunCommand::none:
        break;
    }
    return true;
}

} // namespace

QString runPath(const RunSnapshot& run) {
    return QString::fromStdString(run.path.string());
}

QString cleanRunPath(const QString& path) {
    return QDir::cleanPath(QDir::current().absoluteFilePath(path));
}

RunStore& RunStore::of(Workspace& workspace) {
    if (auto* made = workspace.findChild<RunStore*>({}, Qt::FindDirectChildrenOnly)) {
        return *made;
    }
    return *new RunStore(workspace);
}

bool RunStore::remembersRuns() {
    const QSettings settings;
    return !settings.value(runsKey).toStringList().isEmpty() ||
           !settings.value(foldersKey).toStringList().isEmpty();
}

RunStore::RunStore(Workspace& workspace, bool remember)
    : QObject(&workspace),
      workspace_(workspace),
      remember_(remember),
      poller_([this](std::vector<RunSnapshotPtr> changed) {
          QMetaObject::invokeMethod(
              this, [this, changed = std::move(changed)] { take(changed); }, Qt::QueuedConnection);
      }) {
    setObjectName("runStore");
    writer_.setMaxThreadCount(1); // wishes arrive in the order they were made
    if (remember_) {
        const QSettings settings;
        removed_ = settings.value(removedKey).toStringList();
        watched_ = settings.value(runsKey).toStringList();
        folders_ = settings.value(foldersKey).toStringList();
        for (const QString& run : removed_) {
            poller_.remove(pathOf(run));
        }
        for (const QString& run : watched_) {
            poller_.add(pathOf(run));
        }
        for (const QString& folder : folders_) {
            poller_.add_folder(pathOf(folder));
        }
    }
    connect(&workspace_, &Workspace::documentAdded, this, &RunStore::followDocument);
    for (const ModelDocument* model : workspace_.models()) {
        followDocument({DocumentKind::model, model->id});
    }
}

RunStore::~RunStore() = default;

void RunStore::followDocument(DocumentRef document) {
    const ModelDocument* model =
        document.kind == DocumentKind::model ? workspace_.model(document.id) : nullptr;
    // A lone checkpoint is a model too, but no run.
    if (model != nullptr && !model->path.endsWith(".ckpt") && !model->path.endsWith(".pt") &&
        !model->path.endsWith(".safetensors")) {
        poller_.add(pathOf(cleanRunPath(model->path)));
    }
}

void RunStore::watch(const QString& run) {
    const QString path = cleanRunPath(run);
    removed_.removeAll(path);
    watched_.removeAll(path);
    watched_.prepend(path);
    while (watched_.size() > 100) {
        watched_.removeLast();
    }
    poller_.add(pathOf(path));
    rememberNow();
}

void RunStore::watchFolder(const QString& folder) {
    const QString path = cleanRunPath(folder);
    folders_.removeAll(path);
    folders_.prepend(path);
    while (folders_.size() > 20) {
        folders_.removeLast();
    }
    poller_.add_folder(pathOf(path));
    rememberNow();
}

void RunStore::openFolder(const QString& folder) {
    const QString path = cleanRunPath(folder), below = path.endsWith('/') ? path : path + '/';
    for (const QString& run : QStringList(removed_)) {
        if (run == path || run.startsWith(below)) {
            removed_.removeAll(run);
            poller_.add(pathOf(run));
        }
    }
    watchFolder(path);
}

void RunStore::remove(const QString& run) {
    const QString path = cleanRunPath(run);
    watched_.removeAll(path);
    removed_.removeAll(path);
    removed_ << path;
    runs_.erase(path);
    asked_.erase(path);
    poller_.remove(pathOf(path));
    rememberNow();
    emit changed();
}

void RunStore::rememberNow() const {
    if (!remember_) {
        return;
    }
    QSettings settings;
    settings.setValue(runsKey, watched_);
    settings.setValue(foldersKey, folders_);
    settings.setValue(removedKey, removed_);
}

std::vector<RunSnapshotPtr> RunStore::runs() const {
    std::vector<RunSnapshotPtr> all;
    for (const auto& [path, run] : runs_) {
        all.push_back(run);
    }
    const auto key = [](const RunSnapshotPtr& run) {
        return std::pair(run->active(), run->status ? run->status->started : std::string());
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const RunSnapshotPtr& a, const RunSnapshotPtr& b) { return key(a) > key(b); });
    return all;
}

RunSnapshotPtr RunStore::find(const QString& run) const {
    const auto found = runs_.find(run);
    return found == runs_.end() ? nullptr : found->second;
}

int RunStore::activeCount() const {
    return static_cast<int>(
        std::count_if(runs_.begin(), runs_.end(), [](const auto& entry) { return entry.second->active(); }));
}

void RunStore::take(const std::vector<RunSnapshotPtr>& looked) {
    QStringList endedNow;
    for (const RunSnapshotPtr& run : looked) {
        const QString path = runPath(*run);
        if (removed_.contains(path)) {
            continue; // was on its way when it was removed
        }
        if (run->gone) {
            runs_.erase(path);
            asked_.erase(path);
            continue;
        }
        RunSnapshotPtr& kept = runs_[path];
        if (kept != nullptr && kept->active() && !run->active()) {
            endedNow << path;
        }
        kept = run;
        if (const auto wish = asked_.find(path); wish != asked_.end() && fulfilled(*run, wish->second)) {
            asked_.erase(wish);
        }
    }
    emit changed();
    for (const QString& path : endedNow) {
        emit ended(path);
    }
}

void RunStore::ask(const QString& run, RunCommand command) {
    asked_[run] = command;
    emit changed();
    writer_.start([this, path = pathOf(run), command, run] {
        try {
            ask_run(path, command);
        } catch (const Error& error) {
            QMetaObject::invokeMethod(
                this,
                [this, run, problem = JobError::from(error)] {
                    asked_.erase(run);
                    emit failed(messageFrom(problem));
                    emit changed();
                },
                Qt::QueuedConnection);
        }
    });
}

RunCommand RunStore::asked(const QString& run) const {
    const auto found = asked_.find(run);
    return found == asked_.end() ? RunCommand::none : found->second;
}

} // namespace ember
