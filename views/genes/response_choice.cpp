#include "views/genes/response_choice.hpp"

#include <QCoreApplication>

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ResponsePage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

std::vector<std::string> standard(const QStringList& texts) {
    std::vector<std::string> all;
    for (const QString& text : texts) {
        all.push_back(text.toStdString());
    }
    return all;
}

} // namespace

DocumentRef observedFor(const Workspace& workspace, DocumentRef document) {
    if (document.kind != DocumentKind::prediction) {
        return document;
    }
    const DatasetDocument* output = workspace.dataOf(document);
    for (const DatasetDocument* data : workspace.datasets()) {
        if (output != nullptr && data->cells == output->cells) {
            return {DocumentKind::dataset, data->id};
        }
    }
    return {};
}

std::vector<PredictionChoice> predictionsOf(const Workspace& workspace, DocumentRef observed) {
    std::vector<PredictionChoice> choices;
    QStringList names;
    const DatasetDocument* data = workspace.dataOf(observed);
    for (const PredictionDocument* prediction : workspace.predictions()) {
        if (data == nullptr || prediction->output.cells != data->cells) {
            continue;
        }
        QString name = prediction->name;
        for (int number = 2; names.contains(name); ++number) {
            name = QString("%1 (%2)").arg(prediction->name).arg(number);
        }
        names << name;
        choices.push_back({name, {DocumentKind::prediction, prediction->id}});
    }
    return choices;
}

ResponseSettings resolved(const ResponseSettings& settings, const GeneContext& context,
                          const Workspace& workspace, DocumentRef observed) {
    ResponseSettings full = settings;
    const Schema& schema = context.schema;
    const QStringList labels = context.labelsOf(textOf(schema.pert_col.value));
    if (!labels.contains(full.reference)) {
        const QString control = textOf(schema.control_pert.value);
        full.reference = labels.contains(control) ? control : labels.value(labels.size() - 1);
    }
    if (!labels.contains(full.group) || full.group == full.reference) {
        full.group.clear();
        for (const QString& label : labels) {
            full.group = full.group.isEmpty() && label != full.reference ? label : full.group;
        }
    }
    if (!settings.strataChosen) {
        full.strata.clear();
        for (const std::string& column : {schema.celltype_col.value, schema.timepoint_col.value}) {
            if (context.hasColumn(textOf(column)) && column != schema.pert_col.value) {
                full.strata << textOf(column);
            }
        }
    }
    full.strata.removeIf([&](const QString& column) {
        return !context.hasColumn(column) || column == textOf(schema.pert_col.value);
    });
    QStringList open;
    MatrixSource main{MatrixSource::Kind::x, {}};
    for (const PredictionChoice& choice : predictionsOf(workspace, observed)) {
        main = open.isEmpty() ? workspace.prediction(choice.document.id)->source : main;
        open << choice.name;
    }
    full.values = textOf(to_string(context.source(settings.values, main)));
    if (!settings.predictionsChosen) {
        full.predictions = open;
    }
    full.predictions.removeIf([&open](const QString& name) { return !open.contains(name); });
    const QString replicates = textOf(schema.replicate_col.value);
    if (full.unit != "cells" && !context.hasColumn(full.unit)) {
        full.unit = context.hasColumn(replicates) ? replicates : QString("cells");
    }
    return full;
}

QString responseProblem(const ResponseSettings& settings, const GeneContext& context) {
    const QString column = textOf(context.schema.pert_col.value);
    if (column.isEmpty()) {
        return tr("No column says what was done to the cells. Choose the perturbation column in the Dataset "
                  "view.");
    }
    if (settings.group.isEmpty() || settings.reference.isEmpty()) {
        return tr("%1 has only one label: there is nothing to compare with.").arg(column);
    }
    if (context.sources.empty()) {
        return tr("The file has no matrix of genes.");
    }
    return {};
}

ConditionResponseRequest responseRequest(const ResponseSettings& settings, const GeneContext& context) {
    ConditionResponseRequest request;
    request.source = context.source(settings.values);
    request.pert_col = context.schema.pert_col.value;
    request.group = settings.group.toStdString();
    request.reference = settings.reference.toStdString();
    request.strata = standard(settings.strata);
    const bool cells = settings.unit == "cells";
    request.unit = cells ? TestUnit::cells : TestUnit::replicates;
    request.replicate_col = cells ? std::string() : settings.unit.toStdString();
    return request;
}

std::vector<PredictedCells> predictedCells(const ResponseSettings& settings, const Workspace& workspace,
                                           DocumentRef observed) {
    std::vector<PredictedCells> cells;
    for (const PredictionChoice& choice : predictionsOf(workspace, observed)) {
        if (settings.predictions.contains(choice.name)) {
            const PredictionDocument* prediction = workspace.prediction(choice.document.id);
            cells.push_back({choice.name.toStdString(), prediction->output.data, prediction->source});
        }
    }
    return cells;
}

QString keyOf(DocumentRef observed, const ConditionResponseRequest& request,
              const std::vector<PredictedCells>& predictions) {
    QStringList parts = {QString::number(observed.id), textOf(to_string(request.source)),
                         textOf(request.pert_col),     textOf(request.group),
                         textOf(request.reference),    textOf(request.replicate_col),
                         to_string(request.unit)};
    for (const std::string& column : request.strata) {
        parts << textOf(column);
    }
    for (const PredictedCells& prediction : predictions) {
        parts << QString("%1 %2").arg(textOf(prediction.data->path().string()),
                                      textOf(to_string(prediction.source)));
    }
    return parts.join('\n');
}

QString stratumName(const ResponseStratum& stratum) {
    QStringList parts;
    for (const std::string& label : stratum.labels) {
        parts << textOf(label);
    }
    return parts.isEmpty() ? tr("all cells") : parts.join(", ");
}

} // namespace ember
