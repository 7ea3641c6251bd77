// Metrics, genes by condition, pathways: the tables of a report.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <QCoreApplication>

#include "core/evaluation/verdict_words.hpp"
#include "views/report/report_figures.hpp"
#include "views/report/report_sections.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr std::size_t genesPerStratum = 5, pathwaysOverall = 20, pathwaysPerType = 5;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

/// As many decimals as the interval has something to say about.
QString estimate(const MetricValue& value) {
    if (!std::isfinite(value.value)) {
        return QStringLiteral("–");
    }
    if (!std::isfinite(value.low) || !(value.high > value.low)) {
        return formatNumber(value.value, 3);
    }
    const int decimals =
        std::clamp(1 - static_cast<int>(std::floor(std::log10(value.high - value.low))), 0, 5);
    const auto rounded = [&](double number) {
        return QString::number(number, 'f', decimals).replace('-', QChar(0x2212));
    };
    return QStringLiteral("%1\u00a0(%2\u00a0to\u00a0%3)")
        .arg(rounded(value.value), rounded(value.low), rounded(value.high));
}

QString baselineWord(const std::string& name) {
    static const std::vector<std::pair<std::string, const char*>> words = {
        {"control_mean", QT_TR_NOOP("control mean")},
        {"perturbation_mean", QT_TR_NOOP("perturbation mean")},
        {"identity", QT_TR_NOOP("unchanged cells")},
        {"shuffled_labels", QT_TR_NOOP("shuffled")}};
    for (const auto& [key, word] : words) {
        if (key == name) {
            return tr(word);
        }
    }
    return text(name);
}

/// "control mean 0.43": the best baseline of a metric over all models' baselines.
QString bestBaseline(const CompareResult& result, std::size_t column, bool larger) {
    double best = NAN;
    QString name;
    for (const ModelResult& model : result.models) {
        for (const Scores& baseline :
             model.evaluation ? model.evaluation->baselines : std::vector<Scores>()) {
            if (baseline.name == "perturbation_mean" && result.changes.size() < 2) {
                continue; // of one perturbation it is the real cells' own mean
            }
            const double value = column < baseline.overall.size() ? baseline.overall[column].value : NAN;
            if (std::isfinite(value) && (std::isnan(best) || (larger ? value > best : value < best))) {
                best = value;
                name = baselineWord(baseline.name);
            }
        }
    }
    return name.isEmpty() ? QStringLiteral("–")
                          : QStringLiteral("%1\u00a0(%2)")
                                .arg(formatNumber(best, 3), QString(name).replace(' ', QChar(0x00a0)));
}

QString targetOf(const MetricInfo& info) {
    if (!info.target) {
        return {};
    }
    const QString sign = info.larger_is_better ? QStringLiteral("≥ ") : QStringLiteral("≤ ");
    return sign + formatNumber(*info.target, 3) +
           (info.aim ? tr(", aim %1").arg(formatNumber(*info.aim, 3)) : QString());
}

const EvaluationResult* firstEvaluation(const CompareResult& result) {
    for (const ModelResult& model : result.models) {
        if (model.evaluation) {
            return &*model.evaluation;
        }
    }
    return nullptr;
}

/// "–3.2" for small p: "0.0012", "< 0.0001".
QString pText(double p) {
    return !std::isfinite(p) ? QStringLiteral("–")
           : p < 1e-4        ? QStringLiteral("< 0.0001")
                             : formatNumber(p, 2);
}

/// With the number of sets that share its genes.
QString setName(const ComparedPathway& row) {
    const QString name = text(set_in_words(row.name));
    return row.alike == 0 ? name : tr("%1 (and %2 alike)").arg(name).arg(row.alike);
}

std::vector<std::size_t> mostChanged(const DifferentialTable& table, std::size_t most) {
    std::vector<std::size_t> genes(table.log_fold_change.size());
    std::iota(genes.begin(), genes.end(), std::size_t{0});
    const auto size = [&](std::size_t gene) {
        const double score = gene < table.score.size() ? table.score[gene] : NAN;
        return std::isfinite(score) ? std::abs(score) : -1.0;
    };
    const auto change = [&](std::size_t gene) {
        return std::abs(table.mean_group[gene] - table.mean_reference[gene]);
    };
    std::stable_sort(genes.begin(), genes.end(), [&](std::size_t a, std::size_t b) {
        return size(a) != size(b) ? size(a) > size(b) : change(a) > change(b);
    });
    genes.resize(std::min(genes.size(), most));
    return genes;
}

QString labelsOf(const ResponseStratum& stratum) {
    QStringList labels;
    for (const std::string& label : stratum.labels) {
        labels << text(label);
    }
    return labels.join(QStringLiteral("\u00a0· ")).replace(' ', QChar(0x00a0));
}

ReportTable agreementTable(const ConditionResponse& response) {
    ReportTable table;
    table.caption = tr("Agreement in direction, by cell type and time point");
    table.header = {tr("Cells"), tr("n"), tr("Changed genes")};
    table.numeric = {false, true, true};
    for (const std::string& name : response.predictions) {
        table.header << tr("%1: same direction").arg(text(name)) << tr("%1: Pearson").arg(text(name));
        table.numeric.insert(table.numeric.end(), {true, true});
    }
    for (const ResponseStratum& stratum : response.strata) {
        const DifferentialTable& observed = stratum.observed;
        const auto changed =
            std::count_if(observed.padj.begin(), observed.padj.end(), [](double p) { return p < 0.05; });
        std::vector<ReportCell> row = {labelsOf(stratum),
                                       QStringLiteral("%1\u00a0/\u00a0%2")
                                           .arg(formatCount(static_cast<std::int64_t>(observed.n_group)),
                                                formatCount(static_cast<std::int64_t>(observed.n_reference))),
                                       observed.tested ? formatCount(changed) : QStringLiteral("–")};
        for (const ResponseAgreement& agreement : stratum.agreement) {
            row.emplace_back(
                std::isfinite(agreement.same_direction)
                    ? tr("%1 of %2").arg(formatPercent(agreement.same_direction)).arg(agreement.genes)
                    : QStringLiteral("–"));
            row.emplace_back(withInterval(agreement.pearson, agreement.pearson_low, agreement.pearson_high));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

ReportTable topGenes(const ConditionResponse& response, const std::set<std::string>& types) {
    ReportTable table;
    table.caption = tr("The genes that change most, observed beside predicted (log₂ fold change)");
    table.header = {tr("Cells"), tr("Gene"), tr("Observed"), tr("Adjusted p")};
    table.numeric = {false, false, true, true};
    for (const std::string& name : response.predictions) {
        table.header << text(name);
        table.numeric.push_back(true);
    }
    for (const ResponseStratum& stratum : response.strata) {
        if (!stratum.labels.empty() && !types.contains(stratum.labels.front())) {
            continue;
        }
        bool first = true;
        for (const std::size_t gene : mostChanged(stratum.observed, genesPerStratum)) {
            const double observed = stratum.observed.log_fold_change[gene];
            std::vector<ReportCell> row = {
                first ? labelsOf(stratum) : QString(), text(response.genes[gene]),
                withInterval(observed, stratum.observed.low[gene], stratum.observed.high[gene]),
                pText(gene < stratum.observed.padj.size() ? stratum.observed.padj[gene] : NAN)};
            for (const DifferentialTable& predicted : stratum.predicted) {
                const double value =
                    gene < predicted.log_fold_change.size() ? predicted.log_fold_change[gene] : NAN;
                row.emplace_back(text(in_words(value)), std::isfinite(value) && value * observed > 0 &&
                                                            std::abs(value) >= 0.5 * std::abs(observed));
            }
            table.rows.push_back(std::move(row));
            first = false;
        }
    }
    return table;
}

ReportTable pathwayTable(const CompareResult& result, const PathwayTable& pathways, std::size_t most) {
    ReportTable table;
    table.caption = pathways.type.empty()
                        ? tr("Pathways in the mean change of %1").arg(text(pathways.perturbation))
                        : tr("%1 in %2").arg(text(pathways.perturbation), text(pathways.type));
    table.header = {tr("Pathway"), tr("Genes"), tr("Observed"), tr("Adjusted p")};
    table.numeric = {false, true, true, true};
    for (const ModelResult& model : result.models) {
        table.header << text(model.name);
        table.numeric.push_back(true);
    }
    for (const ComparedPathway& row : pathways.rows) {
        if (table.rows.size() == most || !(row.padj[0] < 0.05)) {
            break;
        }
        if (!row.like.empty()) {
            continue;
        }
        std::vector<ReportCell> line = {setName(row), formatCount(static_cast<std::int64_t>(row.size)),
                                        text(in_words(row.nes[0])), pText(row.padj[0])};
        for (std::size_t i = 1; i < row.nes.size(); ++i) {
            line.emplace_back(text(in_words(row.nes[i])), row.padj[i] < 0.05 && row.nes[i] * row.nes[0] > 0);
        }
        table.rows.push_back(std::move(line));
    }
    return table;
}

} // namespace

bool isShownMetric(const std::string& metric) {
    const bool variant =
        (metric.starts_with("overlap_at_") || metric.starts_with("precision_at_")) && !metric.ends_with("_N");
    return !variant && !metric.starts_with("de_nsig") && metric != "de_spearman_sig";
}

ReportSection metricSection(const ReportInput& input) {
    const CompareResult& result = input.result;
    const EvaluationResult* first = firstEvaluation(result);
    ReportSection section{tr("Metrics"), {}};
    if (first == nullptr) {
        return section;
    }
    ReportTable table;
    table.caption = tr("All perturbations and cells");
    table.header = {tr("Metric")};
    table.numeric = {false};
    for (const ModelResult& model : result.models) {
        table.header << text(model.name);
        table.numeric.push_back(true);
    }
    table.header << tr("Best baseline") << tr("Target");
    table.numeric.insert(table.numeric.end(), {false, false});
    for (std::size_t column = 0; column < first->columns.size(); ++column) {
        if (!isShownMetric(first->columns[column])) {
            continue;
        }
        const MetricInfo* info = find_metric(first->columns[column]);
        const bool larger = info == nullptr || info->larger_is_better;
        std::vector<MetricValue> values;
        double best = NAN;
        for (const ModelResult& model : result.models) {
            MetricValue value{NAN, NAN, NAN};
            if (model.evaluation && column < model.evaluation->prediction.overall.size()) {
                value = model.evaluation->prediction.overall[column];
            }
            if (std::isfinite(value.value) &&
                (std::isnan(best) || (larger ? value.value > best : value.value < best))) {
                best = value.value;
            }
            values.push_back(value);
        }
        const bool same = std::all_of(values.begin(), values.end(), [&](const MetricValue& value) {
            return value.value == values.front().value;
        });
        if (std::isnan(best) || (same && values.size() > 1)) { // says nothing about the models
            continue;
        }
        std::vector<ReportCell> row = {(info != nullptr ? text(info->title) : text(first->columns[column])) +
                                       (larger ? QStringLiteral("\u00a0↑") : QStringLiteral("\u00a0↓"))};
        for (const MetricValue& value : values) {
            row.emplace_back(estimate(value), values.size() > 1 && value.value == best);
        }
        row.emplace_back(bestBaseline(result, column, larger));
        row.emplace_back(info != nullptr ? targetOf(*info) : QString());
        table.rows.push_back(std::move(row));
    }
    if (table.rows.empty()) {
        return section;
    }
    table.note =
        tr("↑ larger is better, ↓ smaller. Bold: the best model. In brackets: 95 % interval by resampling "
           "%1. "
           "Baselines know no model: the "
           "mean of the control cells, the mean over perturbations, unchanged control cells, and the "
           "prediction under shuffled labels. Metrics over all cells also see how many cells of each type "
           "there are; the table by cell type does not.")
            .arg(first->unit.empty() ? text(result.unit) : text(first->unit));
    section.blocks.push_back(std::move(table));
    return section;
}

ReportSection conditionSection(const ReportInput& input) {
    ReportSection section{tr("Which genes change where"), {}};
    if (!input.result.response || input.result.response->strata.empty() || input.result.changes.empty()) {
        return section;
    }
    const ConditionResponse& response = *input.result.response;
    std::set<std::string> types;
    const PerturbationChange& change = input.result.changes.front();
    for (const std::size_t type : mainTypes(change, 4)) {
        types.insert(change.types[type].type);
    }
    ReportTable agreement = agreementTable(response);
    const DifferentialTable& table = response.strata.front().observed;
    agreement.note =
        tr("n: cells of %1 and of %2. Changed genes: adjusted p below 0.05 (%3, unit: %4). Same direction: "
           "share of "
           "the changed genes, or of the 50 with the largest scores, whose predicted change has the "
           "observed sign.")
            .arg(text(table.group), text(table.reference),
                 tr("two-sided test of each gene, Benjamini–Hochberg"), text(to_string(table.unit)));
    ReportTable genes = topGenes(response, types);
    genes.note =
        tr("Bold: the same direction and at least half the observed size. In brackets: 95 % interval.");
    section.blocks.push_back(std::move(agreement));
    section.blocks.push_back(std::move(genes));
    return section;
}

ReportSection pathwaySection(const ReportInput& input) {
    ReportSection section{tr("Pathways"), {}};
    for (const PathwayTable& pathways : input.result.pathways) {
        ReportTable table =
            pathwayTable(input.result, pathways, pathways.type.empty() ? pathwaysOverall : pathwaysPerType);
        if (!table.rows.empty()) {
            section.blocks.push_back(std::move(table));
        }
    }
    if (section.blocks.empty()) {
        if (!input.result.gene_sets.empty()) {
            section.blocks.push_back(ReportText{
                tr("No set of %1 stands out in the observed change.").arg(text(input.result.gene_sets)),
                false});
        }
        return section;
    }
    section.blocks.push_back(
        ReportText{tr("Sets: %1. Numbers are normalised enrichment scores: above 0 the set's genes go up, "
                      "below 0 down. Bold: "
                      "the model finds the same direction with an adjusted p below 0.05. Alike: sets with "
                      "mostly the same leading "
                      "genes, listed once.")
                       .arg(text(input.result.gene_sets)),
                   true});
    return section;
}

} // namespace ember
