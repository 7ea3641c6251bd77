// Verdicts, what was compared, the change by cell type, the cells: the first half of a report.

#include "views/report/report_sections.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFileInfo>

#include "core/evaluation/verdict_words.hpp"
#include "views/report/report_figures.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr std::size_t mostPerturbations = 3;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

ReportTone toneOf(Severity severity) {
    switch (severity) {
    case Severity::good:
        return ReportTone::good;
    case Severity::caution:
        return ReportTone::caution;
    case Severity::bad:
        return ReportTone::bad;
    case Severity::note:
        break;
    }
    return ReportTone::note;
}

QString cellsOf(const std::vector<std::pair<std::string, std::uint64_t>>& groups, std::size_t most = 14) {
    QStringList parts;
    for (std::size_t i = 0; i < std::min(groups.size(), most); ++i) {
        parts << QStringLiteral("%1 (%2)").arg(text(groups[i].first),
                                               formatCount(static_cast<std::int64_t>(groups[i].second)));
    }
    if (groups.size() > most) {
        parts << tr("%1 more").arg(groups.size() - most);
    }
    return parts.join(", ");
}

QString unknownOf(const PredictionOrigin& origin) {
    if (!origin.recorded) {
        return tr("not recorded");
    }
    QStringList parts;
    for (const UnknownPerturbation& one : origin.unknown) {
        parts << tr("%1 (%2)").arg(
            text(one.label), formatCount(static_cast<std::int64_t>(one.cells), tr("cell"), tr("cells")));
    }
    return parts.isEmpty() ? tr("none") : parts.join(", ");
}

ReportTable modelTable(const ReportInput& input) {
    ReportTable table;
    table.caption = tr("Predictions");
    table.header = {tr("Name"),   tr("Model"), tr("File"),
                    tr("Values"), tr("Cells"), tr("Unknown to the model")};
    table.numeric = {false, false, false, false, true, false};
    for (std::size_t i = 0; i < input.result.models.size(); ++i) {
        const ModelResult& model = input.result.models[i];
        const ComparedPrediction& prediction = input.request.predictions[i];
        table.rows.push_back(
            {text(model.name),
             model.origin.model.empty() ? tr("not recorded") : QFileInfo(text(model.origin.model)).fileName(),
             QFileInfo(text(prediction.data->path().string())).fileName(), text(to_string(prediction.source)),
             formatCount(static_cast<std::int64_t>(model.cells)), unknownOf(model.origin)});
    }
    return table;
}

ReportTable typeTable(const ReportInput& input, const PerturbationChange& change) {
    const CompareResult& result = input.result;
    ReportTable table;
    table.caption = tr("Pearson of the change of %1, by cell type").arg(text(change.perturbation));
    table.header = {tr("Cell type")};
    table.numeric = {false};
    for (const ModelResult& model : result.models) {
        table.header << text(model.name);
        table.numeric.push_back(true);
    }
    for (const QString& name :
         {tr("Other types' change"), tr("Reliability"), tr("Cells"), tr("Control cells"), tr("Judged")}) {
        table.header << name;
        table.numeric.push_back(name != tr("Judged"));
    }
    const auto marked = [&](const std::vector<ModelAgreement>& models, std::vector<ReportCell>& row) {
        double best = -2;
        for (const ModelAgreement& model : models) {
            best = std::max(best, std::isfinite(model.pearson.value) ? model.pearson.value : -2);
        }
        for (const ModelAgreement& model : models) {
            row.emplace_back(withInterval(model.pearson.value, model.pearson.low, model.pearson.high),
                             models.size() > 1 && model.pearson.value == best);
        }
    };
    for (const TypeChange& type : change.types) {
        std::vector<ReportCell> row = {ReportCell(type.type.empty() ? tr("All cells") : text(type.type))};
        marked(type.models, row);
        row.emplace_back(text(in_words(type.others.value)));
        row.emplace_back(text(in_words(type.reliability)));
        row.emplace_back(formatCount(static_cast<std::int64_t>(type.cells)));
        row.emplace_back(formatCount(static_cast<std::int64_t>(type.control_cells)));
        row.emplace_back(type.judged ? tr("yes")
                         : std::isfinite(type.reliability) &&
                                 std::min(type.cells, type.control_cells) >= input.request.change.least_cells
                             ? tr("too\u00a0weak")
                             : tr("too\u00a0few"));
        table.rows.push_back(std::move(row));
    }
    if (change.types.size() > 1) {
        std::vector<ReportCell> row = {ReportCell(tr("Mean of the judged"))};
        marked(change.overall, row);
        row.emplace_back(text(in_words(change.others.value)));
        for (int i = 0; i < 4; ++i) {
            row.emplace_back(QString());
        }
        table.rows.push_back(std::move(row));
    }
    table.note =
        tr("Bold: the best model. In brackets: 95 % interval, %1. Other types' change: what the mean "
           "observed "
           "change of the other cell types would score as a prediction. Reliability: how far the observed "
           "change is the same in two halves of the %1 (1: entirely); below %2 it is too weak to judge a "
           "prediction by.")
            .arg(text(result.unit))
            .arg(input.request.change.least_reliability);
    return table;
}

} // namespace

std::size_t shownPerturbations(const CompareResult& result) {
    return std::min(result.changes.size(), mostPerturbations);
}

QString withInterval(double value, double low, double high) {
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    // Unbroken, so that no line ends inside an interval.
    return std::isfinite(low) && std::isfinite(high)
               ? QStringLiteral("%1\u00a0(%2\u00a0to\u00a0%3)")
                     .arg(text(in_words(value)), text(in_words(low)), text(in_words(high)))
               : text(in_words(value));
}

ReportSection verdictSection(const ReportInput& input) {
    ReportVerdicts verdicts;
    for (const Verdict& verdict : input.result.verdicts) {
        verdicts.items.push_back({toneOf(verdict.severity), text(verdict.title), text(verdict.sentence),
                                  text(test_text(verdict.test))});
    }
    return {tr("In short"), {verdicts}};
}

ReportSection dataSection(const ReportInput& input) {
    const CompareRequest& request = input.request;
    const DataFacts& facts = input.result.facts;
    ReportFacts about;
    about.items = {{tr("Real cells"), QFileInfo(text(request.real->path().string())).fileName()},
                   {tr("Values"), tr("%1, %2 cells × %3 genes")
                                      .arg(text(to_string(request.real_source)),
                                           formatCount(static_cast<std::int64_t>(facts.cells)),
                                           formatCount(static_cast<std::int64_t>(facts.genes)))},
                   {tr("Genes compared"), formatCount(static_cast<std::int64_t>(facts.compared_genes))},
                   {tr("Perturbations (%1)").arg(text(request.pert_col)),
                    tr("%1; control: %2").arg(cellsOf(facts.perturbations), text(request.control_pert))}};
    if (!facts.types.empty()) {
        about.items.emplace_back(tr("Cell types (%1)").arg(text(request.celltype_col)),
                                 cellsOf(facts.types, 30));
    }
    if (!facts.times.empty()) {
        about.items.emplace_back(tr("Time points (%1)").arg(text(request.time_col)), cellsOf(facts.times));
    }
    about.items.emplace_back(tr("Unit of replication"),
                             facts.replicates > 0 ? tr("%1 (%2 %3)")
                                                        .arg(text(request.replicate_col))
                                                        .arg(facts.replicates)
                                                        .arg(text(replicates_in_words(request.replicate_col)))
                                                  : tr("unknown: cells are used, which are not replicates"));
    ReportSection section{tr("What was compared"), {about, modelTable(input)}};
    QStringList warnings;
    for (const std::string& warning : input.result.warnings) {
        warnings << text(warning) + '.';
    }
    if (!warnings.isEmpty()) {
        section.blocks.push_back(ReportText{tr("To keep in mind: %1").arg(warnings.join(' ')), true});
    }
    return section;
}

ReportSection changeSection(const ReportInput& input) {
    ReportSection section{tr("The change, cell type by cell type"), {}};
    for (std::size_t i = 0; i < shownPerturbations(input.result); ++i) {
        const PerturbationChange& change = input.result.changes[i];
        if (change.types.size() > 1) {
            section.blocks.push_back(changeFigure(input.result, change));
        }
        section.blocks.push_back(typeTable(input, change));
    }
    return section;
}

ReportSection cellSection(const ReportInput& input) {
    if (input.cells.clouds.empty()) {
        return {tr("The cells"), {ReportText{input.cells.note, true}}};
    }
    return {tr("The cells"), {cellsFigure(input.cells)}};
}

ReportSection geneSection(const ReportInput& input) {
    ReportSection section{tr("Predicted against observed, gene by gene"), {}};
    for (std::size_t i = 0; i < shownPerturbations(input.result); ++i) {
        if (auto figure = genesFigure(input.result, input.result.changes[i])) {
            section.blocks.push_back(std::move(*figure));
        }
        if (auto figure = heatFigure(input.result, input.result.changes[i])) {
            section.blocks.push_back(std::move(*figure));
        }
    }
    return section;
}

} // namespace ember
