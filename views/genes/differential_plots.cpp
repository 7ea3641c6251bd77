#include "views/genes/differential_plots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <QCoreApplication>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::DifferentialPage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QStringList namesOf(const std::vector<std::string>& genes) {
    QStringList names;
    names.reserve(static_cast<int>(genes.size()));
    for (const std::string& gene : genes) {
        names << textOf(gene);
    }
    return names;
}

std::vector<double> percent(const std::vector<double>& shares) {
    std::vector<double> values;
    for (const double share : shares) {
        values.push_back(100 * share);
    }
    return values;
}

std::vector<std::int32_t> categoriesOf(const std::vector<int>& signs) {
    std::vector<std::int32_t> categories;
    for (const int sign : signs) {
        categories.push_back(sign > 0 ? 0 : sign < 0 ? 1 : -1);
    }
    return categories;
}

void setDirections(ScatterData& data, const DifferentialTable& table, const std::vector<int>& signs) {
    data.category = categoriesOf(signs);
    data.categoryNames = {tr("up"), tr("down")};
    data.categoryColors = {upColor(), downColor()};
    data.labelled = strongest(table, signs, 14);
}

std::optional<QString> noteOf(const DifferentialTable& table) {
    return table.tested ? std::nullopt
                        : std::optional(table.note.empty() ? tr("Not tested") : textOf(table.note));
}

QString foldChangeLabel(const DifferentialTable& table) {
    return tr("log₂ fold change, %1 against %2").arg(textOf(table.group), textOf(table.reference));
}

} // namespace

QColor upColor() {
    return {0xd5, 0x5e, 0x00};
}

QColor downColor() {
    return {0x00, 0x72, 0xb2};
}

std::vector<int> strongest(const DifferentialTable& table, const std::vector<int>& directions,
                           std::size_t most) {
    std::vector<int> genes(table.score.size());
    std::iota(genes.begin(), genes.end(), 0);
    std::erase_if(genes, [&](int gene) {
        const auto at = static_cast<std::size_t>(gene);
        return directions[at] == 0 || std::isnan(table.score[at]);
    });
    const auto stronger = [&table](int a, int b) {
        const double left = std::abs(table.score[static_cast<std::size_t>(a)]);
        const double right = std::abs(table.score[static_cast<std::size_t>(b)]);
        return left != right ? left > right : a < b;
    };
    const auto end = genes.begin() + static_cast<std::ptrdiff_t>(std::min(most, genes.size()));
    std::partial_sort(genes.begin(), end, genes.end(), stronger);
    genes.erase(end, genes.end());
    return genes;
}

std::vector<GeneTableColumn> differentialColumns(const DifferentialResult& result,
                                                 const DifferentialTable& table) {
    const QString group = textOf(table.group), reference = textOf(table.reference);
    const QString score = table.test == GeneTest::wilcoxon ? tr("z of the rank sum") : tr("t");
    const QString cells = tr("%1 cells").arg(formatCount(static_cast<std::int64_t>(table.n_group)));
    const QString others = tr("%1 cells").arg(formatCount(static_cast<std::int64_t>(table.n_reference)));
    return {{tr("gene"), {}, namesOf(result.genes), {}},
            {tr("log2FC"),
             tr("log₂ of the fold change; positive: higher in %1").arg(group),
             {},
             table.log_fold_change},
            {tr("padj"), tr("p-value adjusted for all genes (Benjamini–Hochberg)"), {}, table.padj},
            {tr("score"), tr("Test statistic: %1").arg(score), {}, table.score},
            {tr("low"), tr("Lower end of the 95 % interval of log2FC"), {}, table.low},
            {tr("high"), tr("Upper end of the 95 % interval of log2FC"), {}, table.high},
            {tr("p"), tr("p-value of this gene alone"), {}, table.pval},
            {tr("% %1").arg(group),
             tr("Per cent of the %1 with a value above 0").arg(cells),
             {},
             percent(table.fraction_group)},
            {tr("% %1").arg(reference),
             tr("Per cent of the %1 with a value above 0").arg(others),
             {},
             percent(table.fraction_reference)},
            {tr("mean %1").arg(group), tr("Mean of %1").arg(cells), {}, table.mean_group},
            {tr("sd %1").arg(group), tr("Standard deviation of %1").arg(cells), {}, table.sd_group},
            {tr("mean %1").arg(reference), tr("Mean of %1").arg(others), {}, table.mean_reference},
            {tr("sd %1").arg(reference), tr("Standard deviation of %1").arg(others), {}, table.sd_reference}};
}

ScatterData volcano(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                    double effect) {
    ScatterData data;
    data.title = tableTitle(table);
    data.xLabel = foldChangeLabel(table);
    data.yLabel = tr("−log₁₀ adjusted p");
    data.names = namesOf(result.genes);
    data.nameLabel = tr("gene");
    data.x = table.log_fold_change;
    double top = -std::log10(alpha);
    for (const double p : table.padj) {
        if (p > 0) {
            top = std::max(top, -std::log10(p));
        }
    }
    for (const double p : table.padj) {
        data.y.push_back(p > 0    ? -std::log10(p)
                         : p == 0 ? 1.05 * top
                                  : std::numeric_limits<double>::quiet_NaN());
    }
    setDirections(data, table, directions(table, alpha, effect));
    data.hLines = {-std::log10(alpha)};
    data.vLines = {-effect, effect};
    data.note = noteOf(table);
    return data;
}

ScatterData meanDifference(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                           double effect) {
    ScatterData data;
    data.title = tableTitle(table);
    data.xLabel = tr("Mean of both sides");
    data.yLabel = foldChangeLabel(table);
    data.names = namesOf(result.genes);
    data.nameLabel = tr("gene");
    data.y = table.log_fold_change;
    for (std::size_t gene = 0; gene < table.mean_group.size(); ++gene) {
        data.x.push_back((table.mean_group[gene] + table.mean_reference[gene]) / 2);
    }
    setDirections(data, table, directions(table, alpha, effect));
    data.hLines = {-effect, 0, effect};
    data.note = noteOf(table);
    return data;
}

DotPlotData topGenes(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                     std::size_t each_way) {
    std::vector<std::size_t> order(result.genes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&table](std::size_t gene) { return std::isnan(table.score[gene]); });
    std::stable_sort(order.begin(), order.end(),
                     [&table](std::size_t a, std::size_t b) { return table.score[a] > table.score[b]; });
    if (order.size() > 2 * each_way) {
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(each_way),
                    order.end() - static_cast<std::ptrdiff_t>(each_way));
    }
    DotPlotData data;
    data.title = tr("Strongest genes of %1").arg(tableTitle(table));
    data.rowLabel = tr("gene");
    data.columnLabel = tr("comparison");
    data.sizeLabel = tr("Cells with a value above 0");
    data.colorLabel = tr("log₂ fold change");
    data.largest = 1;
    data.diverging = true;
    data.map = ColorMap::diverging;
    data.outlineLabel = tr("adjusted p < %1").arg(formatNumber(alpha));
    for (const DifferentialTable& each : result.tables) {
        data.columns << tableTitle(each);
    }
    for (const std::size_t gene : order) {
        data.rows << textOf(result.genes[gene]);
        for (const DifferentialTable& each : result.tables) {
            data.sizes.push_back(each.fraction_group[gene]);
            data.colors.push_back(each.log_fold_change[gene]);
            data.outlined.push_back(each.padj[gene] < alpha ? 1 : 0);
        }
    }
    return data;
}

} // namespace ember
