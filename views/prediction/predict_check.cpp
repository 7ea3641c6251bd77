#include "views/prediction/predict_check.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QFileInfo>

#include "core/base/nearest_names.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

using Problems = std::vector<PredictProblem>;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PredictCheck", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

QString nearestRemedy(const std::string& wanted, const std::vector<std::string>& names) {
    const std::vector<std::string> nearest = nearest_names(wanted, names);
    return nearest.empty() ? QString() : tr("Nearest: %1").arg(textOf(quoted_list(nearest)));
}

void checkColumn(Problems& problems, PredictField field, const std::string& column,
                 const DatasetDocument& dataset) {
    std::vector<std::string> names;
    for (const ColumnInfo& info : dataset.data->obs_columns()) {
        names.push_back(info.name);
    }
    if (!column.empty() && !contains(names, column)) {
        problems.push_back({field, tr("The data has no column '%1'.").arg(textOf(column)),
                            nearestRemedy(column, names), true});
    }
}

void checkControl(Problems& problems, const InferRequest& request, const ModelDocument* model,
                  const std::vector<std::string>& labels) {
    if (request.control_pert.empty()) {
        problems.push_back({PredictField::control, tr("Choose the label of the untreated cells."),
                            tr("Predictions start from them."), true});
        return;
    }
    if (!contains(labels, request.control_pert)) {
        problems.push_back({PredictField::control,
                            tr("No cell is labelled '%1' in '%2'.")
                                .arg(textOf(request.control_pert), textOf(request.pert_col)),
                            nearestRemedy(request.control_pert, labels), true});
        return;
    }
    if (model == nullptr || model->hints.perturbations.empty()) {
        return;
    }
    if (contains(model->hints.perturbations, request.control_pert)) {
        return;
    }
    if (const auto* meant = spelled_otherwise(request.control_pert, model->hints.perturbations)) {
        problems.push_back({PredictField::control,
                            tr("The model does not know '%1', but knows '%2'.")
                                .arg(textOf(request.control_pert), textOf(*meant)),
                            tr("Write the label in the data as the model does."), true});
        return;
    }
    const std::string& own = model->hints.control_pert;
    const QString unknown = tr("The model does not know '%1'").arg(textOf(request.control_pert));
    if (contains(model->hints.perturbations, own)) {
        problems.push_back({PredictField::control,
                            tr("%1; its own control '%2' stands in.").arg(unknown, textOf(own)),
                            {},
                            false});
    } else {
        problems.push_back({PredictField::control, unknown + '.',
                            nearestRemedy(request.control_pert, model->hints.perturbations), true});
    }
}

void checkPerturbations(Problems& problems, const InferRequest& request, const ModelDocument& model,
                        const std::vector<std::string>& labels) {
    const auto unknown = unknownLabels(labels, model.hints, request.control_pert);
    if (unknown.empty()) {
        return;
    }
    constexpr std::size_t named = 4;
    const std::vector<std::string> shown(unknown.begin(), unknown.begin() + std::min(named, unknown.size()));
    const QString more = unknown.size() > named ? tr(" and %1 more").arg(unknown.size() - named) : QString();
    problems.push_back({PredictField::pert_col,
                        tr("The model never saw %1%2: such cells are predicted as controls.")
                            .arg(textOf(quoted_list(shown)), more),
                        {},
                        false});
}

void checkEmbedding(Problems& problems, const InferRequest& request, const DatasetDocument& dataset,
                    const ModelDocument& model) {
    const AnnData& data = *dataset.data;
    std::uint64_t width = data.n_vars();
    if (request.embed_key.empty()) {
        problems.push_back(
            {PredictField::embed_key, tr("Choose the values that the model reads."), {}, true});
        return;
    }
    if (request.embed_key != "X") {
        std::vector<std::string> keys;
        for (const MemberInfo& member : data.obsm()) {
            keys.push_back(member.key);
            width = member.key == request.embed_key ? member.cols : width;
        }
        if (!contains(keys, request.embed_key)) {
            problems.push_back({PredictField::embed_key,
                                tr("The data has no embedding '%1'.").arg(textOf(request.embed_key)),
                                tr("Embeddings such as SE-600M are made with Arc's state emb, before "
                                   "the file is opened here."),
                                true});
            return;
        }
    }
    const std::uint64_t wanted = model.hints.input_dim;
    if (wanted == 0 || width == wanted || (request.truncate && width > wanted)) {
        return;
    }
    const auto count = [](std::uint64_t number) { return formatCount(static_cast<std::int64_t>(number)); };
    problems.push_back(
        {PredictField::embed_key,
         tr("The model reads %1 values per cell, this has %2.").arg(count(wanted), count(width)),
         width > wanted ? tr("Choose another, or use the first columns (Advanced).") : tr("Choose another."),
         true});
}

void checkOutput(Problems& problems, const InferRequest& request) {
    const QFileInfo output(textOf(request.output.string()));
    const QString ending = output.suffix();
    if (request.output.empty() || (ending != "h5ad" && ending != "npy")) {
        problems.push_back({PredictField::output, tr("Name a file that ends in .h5ad or .npy."), {}, true});
    } else if (output.isDir()) {
        problems.push_back({PredictField::output, tr("This is a folder."), tr("Name a file."), true});
    } else if (output.exists() &&
               output.canonicalFilePath() == QFileInfo(textOf(request.adata.string())).canonicalFilePath()) {
        problems.push_back(
            {PredictField::output, tr("This is the file that is read."), tr("Name another one."), true});
    } else if (const QFileInfo folder(output.absolutePath()); folder.exists() && !folder.isWritable()) {
        problems.push_back({PredictField::output, tr("Nothing can be written to this folder."),
                            tr("Choose another one."), true});
    } else if (output.exists()) {
        problems.push_back({PredictField::output, tr("The file exists and will be replaced."), {}, false});
    }
}

} // namespace

std::vector<std::string> unknownLabels(const std::vector<std::string>& labels, const SchemaHints& model,
                                       const std::string& control) {
    std::vector<std::string> unknown;
    if (!model.perturbations.empty()) {
        std::copy_if(labels.begin(), labels.end(), std::back_inserter(unknown),
                     [&](const std::string& label) {
                         return label != control && !contains(model.perturbations, label);
                     });
    }
    return unknown;
}

std::vector<PredictProblem> findPredictProblems(const InferRequest& request, const DatasetDocument* dataset,
                                                const ModelDocument* model,
                                                const PerturbationLabels& labels) {
    Problems problems;
    if (dataset == nullptr) {
        problems.push_back({PredictField::data, tr("No data set is open."),
                            tr("Press Ctrl+O, or drop an .h5ad file on the window."), true});
    }
    if (model == nullptr) {
        problems.push_back({PredictField::model, tr("No model is open."),
                            tr("Press Ctrl+Shift+O, or drop a run directory on the window."), true});
    } else if (!QFileInfo(model->path).isDir()) {
        problems.push_back({PredictField::model,
                            tr("This is a checkpoint without its run directory, so its labels are unknown."),
                            tr("Open the folder that holds config.yaml and checkpoints/."), true});
    }
    if (dataset == nullptr) {
        return problems;
    }
    if (request.pert_col.empty()) {
        problems.push_back(
            {PredictField::pert_col, tr("Choose the column that holds the perturbations."), {}, true});
    }
    checkColumn(problems, PredictField::pert_col, request.pert_col, *dataset);
    checkColumn(problems, PredictField::celltype_col, request.celltype_col, *dataset);
    checkColumn(problems, PredictField::batch_col, request.batch_col, *dataset);
    if (labels && !request.pert_col.empty()) {
        checkControl(problems, request, model, *labels);
    }
    if (model != nullptr) {
        if (labels) {
            checkPerturbations(problems, request, *model, *labels);
        }
        checkEmbedding(problems, request, *dataset, *model);
    }
    checkOutput(problems, request);
    return problems;
}

} // namespace ember
