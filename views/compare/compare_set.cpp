#include "views/compare/compare_set.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QFileInfo>
#include <QSet>

#include "views/embedding/pane_choices.hpp"
#include "views/embedding/statistics_choice.hpp"
#include "views/selections.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::CompareView", text);
}

bool has(const AnnData& data, const MatrixSource& source) {
    const std::vector<MatrixSource> all = sourcesOf(data);
    return std::find(all.begin(), all.end(), source) != all.end();
}

/// Known without opening the matrix.
std::uint64_t widthOf(const AnnData& data, const MatrixSource& source) {
    if (source.kind == MatrixSource::Kind::raw_x) {
        return data.raw_x() ? data.raw_x()->cols : 0;
    }
    if (source.kind != MatrixSource::Kind::obsm) {
        return data.n_vars();
    }
    for (const MemberInfo& member : data.obsm()) {
        if (member.key == source.key) {
            return member.cols;
        }
    }
    return 0;
}

/// What the model was given, else what it wrote: the member of the real file that the prediction is like.
MatrixSource counterpart(const PredictionDocument& prediction, const AnnData& real, std::uint64_t genes) {
    std::vector<MatrixSource> candidates = {prediction.source};
    const std::string& key = prediction.result.embed_key;
    if (!key.empty()) {
        const bool x = key == "X";
        candidates.insert(
            candidates.begin(),
            MatrixSource{x ? MatrixSource::Kind::x : MatrixSource::Kind::obsm, x ? std::string() : key});
    }
    for (const MatrixSource& candidate : candidates) {
        if (has(real, candidate) && widthOf(real, candidate) == genes) {
            return candidate;
        }
    }
    return prediction.source;
}

std::vector<const PredictionDocument*> chosenPredictions(const Workspace& workspace, DocumentRef current,
                                                         const CompareSettings& settings) {
    std::vector<const PredictionDocument*> chosen;
    for (const QString& path : settings.predictions) {
        for (const PredictionDocument* prediction : workspace.predictions()) {
            if (prediction->output.path == path) {
                chosen.push_back(prediction);
            }
        }
    }
    const bool ofCurrent = chosen.empty();
    for (const PredictionDocument* prediction : workspace.predictions()) {
        const DocumentRef document{DocumentKind::prediction, prediction->id};
        if (ofCurrent && (document == current || workspace.selections().sameCells(document, current))) {
            chosen.push_back(prediction);
        }
    }
    if (ofCurrent) { // as files open side by side, their order says nothing
        std::stable_sort(chosen.begin(), chosen.end(),
                         [](const auto* a, const auto* b) { return a->output.path < b->output.path; });
    }
    if (chosen.size() > most_compared) {
        chosen.resize(most_compared);
    }
    return chosen;
}

/// The current data set, the recorded input, or a data set of the same cells.
const DatasetDocument* realCells(const Workspace& workspace, DocumentRef current,
                                 const std::vector<const PredictionDocument*>& predictions) {
    if (predictions.empty()) {
        return current.kind == DocumentKind::dataset ? workspace.dataset(current.id) : nullptr;
    }
    const PredictionDocument& first = *predictions.front();
    for (const DatasetDocument* data : workspace.datasets()) {
        if (!first.inputPath.isEmpty() &&
            QFileInfo(data->path).canonicalFilePath() == QFileInfo(first.inputPath).canonicalFilePath()) {
            return data;
        }
    }
    for (const DatasetDocument* data : workspace.datasets()) {
        if (workspace.selections().sameCells({DocumentKind::dataset, data->id},
                                             {DocumentKind::prediction, first.id})) {
            return data;
        }
    }
    return current.kind == DocumentKind::dataset ? workspace.dataset(current.id) : nullptr;
}

std::string firstOf(const std::string& a, const std::string& b) {
    return a.empty() ? b : a;
}

CompareColumns columnsOf(const PredictionDocument* prediction, const DatasetDocument* real) {
    static const Schema none;
    const Schema& known = real != nullptr ? real->schema : none;
    const Schema& made = prediction != nullptr ? prediction->output.schema : known;
    CompareColumns columns{firstOf(known.pert_col.value, made.pert_col.value),
                           firstOf(known.control_pert.value, made.control_pert.value),
                           firstOf(known.celltype_col.value, made.celltype_col.value),
                           firstOf(known.timepoint_col.value, made.timepoint_col.value),
                           firstOf(known.replicate_col.value, made.replicate_col.value)};
    if (prediction != nullptr) {
        const InferResult& result = prediction->result;
        columns.perturbation = firstOf(result.pert_col, columns.perturbation);
        columns.control = firstOf(result.control_pert, columns.control);
        columns.cellType = firstOf(result.celltype_col, columns.cellType);
    }
    return columns;
}

ComparedFile comparedReal(const DatasetDocument& data, const Workspace& workspace,
                          const ComparedFile* model) {
    ComparedFile file;
    file.document = {DocumentKind::dataset, data.id};
    file.name = tr("Real cells");
    file.path = data.path;
    file.source =
        model != nullptr && model->hasReal ? model->realSource : mainSource(workspace, file.document);
    file.cells = data.data->n_obs();
    file.genes = widthOf(*data.data, file.source);
    file.hasReal = file.sameCells = true;
    file.realSource = file.source;
    file.color = QColor("#808080");
    return file;
}

void describeProblem(CompareSet& set, const ComparedFile& model) {
    if (!model.hasReal) {
        set.problems << tr("%1 predicts %2 values per cell; the real cells have no such matrix, so it is "
                           "compared with the other models only.")
                            .arg(model.name, formatCount(static_cast<std::int64_t>(model.genes)));
    } else if (model.genes != set.real->genes) {
        set.problems << tr("%1 predicts %2 genes, not %3 as the others: it has no place in the maps and "
                           "differences.")
                            .arg(model.name, formatCount(static_cast<std::int64_t>(model.genes)),
                                 formatCount(static_cast<std::int64_t>(set.real->genes)));
    } else if (!model.sameCells) {
        set.problems << tr("%1 has other cells than %2: groups are compared, not cell by cell.")
                            .arg(model.name, QFileInfo(set.real->path).completeBaseName());
    }
}

} // namespace

const ComparedFile* CompareSet::find(const QString& path) const {
    if (path.isEmpty()) {
        return real ? &*real : nullptr;
    }
    const auto found = std::find_if(models.begin(), models.end(),
                                    [&](const ComparedFile& file) { return file.path == path; });
    return found == models.end() ? nullptr : &*found;
}

std::vector<const ComparedFile*> CompareSet::comparable() const {
    std::vector<const ComparedFile*> files;
    if (real) {
        files.push_back(&*real);
    }
    for (const ComparedFile& model : models) {
        if (files.empty() || files.front()->genes == model.genes) {
            files.push_back(&model);
        }
    }
    return files;
}

QStringList comparedNames(const std::vector<const PredictionDocument*>& predictions) {
    QStringList models, files;
    for (const PredictionDocument* prediction : predictions) {
        models << QFileInfo(prediction->modelPath).fileName();
        files << prediction->name;
    }
    const bool tells =
        QSet<QString>(models.begin(), models.end()).size() == models.size() && !models.contains(QString());
    return tells ? models : files;
}

CompareSet compareSet(const Workspace& workspace, DocumentRef current, const CompareSettings& settings) {
    CompareSet set;
    const auto predictions = chosenPredictions(workspace, current, settings);
    const DatasetDocument* real = realCells(workspace, current, predictions);
    const QStringList names = comparedNames(predictions);
    for (std::size_t at = 0; at < predictions.size(); ++at) {
        const PredictionDocument& prediction = *predictions[at];
        const AnnData& data = *prediction.output.data;
        ComparedFile file;
        file.document = {DocumentKind::prediction, prediction.id};
        file.name = names[static_cast<int>(at)];
        file.path = prediction.output.path;
        file.source = prediction.source;
        file.cells = data.n_obs();
        file.genes = widthOf(data, prediction.source);
        file.color = categoryColor(static_cast<int>(at));
        if (real != nullptr) {
            file.realSource = counterpart(prediction, *real->data, file.genes);
            file.hasReal =
                widthOf(*real->data, file.realSource) == file.genes && has(*real->data, file.realSource);
            file.sameCells =
                workspace.selections().sameCells(file.document, {DocumentKind::dataset, real->id});
        }
        set.models.push_back(file);
    }
    set.columns = columnsOf(predictions.empty() ? nullptr : predictions.front(), real);
    if (real != nullptr) {
        const auto first = std::find_if(set.models.begin(), set.models.end(),
                                        [](const ComparedFile& model) { return model.hasReal; });
        set.real = comparedReal(*real, workspace, first == set.models.end() ? nullptr : &*first);
        for (const ComparedFile& model : set.models) {
            describeProblem(set, model);
        }
    } else if (!predictions.empty()) {
        set.realPath = predictions.front()->inputPath;
    }
    return set;
}

} // namespace ember
