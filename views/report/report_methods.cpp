// How a report's numbers were made, and what they cannot say.

#include <cmath>

#include <QCoreApplication>

#include "core/evaluation/verdict_words.hpp"
#include "views/report/report_sections.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

/// Metrics that the report shows, with their formulas.
ReportFacts metricFacts(const ReportInput& input) {
    ReportFacts facts;
    for (const ModelResult& model : input.result.models) {
        if (!model.evaluation) {
            continue;
        }
        for (std::size_t column = 0; column < model.evaluation->columns.size(); ++column) {
            const MetricInfo* info = find_metric(model.evaluation->columns[column]);
            if (info != nullptr && isShownMetric(info->name) &&
                std::isfinite(model.evaluation->prediction.overall[column].value)) {
                facts.items.emplace_back(text(info->title), text(info->formula) + ". " + text(info->reason));
            }
        }
        break;
    }
    return facts;
}

} // namespace

ReportSection methodSection(const ReportInput& input) {
    const CompareRequest& request = input.request;
    const ChangeOptions& options = request.change;
    const QString unit = text(input.result.unit);
    const VerdictRules rules;
    ReportFacts facts;
    facts.items = {
        {tr("Pearson of the change"),
         tr("For each cell type, the mean expression of the control cells is taken from that of the "
            "perturbed cells, in "
            "the real cells and in the prediction; Pearson's r over the %1 genes compares both changes.")
             .arg(input.result.genes.size())},
        {tr("Intervals"),
         tr("%1 resamples of %2 with replacement within each condition, real and predicted together; "
            "1.96 standard deviations to either side, correlations on Fisher's z scale.")
             .arg(options.bootstrap)
             .arg(unit)},
        {tr("p of the change"),
         tr("%1 shuffles of the condition labels of %2 in the prediction, within time points where there are "
            "any; the "
            "share with at least the same slope of predicted on observed change. One-sided.")
             .arg(options.shuffles)
             .arg(unit)},
        {tr("Which cell types are judged"), tr("At least %1 cells in both conditions, and a reliability of "
                                               "the observed change of at least %2: the "
                                               "correlation between two random halves of the %3 (mean of %4 "
                                               "splits), stepped up by Spearman and Brown.")
                                                .arg(options.least_cells)
                                                .arg(options.least_reliability)
                                                .arg(unit)
                                                .arg(options.halves)},
        {tr("\"Predicts\""),
         tr("Mean r of at least %1 (\"partly\" below %2), its interval above 0, p up to %3.")
             .arg(rules.predicts)
             .arg(rules.well)
             .arg(rules.alpha)},
        {tr("\"Blind\""), tr("In a judged cell type: the interval ends more than %1 below the median of the "
                             "other judged cell types, "
                             "which is at least %2, and the model is no better than the best baseline there.")
                              .arg(rules.blind_margin)
                              .arg(rules.sound)},
        {tr("Baselines of the change"),
         tr("The mean observed change of the other cell types, and, where there are "
            "several perturbations, that of the other perturbations, in place of a prediction.")},
        {tr("Difference of conditions"), tr("Energy distance between conditions within cell type, relative "
                                            "to the mean distance (0: the same); %1 "
                                            "shuffles of labels.")
                                             .arg(request.permutations)}};
    if (!input.result.gene_sets.empty()) {
        facts.items.emplace_back(
            tr("Pathways"),
            tr("Genes ranked by the mean change; pre-ranked enrichment (Subramanian et al. 2005), 1,000 "
               "shuffles, sets of 5 to 500 of the compared genes, Benjamini–Hochberg. Sets: %1.")
                .arg(text(input.result.gene_sets)));
    }
    ReportSection section{tr("Methods"), {facts}};
    ReportFacts metrics = metricFacts(input);
    if (!metrics.items.empty()) {
        section.blocks.push_back(std::move(metrics));
    }
    return section;
}

ReportSection limitSection(const ReportInput& input) {
    QString limits = tr("Verdicts follow stated margins; a number just beside one deserves a look at its "
                        "interval. Several cell types "
                        "and models are compared, and intervals are not corrected for their number.");
    if (input.result.facts.replicates == 0 || input.result.unit == "parts of the cells") {
        limits += "\n\n" + tr("No replicates were used: cells of one animal are not independent, so "
                              "intervals and p-values are too "
                              "optimistic.");
    }
    limits += "\n\n" + tr("A prediction that was made from the very cells it is compared with, or from cells "
                          "of the training set, "
                          "can look better than it would on new cells.");
    limits +=
        "\n\n" + tr("p-values of pathways shuffle genes, which are correlated: read them as a ranking.");
    return {tr("Limits"), {ReportText{limits, false}}};
}

ReportSection provenanceSection(const ReportInput& input) {
    ReportFacts facts;
    facts.items.emplace_back(tr("Program"),
                             QStringLiteral("%1 %2").arg(QCoreApplication::applicationName(),
                                                         QCoreApplication::applicationVersion()));
    for (const nlohmann::json& file : input.provenance["inputs"]) {
        facts.items.emplace_back(
            text(file.value("role", std::string())),
            tr("%1, SHA-256 %2")
                .arg(text(file.value("file", std::string())), text(file.value("sha256", std::string()))));
    }
    facts.items.emplace_back(tr("Seed"), QString::number(input.request.seed));
    return {tr("Provenance"), {facts}};
}

} // namespace ember
