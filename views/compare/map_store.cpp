#include "views/compare/map_store.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "core/data/stacked_matrix.hpp"
#include "views/embedding/cell_embedding.hpp"

namespace ember {

namespace {

using State = CellPoints::State;

/// What a job needs of a file.
struct MapFile {
    AnnDataPtr data;
    MatrixSource source;
    std::uint64_t cells = 0;
};

struct MapParts {
    std::vector<SharedPoints> parts;
    std::vector<std::uint64_t> leftOut;
    QRectF bounds;
};

void extend(QRectF& bounds, const std::vector<float>& xy) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (std::size_t at = 0; at + 1 < xy.size(); at += 2) {
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const auto value = static_cast<double>(xy[at + axis]);
            low[axis] = value < low[axis] ? value : low[axis];
            high[axis] = value > high[axis] ? value : high[axis];
        }
    }
    if (low[0] <= high[0] && low[1] <= high[1]) {
        const QRectF own(QPointF(low[0], low[1]), QPointF(high[0], high[1]));
        bounds = bounds.isNull() ? own : bounds.united(own);
    }
}

/// [cells of all files × 2] cut into the files' own.
MapParts cut(const std::vector<float>& xy, const std::vector<MapFile>& files) {
    MapParts made;
    auto start = xy.begin();
    for (const MapFile& file : files) {
        const auto end = start + static_cast<std::ptrdiff_t>(2 * file.cells);
        made.parts.push_back(std::make_shared<const std::vector<float>>(start, end));
        made.leftOut.push_back(count_left_out(*made.parts.back()));
        extend(made.bounds, *made.parts.back());
        start = end;
    }
    return made;
}

std::vector<float> storedPlaces(const std::vector<MapFile>& files, const std::string& key, JobContext& job) {
    std::vector<float> all;
    for (const MapFile& file : files) {
        const auto& members = file.data->obsm();
        const bool has = std::any_of(members.begin(), members.end(),
                                     [&key](const MemberInfo& info) { return info.key == key; });
        if (has) {
            const std::vector<float> xy = embedding_from_file(*file.data, key, job);
            all.insert(all.end(), xy.begin(), xy.end());
        } else {
            all.resize(all.size() + 2 * file.cells, std::nanf(""));
        }
    }
    return all;
}

std::vector<float> placesOf(const MapLayout& layout, const std::vector<MapFile>& files,
                            const std::function<void(const EmbeddingStep&)>& show, JobContext& job) {
    if (layout.kind == MapLayout::Kind::stored) {
        return storedPlaces(files, layout.key.toStdString(), job);
    }
    std::vector<MatrixPtr> matrices;
    for (const MapFile& file : files) {
        matrices.push_back(file.data->matrix(file.source));
    }
    if (layout.kind == MapLayout::Kind::joint) {
        return live_umap(*stack_matrices(std::move(matrices)), show, job);
    }
    const MatrixPtr first = matrices.front();
    matrices.erase(matrices.begin());
    return umap_onto(*first, matrices, show, job);
}

void put(MapPoints& points, MapParts made) {
    points.parts = std::move(made.parts);
    points.leftOut = std::move(made.leftOut);
    points.bounds = made.bounds;
}

} // namespace

/// What the job has made so far; taken by the GUI thread at the pace of the job's progress.
struct MapStore::Snapshot {
    std::mutex mutex;
    MapParts parts;
    std::vector<std::shared_ptr<const std::vector<std::uint32_t>>> orders; ///< kept, not read
    int epoch = 0, epochs = 0;
};

MapStore::MapStore(Workspace& workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
    connect(&workspace_, &Workspace::documentClosing, this, &MapStore::forget);
}

MapStore::~MapStore() {
    for (const auto& [key, entry] : entries_) {
        if (entry.job) {
            entry.job->cancel();
        }
    }
}

QString MapStore::keyOf(const MapLayout& layout, const std::vector<const ComparedFile*>& files) {
    QStringList parts{QString::number(static_cast<int>(layout.kind)), layout.key};
    for (const ComparedFile* file : files) {
        parts << QString("%1/%2").arg(file->document.id).arg(QString::fromStdString(to_string(file->source)));
    }
    return parts.join('\n');
}

const MapPoints& MapStore::points(const QString& key) const {
    static const MapPoints none;
    const auto found = entries_.find(key);
    return found == entries_.end() ? none : found->second.points;
}

void MapStore::want(const MapLayout& layout, const std::vector<const ComparedFile*>& compared, bool again) {
    const QString key = keyOf(layout, compared);
    Entry& entry = entries_[key];
    const bool ended = entry.points.state == State::cancelled || entry.points.state == State::failed;
    if (compared.empty() || (entry.points.state != State::absent && !(again && ended))) {
        return;
    }
    std::vector<MapFile> files;
    entry.documents.clear();
    for (const ComparedFile* file : compared) {
        const DatasetDocument* data = workspace_.dataOf(file->document);
        if (data == nullptr) {
            return;
        }
        files.push_back({data->data, file->source, file->cells});
        entry.documents.push_back(file->document.id);
    }
    const bool stored = layout.kind == MapLayout::Kind::stored;
    entry.snapshot = std::make_shared<Snapshot>();
    entry.points = {};
    entry.points.state = State::waiting;
    const QString axis = stored                                  ? layout.key
                         : layout.kind == MapLayout::Kind::joint ? tr("Joint UMAP")
                                                                 : "UMAP";
    entry.points.xLabel = axis + " 1";
    entry.points.yLabel = axis + " 2";
    Job* job = runJob(
        workspace_, stored ? tr("Read %1").arg(layout.key) : tr("UMAP of %1 sets of cells").arg(files.size()),
        [layout, files, snapshot = entry.snapshot](JobContext& context) {
            for (const MapFile& file : files) { // shuffled here, so that the plots find them ready
                snapshot->orders.push_back(drawOrder(file.cells));
            }
            const auto show = [&](const EmbeddingStep& step) {
                MapParts made = cut(step.xy, files);
                const std::lock_guard lock(snapshot->mutex);
                std::swap(snapshot->parts, made);
                snapshot->epoch = step.epoch;
                snapshot->epochs = step.epochs;
            };
            return cut(placesOf(layout, files, show, context), files);
        },
        this, [this, key](MapParts made) { put(entries_[key].points, std::move(made)); });
    job->setReportsFailure(false); // the page says it
    entries_[key].job = job;
    connect(job, &Job::progressChanged, this, [this, key] { take(key); });
    connect(job, &Job::finished, this, [this, key, job] { end(key, job); });
    emit changed(key);
}

void MapStore::take(const QString& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.job == nullptr || !found->second.points.isRunning()) {
        return;
    }
    Entry& entry = found->second;
    MapPoints& points = entry.points;
    const Progress& progress = entry.job->progress();
    points.activity = QString::fromStdString(progress.phase);
    const std::lock_guard lock(entry.snapshot->mutex);
    if (!entry.snapshot->parts.parts.empty()) {
        points.state = State::moving;
        put(points, entry.snapshot->parts);
        if (entry.snapshot->epoch < entry.snapshot->epochs) {
            points.activity = tr("Epoch %1 of %2").arg(entry.snapshot->epoch).arg(entry.snapshot->epochs);
        }
    } else if (progress.total > 0) {
        points.activity += QString(" %1\u00a0%").arg(100 * progress.done / progress.total);
    }
    emit changed(key);
}

void MapStore::end(const QString& key, Job* job) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.job != job) {
        return;
    }
    MapPoints& points = found->second.points;
    points.activity.clear();
    points.state = job->state() == JobState::done     ? State::done
                   : job->state() == JobState::failed ? State::failed
                                                      : State::cancelled;
    points.problem = job->error() ? job->error()->message : QString();
    found->second.job = nullptr;
    emit changed(key);
}

void MapStore::cancel(const QString& key) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.job != nullptr) {
        found->second.points.activity = tr("Cancelling");
        found->second.job->cancel();
        emit changed(key);
    }
}

void MapStore::forget(DocumentRef document) {
    std::erase_if(entries_, [&](const auto& item) {
        const Entry& entry = item.second;
        if (std::find(entry.documents.begin(), entry.documents.end(), document.id) == entry.documents.end()) {
            return false;
        }
        if (entry.job != nullptr) {
            entry.job->disconnect(this);
            entry.job->cancel();
        }
        return true;
    });
}

} // namespace ember
