#include "views/compare/evaluation_requests.hpp"

#include <QStringList>

namespace ember {

CompareRequest verdict_request(const CompareSet& set, const AnnDataPtr& real,
                               const std::vector<AnnDataPtr>& predictions) {
    const std::vector<const ComparedFile*> models = models_with_real(set);
    std::vector<std::string> names;
    for (const ComparedFile* model : models) {
        names.push_back(model->name.toStdString());
    }
    CompareRequest request = compare_request(real, predictions, {}, names);
    for (std::size_t at = 0; at < models.size(); ++at) {
        request.predictions[at].source = models[at]->source;
    }
    request.real_source = set.real->source;
    request.pert_col = set.columns.perturbation;
    request.control_pert = set.columns.control;
    request.celltype_col = set.columns.cellType;
    request.time_col = set.columns.time;
    request.replicate_col = set.columns.replicate;
    request.metrics = request.genes = request.pathways = false;
    return request;
}

EvaluationRequest metric_request(const CompareSet& set, const ComparedFile& model) {
    EvaluationRequest request;
    request.adata_pred = model.path.toStdString();
    request.adata_real = set.real->path.toStdString();
    request.pred_source = model.source;
    request.real_source = model.realSource;
    request.pert_col = set.columns.perturbation;
    request.control_pert = set.columns.control;
    request.celltype_col = set.columns.cellType;
    request.time_col = set.columns.time;
    request.replicate_col = set.columns.replicate;
    return request;
}

std::vector<const ComparedFile*> models_with_real(const CompareSet& set) {
    std::vector<const ComparedFile*> models;
    for (const ComparedFile& model : set.models) {
        if (set.real && model.hasReal && model.genes == set.real->genes) {
            models.push_back(&model);
        }
    }
    return models;
}

QString resultKey(const CompareSet& set, const std::vector<const ComparedFile*>& models) {
    QStringList parts;
    for (const std::string& column : {set.columns.perturbation, set.columns.control, set.columns.cellType,
                                      set.columns.time, set.columns.replicate}) {
        parts << QString::fromStdString(column);
    }
    const auto add = [&parts](const ComparedFile& file, const MatrixSource& source) {
        parts << QString("%1/%2").arg(file.document.id).arg(QString::fromStdString(to_string(source)));
    };
    if (set.real) {
        add(*set.real, set.real->source);
    }
    for (const ComparedFile* model : models) {
        add(*model, model->source);
        parts << QString::fromStdString(to_string(model->realSource)) << model->name;
    }
    return parts.join('\n');
}

std::vector<int> resultDocuments(const CompareSet& set, const std::vector<const ComparedFile*>& models) {
    std::vector<int> ids;
    if (set.real) {
        ids.push_back(set.real->document.id);
    }
    for (const ComparedFile* model : models) {
        ids.push_back(model->document.id);
    }
    return ids;
}

} // namespace ember
