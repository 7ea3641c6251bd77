#include "views/genes/pathway_plots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCoreApplication>

#include "views/genes/differential_plots.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PathwayPage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// Names of sets are sentences; so much of them finds room beside dots.
QString shortened(const QString& name) {
    constexpr int most = 44;
    return name.size() <= most ? name : name.left(most - 1).trimmed() + QString::fromUtf8("…");
}

} // namespace

std::vector<GeneTableColumn> pathwayColumns(const PathwayOutcome& outcome) {
    const bool ranked = outcome.request.ranked;
    GeneTableColumn set{tr("set"), {}, {}, {}}, direction{tr("direction"), {}, {}, {}};
    GeneTableColumn overlap{tr("genes"),
                            ranked ? tr("Genes at the leading edge: up to the peak of the running sum")
                                   : tr("Changed genes that are in the set"),
                            {},
                            {}};
    GeneTableColumn size{tr("size"), tr("Genes of the set among those tested"), {}, {}};
    GeneTableColumn strength{ranked ? tr("NES") : tr("fold"),
                             ranked ? tr("Normalised enrichment score; positive: at the upper end")
                                    : tr("Times as many genes of the set as chance would give"),
                             {},
                             {}};
    GeneTableColumn p{tr("p"), tr("p-value of this set alone"), {}, {}};
    GeneTableColumn padj{tr("padj"), tr("p-value adjusted for all sets (Benjamini–Hochberg)"), {}, {}};
    for (const PathwayRow& row : outcome.rows) {
        set.texts << textOf(row.set.name);
        direction.texts << row.direction;
        overlap.numbers.push_back(static_cast<double>(row.set.overlap));
        size.numbers.push_back(static_cast<double>(row.set.size));
        strength.numbers.push_back(ranked ? row.set.nes : row.set.fold);
        p.numbers.push_back(row.set.pval);
        padj.numbers.push_back(row.set.padj);
    }
    return {set, direction, padj, strength, overlap, size, p};
}

DotPlotData leadingSets(const PathwayOutcome& outcome, int most) {
    DotPlotData data;
    data.title = tr("Leading gene sets");
    data.rowLabel = tr("set");
    data.columnLabel = tr("direction");
    data.sizeLabel = outcome.request.ranked ? tr("Share of the set at the leading edge")
                                            : tr("Share of the set's genes that changed");
    data.colorLabel = tr("−log₁₀ adjusted p");
    data.outlineLabel = tr("adjusted p < %1").arg(formatNumber(outcome.request.alpha));
    data.columns = {tr("up"), tr("down")};
    QStringList names;
    for (const PathwayRow& row : outcome.rows) {
        if (names.size() < most && !names.contains(textOf(row.set.name))) {
            names << textOf(row.set.name);
        }
    }
    const std::size_t cells = 2 * static_cast<std::size_t>(names.size());
    data.sizes.assign(cells, std::numeric_limits<double>::quiet_NaN());
    data.colors = data.sizes;
    data.outlined.assign(cells, 0);
    for (const PathwayRow& row : outcome.rows) {
        const auto line = names.indexOf(textOf(row.set.name));
        const auto column = data.columns.indexOf(row.direction);
        if (line < 0 || column < 0 || row.set.size == 0) {
            continue;
        }
        const auto at = static_cast<std::size_t>(2 * line + column);
        data.sizes[at] = static_cast<double>(row.set.overlap) / static_cast<double>(row.set.size);
        data.colors[at] = -std::log10(std::max(row.set.padj, 1e-300));
        data.outlined[at] = row.set.padj < outcome.request.alpha ? 1 : 0;
    }
    for (const QString& name : names) {
        data.rows << shortened(name);
    }
    data.low = 0;
    for (const double color : data.colors) {
        data.high = std::isnan(color) ? data.high : std::max(data.high, color);
    }
    return data;
}

std::vector<GeneTableColumn> memberColumns(const DifferentialOutcome& outcome, std::size_t table,
                                           const std::vector<int>& genes) {
    const DifferentialTable& chosen = outcome.result.tables.at(table);
    GeneTableColumn name{tr("gene"), {}, {}, {}};
    GeneTableColumn change{tr("log2FC"),
                           tr("log₂ of the fold change; positive: higher in %1").arg(textOf(chosen.group)),
                           {},
                           {}};
    GeneTableColumn padj{tr("padj"), tr("Adjusted p-value of the gene"), {}, {}};
    for (const int gene : genes) {
        const auto at = static_cast<std::size_t>(gene);
        name.texts << textOf(outcome.result.genes[at]);
        change.numbers.push_back(chosen.log_fold_change[at]);
        padj.numbers.push_back(chosen.padj[at]);
    }
    return {name, change, padj};
}

ScatterData volcanoOfSet(const DifferentialOutcome& outcome, std::size_t table, const QString& set,
                         const std::vector<int>& genes, double alpha, double effect) {
    const DifferentialTable& chosen = outcome.result.tables.at(table);
    ScatterData data = volcano(outcome.result, chosen, alpha, effect);
    if (set.isEmpty()) {
        return data;
    }
    data.title = set;
    data.category.assign(data.x.size(), -1);
    std::vector<int> inside(data.x.size(), 0);
    for (const int gene : genes) {
        data.category[static_cast<std::size_t>(gene)] = 0;
        inside[static_cast<std::size_t>(gene)] = 1;
    }
    data.categoryNames = {tr("in the set")};
    data.categoryColors = {upColor()};
    data.labelled = strongest(chosen, inside, 20);
    return data;
}

} // namespace ember
