#include "views/workspace.hpp"

#include <algorithm>

#include <QUndoStack>

#include "views/selections.hpp"

namespace ember {

namespace {

template<typename Document>
const Document* withId(const std::vector<const Document*>& documents, int id) {
    const auto found =
        std::find_if(documents.begin(), documents.end(), [id](const Document* d) { return d->id == id; });
    return found == documents.end() ? nullptr : *found;
}

} // namespace

Workspace::Workspace(QObject* parent)
    : QObject(parent),
      history_(std::make_unique<QUndoStack>()),
      selections_(std::make_unique<Selections>(*this, *history_)) {
    constexpr int steps = 200;
    history_->setUndoLimit(steps);
}

Workspace::~Workspace() {
    history_->blockSignals(true); // nobody may ask a workspace that is half gone
    history_->clear();
}

const DatasetDocument* Workspace::dataset(int id) const {
    return withId(datasets(), id);
}
const ModelDocument* Workspace::model(int id) const {
    return withId(models(), id);
}
const PredictionDocument* Workspace::prediction(int id) const {
    return withId(predictions(), id);
}

const DatasetDocument* Workspace::dataOf(DocumentRef document) const {
    if (document.kind == DocumentKind::dataset)
        return dataset(document.id);
    if (document.kind != DocumentKind::prediction)
        return nullptr;
    const PredictionDocument* made = prediction(document.id);
    return made == nullptr ? nullptr : &made->output;
}

Message messageFrom(const JobError& error) {
    // Which file, at a glance; where exactly stands in the details.
    const QString file = error.file.section('/', -1, -1, QString::SectionSkipEmpty);
    const bool named = file.isEmpty() || error.message.contains(file);
    return {MessageKind::error, error.className, named ? error.message : file + ": " + error.message,
            error.remedy, error.place};
}

void startJob(Workspace& workspace, Job* job) {
    workspace.start(job);
}

} // namespace ember
