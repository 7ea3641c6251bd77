#include "views/embedding/coloring_store.hpp"

#include <utility>

#include "views/embedding/cell_coloring.hpp"
#include "views/embedding/forget_entries.hpp"
#include "views/embedding/gene_indexing.hpp"

namespace ember {

ColoringStore::ColoringStore(Workspace& workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
    connect(&workspace_, &Workspace::documentClosing, this, &ColoringStore::forget);
}

ColoringStore::~ColoringStore() {
    for (const auto& [key, entry] : entries_) {
        if (entry.job) {
            entry.job->cancel();
        }
    }
}

QString ColoringStore::keyOf(DocumentRef document, const ColorChoice& choice, const MatrixSource& source) {
    const bool predicted =
        choice.kind == ColorChoice::Kind::predictedGene || choice.kind == ColorChoice::Kind::magnitude;
    return QString("%1/%2/%3")
        .arg(document.id)
        .arg(legendKey(choice), predicted ? QString::fromStdString(to_string(source)) : QString());
}

const CellColors& ColoringStore::colors(const QString& key) const {
    static const CellColors none;
    const auto found = entries_.find(key);
    return found == entries_.end() ? none : found->second.colors;
}

void ColoringStore::want(DocumentRef document, const ColorChoice& choice, const MatrixSource& source) {
    using State = CellColors::State;
    const QString key = keyOf(document, choice, source);
    const DatasetDocument* data = workspace_.dataOf(document);
    Entry& entry = entries_[key];
    if (data == nullptr || entry.colors.state == State::loading || entry.colors.state == State::done) {
        return;
    }
    entry.document = document.id;
    const bool needsGene =
        choice.kind == ColorChoice::Kind::gene || choice.kind == ColorChoice::Kind::predictedGene;
    if (choice.kind == ColorChoice::Kind::plain || (needsGene && choice.key.isEmpty())) {
        entry.colors.state = State::done;
        emit changed(key);
        return;
    }
    wantMade(
        key, document, tr("Colours of %1").arg(data->name),
        [data = data->data, choice, source](JobContext& context) {
            return cell_coloring(*data, choice, source, context);
        },
        [this, needsGene, document, choice, source] {
            if (needsGene) {
                indexGenes(workspace_, document,
                           choice.kind == ColorChoice::Kind::gene ? MatrixSource{} : source);
            }
        });
}

void ColoringStore::wantMade(const QString& key, DocumentRef document, const QString& name,
                             std::function<PointColors(JobContext&)> make, std::function<void()> after) {
    using State = CellColors::State;
    Entry& entry = entries_[key];
    if (entry.colors.state == State::loading || entry.colors.state == State::done) {
        return;
    }
    entry.document = document.id;
    entry.colors.state = State::loading;
    Job* job = runJob(workspace_, name, std::move(make), this,
                      [this, key, after = std::move(after)](PointColors colors) {
                          entries_[key].colors.colors = std::move(colors);
                          if (after) {
                              after();
                          }
                      });
    job->setReportsFailure(false); // the pane says it
    entries_[key].job = job;
    connect(job, &Job::progressChanged, this, [this, key, job] {
        const auto found = entries_.find(key);
        if (found != entries_.end() && found->second.job == job && job->progress().total > 0) {
            const Progress& progress = job->progress();
            found->second.colors.share =
                static_cast<double>(progress.done) / static_cast<double>(progress.total);
            emit changed(key);
        }
    });
    connect(job, &Job::finished, this, [this, key, job] { end(key, job); });
    emit changed(key);
}

void ColoringStore::end(const QString& key, Job* job) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.job != job) {
        return;
    }
    CellColors& colors = found->second.colors;
    found->second.job = nullptr;
    switch (job->state()) {
    case JobState::done:
        colors.state = CellColors::State::done;
        break;
    case JobState::failed:
        colors.state = CellColors::State::failed;
        colors.problem = job->error()->remedy.isEmpty()
                             ? job->error()->message
                             : tr("%1. %2").arg(job->error()->message, job->error()->remedy);
        break;
    default:
        colors.state = CellColors::State::absent;
    }
    emit changed(key);
}

void ColoringStore::setMagnitudes(DocumentRef document, const MatrixSource& source, PointColors colors) {
    const QString key = keyOf(document, {ColorChoice::Kind::magnitude, {}}, source);
    Entry& entry = entries_[key];
    if (entry.colors.state == CellColors::State::done) {
        return;
    }
    if (entry.job != nullptr) {
        entry.job->disconnect(this);
        entry.job->cancel();
        entry.job = nullptr;
    }
    entry.document = document.id;
    entry.colors.colors = std::move(colors);
    entry.colors.state = CellColors::State::done;
    emit changed(key);
}

void ColoringStore::keepOnly(const std::set<QString>& keys) {
    constexpr std::size_t most = 32;
    for (auto at = entries_.begin(); at != entries_.end();) {
        const bool wanted = keys.count(at->first) > 0;
        if (!wanted && at->second.job != nullptr) {
            at->second.job->cancel();
        }
        const bool ended = at->second.colors.state != CellColors::State::loading;
        at = !wanted && ended && entries_.size() > most ? entries_.erase(at) : std::next(at);
    }
}

void ColoringStore::forget(DocumentRef document) {
    forgetEntries(entries_, document, this);
}

} // namespace ember
