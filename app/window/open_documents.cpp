#include "app/window/open_documents.hpp"

#include <algorithm>

#include <QThreadPool>

#include "views/selections.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

template<typename Document>
std::vector<const Document*> pointersTo(const std::vector<std::unique_ptr<Document>>& documents) {
    std::vector<const Document*> pointers;
    for (const auto& document : documents) {
        pointers.push_back(document.get());
    }
    return pointers;
}

template<typename Document>
std::unique_ptr<Document> take(std::vector<std::unique_ptr<Document>>& documents, int id) {
    const auto found = std::find_if(documents.begin(), documents.end(),
                                    [id](const auto& document) { return document->id == id; });
    if (found == documents.end()) {
        return nullptr;
    }
    std::unique_ptr<Document> taken = std::move(*found);
    documents.erase(found);
    return taken;
}

/// Closing a file takes HDF5's lock, which the GUI thread never waits for.
void releaseElsewhere(AnnDataPtr data) {
    if (data) {
        QThreadPool::globalInstance()->start([data = std::move(data)]() mutable { data.reset(); });
    }
}

QString fileName(const QString& path) {
    return path.mid(path.lastIndexOf('/') + 1);
}

} // namespace

OpenDocuments::OpenDocuments(JobCentre& jobs, QObject* parent) : Workspace(parent), jobs_(jobs) {
    qRegisterMetaType<DocumentRef>();
    connect(&jobs_, &JobCentre::jobEnded, this, &OpenDocuments::reportFailure);
}

OpenDocuments::~OpenDocuments() = default;

std::vector<const DatasetDocument*> OpenDocuments::datasets() const {
    return pointersTo(datasets_);
}
std::vector<const ModelDocument*> OpenDocuments::models() const {
    return pointersTo(models_);
}
std::vector<const PredictionDocument*> OpenDocuments::predictions() const {
    return pointersTo(predictions_);
}

bool OpenDocuments::isEmpty() const {
    return order_.empty() && opening_.isEmpty();
}

QString OpenDocuments::pathOf(DocumentRef document) const {
    if (document.kind == DocumentKind::model) {
        const ModelDocument* found = model(document.id);
        return found ? found->path : QString();
    }
    const DatasetDocument* data = dataOf(document);
    return data ? data->path : QString();
}

QString OpenDocuments::nameOf(DocumentRef document) const {
    if (document.kind == DocumentKind::model) {
        const ModelDocument* found = model(document.id);
        return found ? found->name : QString();
    }
    if (document.kind == DocumentKind::prediction) {
        const PredictionDocument* found = prediction(document.id);
        return found ? found->name : QString();
    }
    const DatasetDocument* data = dataset(document.id);
    return data ? data->name : QString();
}

DocumentRef OpenDocuments::refOf(const QString& path) const {
    const auto found = std::find_if(order_.begin(), order_.end(),
                                    [&](DocumentRef document) { return pathOf(document) == path; });
    return found == order_.end() ? DocumentRef{} : *found;
}

void OpenDocuments::setCurrent(DocumentRef document) {
    if (document == current_) {
        return;
    }
    current_ = document;
    emit currentChanged(document);
}

void OpenDocuments::open(const QStringList& paths) {
    bool first = true;
    for (const QString& path : paths) {
        if (isSessionFile(path)) {
            emit sessionRequested(path);
            continue;
        }
        Opening opening;
        opening.becomesCurrent = std::exchange(first, false);
        opening.byUser = true;
        startOpening(path, opening);
    }
}

void OpenDocuments::restore(const QList<SessionDocument>& documents, const QString& currentPath) {
    restoredPaths_.clear();
    for (const SessionDocument& document : documents) {
        restoredPaths_ << document.path;
    }
    for (const SessionDocument& document : documents) {
        const bool current = document.path == currentPath;
        startOpening(document.path, {document, current, false, !current && !currentPath.isEmpty()});
    }
}

void OpenDocuments::startOpening(const QString& path, const Opening& opening) {
    const QString canonical = canonicalPath(path);
    if (const DocumentRef open = refOf(canonical)) {
        setCurrent(open);
        return;
    }
    if (opening_.contains(canonical)) {
        return;
    }
    opening_.insert(canonical);
    Job* job = runJob(
        *this, tr("Open %1").arg(fileName(canonical)),
        [canonical](JobContext& context) { return openDocument(canonical, context); }, this,
        [this, opening](OpenedDocument document) {
            const DocumentRef added = keep(std::move(document), opening.remembered);
            const DatasetDocument* data = dataOf(added);
            if (const QString& before = opening.remembered.cells;
                data != nullptr && !before.isEmpty() && before != data->cells) {
                changed_[data->path] = before;
            }
            if (opening.becomesCurrent || (!current_ && !opening.staysBehind)) {
                setCurrent(added);
            }
            if (opening.byUser) {
                emit opened(pathOf(added));
            }
        });
    connect(job, &Job::finished, this, [this, canonical] {
        opening_.remove(canonical);
        if (opening_.isEmpty()) {
            dropLostSelections();
        }
    });
}

DocumentRef OpenDocuments::keep(OpenedDocument opened, const SessionDocument& remembered) {
    const int id = ++lastId_;
    if (auto* dataset = std::get_if<DatasetDocument>(&opened)) {
        if (const DocumentRef open = refOf(dataset->path)) { // opened twice at the same time
            releaseElsewhere(std::move(dataset->data));
            return open;
        }
        dataset->id = id;
        dataset->schema = schemaFromJson(remembered.schema, dataset->schema);
        datasets_.push_back(std::make_unique<DatasetDocument>(std::move(*dataset)));
        return add({DocumentKind::dataset, id});
    }
    if (auto* model = std::get_if<ModelDocument>(&opened)) {
        if (const DocumentRef open = refOf(model->path)) { // a checkpoint named beside its run directory
            return open;
        }
        model->id = id;
        models_.push_back(std::make_unique<ModelDocument>(std::move(*model)));
        return add({DocumentKind::model, id});
    }
    auto& prediction = std::get<PredictionDocument>(opened);
    if (const DocumentRef open = refOf(prediction.output.path)) {
        releaseElsewhere(std::move(prediction.output.data));
        return open;
    }
    prediction.id = prediction.output.id = id;
    prediction.output.schema = schemaFromJson(remembered.schema, prediction.output.schema);
    predictions_.push_back(std::make_unique<PredictionDocument>(std::move(prediction)));
    return add({DocumentKind::prediction, id});
}

int OpenDocuments::rankOf(DocumentRef document) const {
    const qsizetype rank = restoredPaths_.indexOf(pathOf(document));
    return static_cast<int>(rank < 0 ? restoredPaths_.size() : rank);
}

/// Not before all are open: another document may still have the cells.
void OpenDocuments::dropLostSelections() {
    const auto changed = std::exchange(changed_, {});
    for (auto file = changed.begin(); file != changed.end(); ++file) {
        const int dropped = selections().documentWith(file.value()) ? 0 : selections().forget(file.value());
        if (dropped > 0) {
            post({MessageKind::warning, tr("Cells have changed"),
                  tr("%1 holds other cells than when the session was saved. Dropped: %2.")
                      .arg(fileName(file.key()), formatCount(dropped, tr("selection"), tr("selections"))),
                  tr("Select the cells again."), file.key()});
        }
    }
}

DocumentRef OpenDocuments::add(DocumentRef document) {
    const int rank = rankOf(document);
    const auto place =
        std::find_if(order_.begin(), order_.end(), [&](DocumentRef other) { return rankOf(other) > rank; });
    order_.insert(place, document);
    emit documentAdded(document);
    return document;
}

void OpenDocuments::close(DocumentRef document) {
    const auto place = std::find(order_.begin(), order_.end(), document);
    if (place == order_.end()) {
        return;
    }
    emit documentClosing(document);
    const auto next = order_.erase(place);
    if (current_ == document) {
        setCurrent(next != order_.end() ? *next : order_.empty() ? DocumentRef{} : order_.back());
    }
    if (auto dataset = take(datasets_, document.id)) {
        releaseElsewhere(std::move(dataset->data));
    } else if (auto prediction = take(predictions_, document.id)) {
        releaseElsewhere(std::move(prediction->output.data));
    } else {
        take(models_, document.id);
    }
}

void OpenDocuments::closeAll() {
    while (!order_.empty()) {
        close(order_.back());
    }
}

void OpenDocuments::addPrediction(const InferRequest& request, const InferResult& result) {
    const QString path = QString::fromStdString(result.output.string());
    if (!path.endsWith(".h5ad")) {
        post({MessageKind::information,
              tr("Predicted"),
              tr("%L1 cells × %L2 values are in %3.").arg(result.cells).arg(result.width).arg(path),
              {},
              {}});
        return;
    }
    const QString canonical = canonicalPath(path);
    if (const DocumentRef before = refOf(canonical)) { // the file was replaced
        close(before);
    }
    const QString model = canonicalPath(QString::fromStdString(request.model_dir.string()));
    const QString input = canonicalPath(QString::fromStdString(request.adata.string()));
    runJob(
        *this, tr("Open %1").arg(fileName(path)),
        [canonical, model, input, result](JobContext& context) {
            return openPrediction(canonical, model, input, result, context);
        },
        this,
        [this](PredictionDocument prediction) {
            if (const DocumentRef before = refOf(prediction.output.path)) { // opened by hand meanwhile
                close(before);
            }
            const DocumentRef added = keep(std::move(prediction), {});
            setCurrent(added);
            emit opened(pathOf(added));
            showView("predictions", added);
        });
}

void OpenDocuments::setSchema(DocumentRef document, const Schema& schema) {
    const auto change = [&](DatasetDocument& data) {
        data.schema = schema;
        emit documentChanged(document);
    };
    for (const auto& dataset : datasets_) {
        if (document == DocumentRef{DocumentKind::dataset, dataset->id}) {
            change(*dataset);
        }
    }
    for (const auto& prediction : predictions_) {
        if (document == DocumentRef{DocumentKind::prediction, prediction->id}) {
            change(prediction->output);
        }
    }
}

QList<SessionDocument> OpenDocuments::forSession() const {
    QList<SessionDocument> documents;
    for (const DocumentRef document : order_) {
        SessionDocument kept{document.kind, pathOf(document), {}, {}, {}, {}};
        if (const DatasetDocument* data = dataOf(document)) {
            kept.schema = schemaToJson(data->schema);
            kept.cells = data->cells;
        }
        if (document.kind == DocumentKind::prediction) {
            kept.modelPath = prediction(document.id)->modelPath;
            kept.inputPath = prediction(document.id)->inputPath;
        }
        documents.append(kept);
    }
    return documents;
}

void OpenDocuments::start(Job* job) {
    jobs_.start(job);
}

void OpenDocuments::reportFailure(Job* job) {
    if (job->state() == JobState::failed && job->reportsFailure() && job->error()) {
        post(messageFrom(*job->error()));
    }
}

void OpenDocuments::post(const Message& message) {
    emit messagePosted(message);
}

void OpenDocuments::showView(const QString& viewName, DocumentRef document) {
    setCurrent(document);
    emit viewRequested(viewName, document);
}

void OpenDocuments::askToPredict(DocumentRef dataset, DocumentRef model) {
    emit predictRequested(dataset, model);
}

void OpenDocuments::askToPredictWith(DocumentRef model, const QString& checkpoint) {
    emit predictWithRequested(model, checkpoint);
}

void OpenDocuments::askToTrain(DocumentRef dataset, DocumentRef model) {
    emit trainRequested(dataset, model);
}

} // namespace ember
