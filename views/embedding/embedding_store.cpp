#include "views/embedding/embedding_store.hpp"

#include <mutex>
#include <tuple>
#include <utility>

#include "views/embedding/cell_embedding.hpp"
#include "views/embedding/forget_entries.hpp"
#include "views/embedding/pane_choices.hpp"
#include "widgets/point_order.hpp"

namespace ember {

namespace {

using Coordinates = std::shared_ptr<const std::vector<float>>;

Coordinates shared(std::vector<float> xy) {
    return std::make_shared<const std::vector<float>>(std::move(xy));
}

void nameAxes(CellPoints& points, const EmbeddingChoice& choice) {
    const bool umap = choice.kind == EmbeddingChoice::Kind::umap;
    const QString name = umap ? "UMAP" : choice.key;
    points.xLabel = name + " 1";
    points.yLabel = name + " 2";
}

} // namespace

/// What the job has made so far; taken by the GUI thread at the pace of the job's progress.
struct EmbeddingStore::Snapshot {
    std::mutex mutex;
    Coordinates xy;
    std::shared_ptr<const std::vector<std::uint32_t>> order; ///< kept, not read
    int epoch = 0, epochs = 0;

    void set(const EmbeddingStep& step) {
        Coordinates made = shared(step.xy);
        const std::lock_guard lock(mutex);
        xy.swap(made);
        epoch = step.epoch;
        epochs = step.epochs;
    }
};

EmbeddingStore::EmbeddingStore(Workspace& workspace, QObject* parent)
    : QObject(parent), workspace_(workspace) {
    connect(&workspace_, &Workspace::documentClosing, this, &EmbeddingStore::forget);
}

EmbeddingStore::~EmbeddingStore() {
    for (const auto& [key, entry] : entries_) {
        if (entry.job) {
            entry.job->cancel();
        }
    }
}

QString EmbeddingStore::keyOf(DocumentRef document, const EmbeddingChoice& choice,
                              const MatrixSource& source) {
    const bool umap = choice.kind == EmbeddingChoice::Kind::umap;
    return QString("%1/%2/%3")
        .arg(document.id)
        .arg(umap ? "umap" : "obsm", umap ? QString::fromStdString(to_string(source)) : choice.key);
}

const CellPoints& EmbeddingStore::points(const QString& key) const {
    static const CellPoints none;
    const auto found = entries_.find(key);
    return found == entries_.end() ? none : found->second.points;
}

void EmbeddingStore::want(DocumentRef document, const EmbeddingChoice& choice, const MatrixSource& source,
                          bool again) {
    using State = CellPoints::State;
    const QString key = keyOf(document, choice, source);
    const DatasetDocument* data = workspace_.dataOf(document);
    Entry& entry = entries_[key];
    const bool ended = entry.points.state == State::cancelled || entry.points.state == State::failed;
    if (data == nullptr || (entry.points.state != State::absent && !(again && ended))) {
        return;
    }
    entry.document = document.id;
    entry.snapshot = std::make_shared<Snapshot>();
    entry.points = {};
    entry.points.state = State::waiting;
    nameAxes(entry.points, choice);
    const bool umap = choice.kind == EmbeddingChoice::Kind::umap;
    Job* job = runJob(
        workspace_, umap ? tr("UMAP of %1").arg(data->name) : tr("Read %1 of %2").arg(choice.key, data->name),
        [data = data->data, choice, source, umap, snapshot = entry.snapshot](JobContext& context) {
            snapshot->order = drawOrder(data->n_obs()); // shuffled here, so that the plot finds it ready
            const auto show = [&snapshot](const EmbeddingStep& step) { snapshot->set(step); };
            auto xy = umap ? live_umap(*data, source, show, context)
                           : embedding_from_file(*data, choice.key.toStdString(), context);
            const std::uint64_t leftOut = count_left_out(xy);
            return std::pair(shared(std::move(xy)), leftOut);
        },
        this,
        [this, key](const auto& made) {
            CellPoints& points = entries_[key].points;
            std::tie(points.xy, points.leftOut) = made;
        }); // light, although a UMAP uses all cores: it waits for no prediction, and its pane tells of it
    job->setReportsFailure(false); // the pane says it
    entries_[key].job = job;
    connect(job, &Job::progressChanged, this, [this, key] { take(key); });
    connect(job, &Job::finished, this, [this, key, job] { end(key, job); });
    emit changed(key);
}

void EmbeddingStore::take(const QString& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.job == nullptr || !found->second.points.isRunning()) {
        return;
    }
    Entry& entry = found->second;
    CellPoints& points = entry.points;
    const std::lock_guard lock(entry.snapshot->mutex);
    const Progress& progress = entry.job->progress();
    points.activity = QString::fromStdString(progress.phase);
    if (entry.snapshot->xy) {
        points.state = CellPoints::State::moving;
        points.xy = entry.snapshot->xy;
        points.activity = tr("Epoch %1 of %2").arg(entry.snapshot->epoch).arg(entry.snapshot->epochs);
    } else if (progress.total > 0) {
        points.activity += QString(" %1\u00a0%").arg(100 * progress.done / progress.total);
    }
    emit changed(key);
}

void EmbeddingStore::end(const QString& key, Job* job) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.job != job) {
        return;
    }
    CellPoints& points = found->second.points;
    points.activity.clear();
    if (job->state() == JobState::done) {
        points.state = CellPoints::State::done;
    } else {
        points.state =
            job->state() == JobState::failed ? CellPoints::State::failed : CellPoints::State::cancelled;
        points.problem = job->error() ? job->error()->message : QString();
    }
    found->second.job = nullptr;
    emit changed(key);
}

void EmbeddingStore::cancel(const QString& key) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.job != nullptr) {
        found->second.points.activity = tr("Cancelling");
        found->second.job->cancel();
        emit changed(key);
    }
}

void EmbeddingStore::forget(DocumentRef document) {
    forgetEntries(entries_, document, this);
}

} // namespace ember
