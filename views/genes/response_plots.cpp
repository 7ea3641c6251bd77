#include "views/genes/response_plots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <QCoreApplication>

#include "core/analysis/hierarchical_clustering.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text) {
    return QCoreApplication::translate("ember::ResponsePage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// Genes that behave alike stand together.
void cluster(HeatMapData& data) {
    if (data.rows.size() < 3) {
        return;
    }
    JobContext quiet;
    const auto columns = static_cast<std::size_t>(data.columns.size());
    const ClusterTree tree =
        cluster_rows(data.values, columns, RowDistance::correlation, Linkage::average, quiet);
    data.rowOrder = leaf_order(tree);
    for (const TreeMerge& merge : tree.merges) {
        data.rowTree.merges.push_back({static_cast<int>(merge.first), static_cast<int>(merge.second)});
        data.rowTree.heights.push_back(merge.height);
    }
}

/// "0.97 (0.95–0.98)"; the interval only where there is one.
QString withInterval(double value, double low, double high, const QString& unit = {}) {
    if (std::isnan(value)) {
        return QString::fromUtf8("–");
    }
    const QString number = formatNumber(value, 2) + unit;
    return std::isnan(low) || std::isnan(high)
               ? number
               : tr("%1 (%2 to %3)").arg(number, formatNumber(low, 2), formatNumber(high, 2));
}

std::uint64_t changedGenes(const DifferentialTable& table, double alpha) {
    return static_cast<std::uint64_t>(
        std::count_if(table.padj.begin(), table.padj.end(), [alpha](double p) { return p < alpha; }));
}

bool agrees(double observed, double predicted) {
    return observed * predicted > 0;
}

QString columnOf(const QString& prediction, const QString& what, std::size_t predictions) {
    return predictions > 1 ? QString("%1 %2").arg(prediction, what) : what;
}

std::vector<GeneTableColumn> agreementColumns(const ResponseOutcome& outcome, std::size_t prediction) {
    const auto& strata = outcome.response.strata;
    const QString name = textOf(outcome.response.predictions[prediction]);
    GeneTableColumn direction{columnOf(name, tr("direction"), outcome.response.predictions.size()),
                              tr("Share of the changed genes (of the %1 with the largest |score| where none "
                                 "changed) that %2 moves in the observed direction, with its 95 % interval")
                                  .arg(outcome.request.top_genes)
                                  .arg(name),
                              {},
                              {}};
    GeneTableColumn pearson{
        columnOf(name, tr("Pearson"), outcome.response.predictions.size()),
        tr("Correlation of the predicted with the observed mean differences over all genes, "
           "with its 95 % interval"),
        {},
        {}};
    for (const ResponseStratum& stratum : strata) {
        const ResponseAgreement& agreement = stratum.agreement[prediction];
        direction.numbers.push_back(100 * agreement.same_direction);
        direction.texts << withInterval(100 * agreement.same_direction, 100 * agreement.low,
                                        100 * agreement.high, tr(" %"));
        pearson.numbers.push_back(agreement.pearson);
        pearson.texts << withInterval(agreement.pearson, agreement.pearson_low, agreement.pearson_high);
    }
    return {std::move(direction), std::move(pearson)};
}

} // namespace

std::vector<GeneTableColumn> strataColumns(const ResponseOutcome& outcome) {
    GeneTableColumn names{tr("cells"), tr("Labels of the columns that the cells are split by"), {}, {}};
    GeneTableColumn changed{
        tr("changed"),
        tr("Genes with an adjusted p-value below %1, observed").arg(formatNumber(outcome.request.alpha)),
        {},
        {}};
    GeneTableColumn cells{tr("n"),
                          tr("Cells on both sides: %1 and %2")
                              .arg(textOf(outcome.request.group), textOf(outcome.request.reference)),
                          {},
                          {}};
    for (const ResponseStratum& stratum : outcome.response.strata) {
        const DifferentialTable& observed = stratum.observed;
        names.texts << stratumName(stratum);
        changed.numbers.push_back(
            observed.tested ? static_cast<double>(changedGenes(observed, outcome.request.alpha)) : none);
        cells.numbers.push_back(static_cast<double>(observed.n_group + observed.n_reference));
        cells.texts << QString("%1 + %2").arg(formatCount(static_cast<std::int64_t>(observed.n_group)),
                                              formatCount(static_cast<std::int64_t>(observed.n_reference)));
    }
    std::vector<GeneTableColumn> columns = {std::move(names), std::move(changed)};
    for (std::size_t prediction = 0; prediction < outcome.response.predictions.size(); ++prediction) {
        for (GeneTableColumn& column : agreementColumns(outcome, prediction)) {
            columns.push_back(std::move(column));
        }
    }
    columns.push_back(std::move(cells));
    return columns;
}

std::vector<GeneTableColumn> stratumColumns(const ResponseOutcome& outcome, const ResponseStratum& stratum) {
    const DifferentialTable& observed = stratum.observed;
    GeneTableColumn genes{tr("gene"), {}, {}, {}};
    GeneTableColumn effect{tr("observed"),
                           tr("log₂ fold change, %1 against %2, with its 95 % interval")
                               .arg(textOf(observed.group), textOf(observed.reference)),
                           {},
                           observed.log_fold_change};
    for (std::size_t gene = 0; gene < outcome.response.genes.size(); ++gene) {
        genes.texts << textOf(outcome.response.genes[gene]);
        effect.texts << withInterval(observed.log_fold_change[gene], observed.low[gene], observed.high[gene]);
    }
    std::vector<GeneTableColumn> columns = {
        std::move(genes),
        std::move(effect),
        {tr("padj"), tr("Adjusted p-value of the observed difference"), {}, observed.padj}};
    for (std::size_t at = 0; at < stratum.predicted.size(); ++at) {
        const QString name = textOf(outcome.response.predictions[at]);
        const std::vector<double>& predicted = stratum.predicted[at].log_fold_change;
        GeneTableColumn mark{stratum.predicted.size() > 1 ? tr("%1 agrees").arg(name) : tr("agrees"),
                             tr("Whether %1 moves the gene in the observed direction").arg(name),
                             {},
                             {}};
        for (std::size_t gene = 0; gene < predicted.size(); ++gene) {
            const bool known =
                std::isfinite(predicted[gene]) && std::isfinite(observed.log_fold_change[gene]);
            const bool same = known && agrees(observed.log_fold_change[gene], predicted[gene]);
            mark.numbers.push_back(known ? (same ? 1 : 0) : none);
            mark.texts << (!known ? QString::fromUtf8("–")
                           : same ? QString::fromUtf8("✓")
                                  : QString::fromUtf8("✗"));
        }
        columns.push_back({name, tr("Predicted log₂ fold change"), {}, predicted});
        columns.push_back(std::move(mark));
    }
    columns.push_back({tr("score"), tr("Test statistic of the observed difference"), {}, observed.score});
    return columns;
}

ScatterData predictedAgainstObserved(const ResponseOutcome& outcome, const ResponseStratum& stratum) {
    ScatterData data;
    data.title = stratumName(stratum);
    data.xLabel = tr("Observed log₂ fold change");
    data.yLabel = tr("Predicted log₂ fold change");
    data.nameLabel = tr("gene");
    data.diagonal = true;
    data.hLines = {0};
    data.vLines = {0};
    const std::vector<double>& observed = stratum.observed.log_fold_change;
    for (std::size_t at = 0; at < stratum.predicted.size(); ++at) {
        data.categoryNames << textOf(outcome.response.predictions[at]);
        for (std::size_t gene = 0; gene < observed.size(); ++gene) {
            data.names << textOf(outcome.response.genes[gene]);
            data.x.push_back(observed[gene]);
            data.y.push_back(stratum.predicted[at].log_fold_change[gene]);
            data.category.push_back(static_cast<std::int32_t>(at));
        }
    }
    std::vector<int> order;
    for (std::size_t gene = 0; gene < observed.size(); ++gene) {
        if (std::isfinite(stratum.observed.score[gene])) {
            order.push_back(static_cast<int>(gene));
        }
    }
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(10, order.size()));
    std::partial_sort(order.begin(), end, order.end(), [&stratum](int a, int b) {
        return std::abs(stratum.observed.score[static_cast<std::size_t>(a)]) >
               std::abs(stratum.observed.score[static_cast<std::size_t>(b)]);
    });
    order.erase(end, order.end());
    data.labelled = order;
    return data;
}

std::vector<std::size_t> leadingGenes(const ResponseOutcome& outcome, std::size_t most) {
    struct Lead {
        double padj = 2, score = 0;
        std::size_t gene = 0;
    };
    std::vector<Lead> leads(outcome.response.genes.size());
    for (std::size_t gene = 0; gene < leads.size(); ++gene) {
        leads[gene].gene = gene;
        for (const ResponseStratum& stratum : outcome.response.strata) {
            const double padj = stratum.observed.padj[gene], score = stratum.observed.score[gene];
            leads[gene].padj = std::isnan(padj) ? leads[gene].padj : std::min(leads[gene].padj, padj);
            leads[gene].score =
                std::isnan(score) ? leads[gene].score : std::max(leads[gene].score, std::abs(score));
        }
    }
    const std::size_t count = std::min(most, leads.size());
    std::partial_sort(leads.begin(), leads.begin() + static_cast<std::ptrdiff_t>(count), leads.end(),
                      [](const Lead& a, const Lead& b) {
                          return a.padj != b.padj     ? a.padj < b.padj
                                 : a.score != b.score ? a.score > b.score
                                                      : a.gene < b.gene;
                      });
    std::vector<std::size_t> genes;
    for (std::size_t at = 0; at < count; ++at) {
        genes.push_back(leads[at].gene);
    }
    return genes;
}

DotPlotData observedDots(const ResponseOutcome& outcome, const std::vector<std::size_t>& genes) {
    DotPlotData data;
    data.title =
        tr("%1 against %2, observed").arg(textOf(outcome.request.group), textOf(outcome.request.reference));
    data.rowLabel = tr("gene");
    data.columnLabel = tr("cells");
    data.sizeLabel = tr("Cells with a value above 0");
    data.colorLabel = tr("log₂ fold change");
    data.largest = 1;
    data.diverging = true;
    data.map = ColorMap::diverging;
    data.outlineLabel = tr("adjusted p < %1").arg(formatNumber(outcome.request.alpha));
    for (const ResponseStratum& stratum : outcome.response.strata) {
        data.columns << stratumName(stratum);
    }
    for (const std::size_t gene : genes) {
        data.rows << textOf(outcome.response.genes[gene]);
        for (const ResponseStratum& stratum : outcome.response.strata) {
            data.sizes.push_back(stratum.observed.fraction_group[gene]);
            data.colors.push_back(stratum.observed.log_fold_change[gene]);
            data.outlined.push_back(stratum.observed.padj[gene] < outcome.request.alpha ? 1 : 0);
        }
    }
    return data;
}

HeatMapData effectMap(const ResponseOutcome& outcome, const std::vector<std::size_t>& genes) {
    HeatMapData data;
    data.title = tr("%1 against %2, observed and predicted")
                     .arg(textOf(outcome.request.group), textOf(outcome.request.reference));
    data.valueLabel = tr("log₂ fold change");
    data.rowLabel = tr("gene");
    data.columnLabel = tr("cells");
    data.diverging = true;
    data.map = ColorMap::diverging;
    const std::size_t sides = 1 + outcome.response.predictions.size();
    QStringList sideNames = {tr("observed")};
    for (const std::string& name : outcome.response.predictions) {
        sideNames << textOf(name);
    }
    std::vector<int> side;
    for (std::size_t at = 0; at < sides; ++at) {
        for (const ResponseStratum& stratum : outcome.response.strata) {
            data.columns << stratumName(stratum);
            side.push_back(static_cast<int>(at));
        }
    }
    data.columnAnnotations = {{tr("values"), side}};
    data.annotationNames = {sideNames};
    for (const std::size_t gene : genes) {
        data.rows << textOf(outcome.response.genes[gene]);
        for (const ResponseStratum& stratum : outcome.response.strata) {
            data.values.push_back(stratum.observed.log_fold_change[gene]);
        }
        for (std::size_t at = 0; at + 1 < sides; ++at) {
            for (const ResponseStratum& stratum : outcome.response.strata) {
                data.values.push_back(stratum.predicted[at].log_fold_change[gene]);
            }
        }
    }
    cluster(data);
    return data;
}

QString describeStratum(const ResponseOutcome& outcome, const ResponseStratum& stratum) {
    QString text = stratumName(stratum);
    const DifferentialTable& observed = stratum.observed;
    if (observed.tested) {
        const QString unit = observed.unit == TestUnit::replicates
                                 ? tr("%3 (%1 and %2)")
                                       .arg(observed.replicates_group)
                                       .arg(observed.replicates_reference)
                                       .arg(textOf(outcome.request.replicate_col))
                                 : tr("%1 and %2 cells").arg(observed.n_group).arg(observed.n_reference);
        const QString test = observed.test == GeneTest::wilcoxon ? tr("Wilcoxon rank sum")
                             : observed.paired                   ? tr("paired t-test")
                                                                 : tr("Welch's t-test");
        text +=
            tr(" · %1 on %2 · %3 of %4 genes changed (padj < %5)")
                .arg(test, unit,
                     formatCount(static_cast<std::int64_t>(changedGenes(observed, outcome.request.alpha))),
                     formatCount(static_cast<std::int64_t>(outcome.response.genes.size())),
                     formatNumber(outcome.request.alpha));
    } else {
        text +=
            tr(" · no p-values: %1").arg(observed.note.empty() ? tr("not tested") : textOf(observed.note));
    }
    for (std::size_t at = 0; at < stratum.agreement.size(); ++at) {
        text += tr(" · %1: Pearson %2")
                    .arg(textOf(outcome.response.predictions[at]),
                         formatNumber(stratum.agreement[at].pearson, 2));
    }
    return text;
}

} // namespace ember
