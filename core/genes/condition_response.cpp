#include "core/genes/condition_response.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <unordered_map>

#include "core/analysis/correlation.hpp"
#include "core/base/error.hpp"
#include "core/genes/change_blocks.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/differential_plan.hpp"
#include "core/genes/matrix_genes.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t enough_genes = 10; ///< significant ones, to count directions over them

/// Columns of the common genes: of the observed matrix first, then of each prediction's.
struct CommonGenes {
    std::vector<std::string> names;
    std::vector<std::vector<std::size_t>> columns; ///< [1 + predictions]
};

[[noreturn]] void genes_differ(const PredictedCells& prediction, const std::string& why) {
    throw Error("GenesDiffer",
                "The genes of '" + prediction.name + "' and of the observed cells cannot be matched: " + why,
                {prediction.data->path().string(), to_string(prediction.source), {}},
                "Choose the matrix whose genes the model predicts, with names of the same kind");
}

/// Column in `names` of each wanted name, -1 where there is none.
std::vector<std::int64_t> find_all(const std::vector<std::string>& wanted,
                                   const std::vector<std::string>& names) {
    std::unordered_map<std::string_view, std::int64_t> place;
    for (std::size_t i = 0; i < names.size(); ++i) {
        place.try_emplace(names[i], static_cast<std::int64_t>(i));
    }
    std::vector<std::int64_t> found;
    for (const std::string& name : wanted) {
        const auto at = place.find(name);
        found.push_back(at == place.end() ? -1 : at->second);
    }
    return found;
}

CommonGenes match_genes(const MatrixGenes& observed, const std::vector<PredictedCells>& predictions,
                        std::vector<std::string>& warnings) {
    std::vector<std::vector<std::int64_t>> places;
    for (const PredictedCells& prediction : predictions) {
        const MatrixGenes genes = matrix_genes(*prediction.data, prediction.source);
        if (genes.known && observed.known) {
            places.push_back(find_all(observed.names, genes.names));
            const auto matched = std::count_if(places.back().begin(), places.back().end(),
                                               [](std::int64_t place) { return place >= 0; });
            if (matched == 0) {
                genes_differ(prediction, "no name is in both ('" + genes.names.front() + "' here, '" +
                                             observed.names.front() + "' there)");
            }
            if (static_cast<std::size_t>(matched) < observed.names.size()) {
                warnings.push_back(prediction.name + " predicts " +
                                   count_text(static_cast<std::uint64_t>(matched)) + " of the " +
                                   counted(observed.names.size(), "gene", "genes") +
                                   " that were observed; the others are left out");
            }
        } else if (genes.names.size() == observed.names.size()) {
            std::vector<std::int64_t> same;
            for (std::size_t i = 0; i < genes.names.size(); ++i) {
                same.push_back(static_cast<std::int64_t>(i));
            }
            places.push_back(std::move(same));
            warnings.push_back("The columns of " + prediction.name +
                               " have no gene names and are taken in the observed order");
        } else {
            genes_differ(prediction, "there are " + count_text(genes.names.size()) + " and " +
                                         count_text(observed.names.size()) + " columns, without names");
        }
    }
    CommonGenes common;
    common.columns.resize(predictions.size() + 1);
    const auto first = find_all(observed.names, observed.names);
    for (std::size_t i = 0; i < observed.names.size(); ++i) {
        const bool everywhere =
            std::all_of(places.begin(), places.end(), [&](const auto& place) { return place[i] >= 0; });
        if (!everywhere || (observed.known && first[i] != static_cast<std::int64_t>(i))) {
            continue; // not predicted, or a name that stood before
        }
        common.names.push_back(observed.names[i]);
        common.columns[0].push_back(i);
        for (std::size_t p = 0; p < places.size(); ++p) {
            common.columns[p + 1].push_back(static_cast<std::size_t>(places[p][i]));
        }
    }
    if (common.names.empty()) {
        throw Error("GenesDiffer", "No gene is in all predictions", {},
                    "Compare predictions of models of the same genes");
    }
    return common;
}

DifferentialTable choose_columns(DifferentialTable table, const std::vector<std::size_t>& columns) {
    for (std::vector<double>* values :
         {&table.score, &table.log_fold_change, &table.pval, &table.padj, &table.fraction_group,
          &table.fraction_reference, &table.mean_group, &table.mean_reference, &table.sd_group,
          &table.sd_reference, &table.low, &table.high}) {
        std::vector<double> chosen;
        chosen.reserve(columns.size());
        for (const std::size_t column : columns) {
            chosen.push_back((*values)[column]);
        }
        *values = std::move(chosen);
    }
    return table;
}

/// A table without numbers, for a stratum that a prediction does not have.
DifferentialTable empty_table(const DifferentialTable& observed, std::size_t genes) {
    DifferentialTable table;
    table.group = observed.group;
    table.reference = observed.reference;
    table.within = observed.within;
    table.unit = observed.unit;
    table.test = observed.test;
    table.note = "no such cells in the prediction";
    const std::vector<double> none(genes, nan);
    table.score = table.log_fold_change = table.pval = table.padj = table.fraction_group =
        table.fraction_reference = table.mean_group = table.mean_reference = table.sd_group =
            table.sd_reference = table.low = table.high = none;
    return table;
}

std::vector<double> change_of(const DifferentialTable& table) {
    std::vector<double> change;
    for (std::size_t gene = 0; gene < table.mean_group.size(); ++gene) {
        change.push_back(table.mean_group[gene] - table.mean_reference[gene]);
    }
    return change;
}

/// Genes that the observed cells say something about.
std::vector<std::size_t> telling_genes(const DifferentialTable& observed,
                                       const ConditionResponseRequest& request) {
    std::vector<std::size_t> genes;
    for (std::size_t gene = 0; gene < observed.padj.size(); ++gene) {
        if (observed.padj[gene] < request.alpha) {
            genes.push_back(gene);
        }
    }
    if (genes.size() >= enough_genes) {
        return genes;
    }
    const std::vector<double>& values = observed.tested ? observed.score : observed.log_fold_change;
    genes.clear();
    for (std::size_t gene = 0; gene < values.size(); ++gene) {
        if (std::isfinite(values[gene])) {
            genes.push_back(gene);
        }
    }
    std::stable_sort(genes.begin(), genes.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(values[a]) > std::abs(values[b]); });
    genes.resize(std::min<std::size_t>(genes.size(), request.top_genes));
    return genes;
}

/// Wilson (1927): where a share out of `n` may lie.
void set_wilson(ResponseAgreement& agreement) {
    const auto n = static_cast<double>(agreement.genes);
    if (agreement.genes == 0) {
        agreement.same_direction = agreement.low = agreement.high = nan;
        return;
    }
    constexpr double z = 1.959963984540054;
    const double share = agreement.same_direction, centre = share + z * z / (2 * n);
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    agreement.low = (centre - half) / (1 + z * z / n);
    agreement.high = (centre + half) / (1 + z * z / n);
}

ResponseAgreement agree(const DifferentialTable& observed, const DifferentialTable& predicted,
                        const ConditionResponseRequest& request) {
    ResponseAgreement agreement;
    const std::vector<double> real = change_of(observed), guess = change_of(predicted);
    double same = 0, products = 0, squares = 0;
    for (const std::size_t gene : telling_genes(observed, request)) {
        if (std::isfinite(real[gene]) && std::isfinite(guess[gene])) {
            ++agreement.genes;
            same += real[gene] * guess[gene] > 0;
        }
    }
    agreement.same_direction = same / static_cast<double>(agreement.genes);
    set_wilson(agreement);
    std::vector<double> x, y;
    for (std::size_t gene = 0; gene < real.size(); ++gene) {
        if (std::isfinite(real[gene]) && std::isfinite(guess[gene])) {
            x.push_back(real[gene]);
            y.push_back(guess[gene]);
            products += x.back() * y.back();
            squares += x.back() * x.back();
        }
    }
    agreement.pearson = pearson(x, y);
    agreement.pearson_low = agreement.pearson_high = nan;
    agreement.slope = squares > 0 ? products / squares : nan;
    return agreement;
}

DifferentialRequest differential_of(const AnnData& data, const MatrixSource& source,
                                    const ConditionResponseRequest& request) {
    DifferentialRequest one;
    one.adata = data.path();
    one.source = source;
    one.groupby = request.pert_col;
    one.groups = {request.group};
    one.reference = request.reference;
    one.test = request.test;
    one.replicate_col = request.replicate_col;
    one.unit = request.unit;
    one.within = request.strata;
    return one;
}

/// Replicates on each side, two at least, in the observed cells.
bool has_replicates(const DifferentialTable& table, const ConditionResponseRequest& request) {
    return !request.replicate_col.empty() && table.replicates_group >= 2 && table.replicates_reference >= 2;
}

void add_intervals(const AnnData& observed, const std::vector<PredictedCells>& predictions,
                   const ConditionResponseRequest& request, const CommonGenes& common,
                   ConditionResponse& response, JobContext& job) {
    if (request.bootstrap < 2 || predictions.empty()) {
        return;
    }
    std::vector<std::vector<std::string>> labels;
    const auto by_replicate = std::make_unique<bool[]>(response.strata.size());
    for (std::size_t s = 0; s < response.strata.size(); ++s) {
        labels.push_back(response.strata[s].labels);
        by_replicate[s] = has_replicates(response.strata[s].observed, request);
    }
    ChangeBlocksRequest blocks{
        request.source,    request.pert_col,      request.group, request.reference,
        request.strata,    request.replicate_col, labels,        {by_replicate.get(), labels.size()},
        common.columns[0], request.seed};
    const std::vector<ChangeBlocks> real = measure_blocks(observed, blocks, job);
    for (std::size_t p = 0; p < predictions.size(); ++p) {
        blocks.source = predictions[p].source;
        blocks.columns = common.columns[p + 1];
        const std::vector<ChangeBlocks> guess = measure_blocks(*predictions[p].data, blocks, job);
        job.begin("Drawing replicates again", response.strata.size(), "groups");
        for (std::size_t s = 0; s < response.strata.size(); ++s) {
            job.check_cancelled();
            ResponseAgreement& agreement = response.strata[s].agreement[p];
            if (!std::isnan(agreement.pearson)) {
                const Interval interval = bootstrap_correlation(agreement.pearson, real[s], guess[s],
                                                                request.bootstrap, request.seed + s);
                agreement.pearson_low = interval.low;
                agreement.pearson_high = interval.high;
            }
            job.advance_to(s + 1);
        }
    }
}

void add_warnings(ConditionResponse& response, const std::vector<std::string>& more, const std::string& of) {
    for (const std::string& warning : more) {
        response.warnings.push_back(of.empty() ? warning : of + ": " + warning);
    }
}

} // namespace

ConditionResponse condition_response(const AnnData& observed, const std::vector<PredictedCells>& predictions,
                                     const ConditionResponseRequest& request, JobContext& job) {
    ConditionResponse response;
    const CommonGenes common =
        match_genes(matrix_genes(observed, request.source), predictions, response.warnings);
    response.genes = common.names;
    const DifferentialResult real =
        compare_groups(observed, differential_of(observed, request.source, request), job);
    add_warnings(response, real.warnings, {});
    for (const DifferentialTable& table : real.tables) {
        response.strata.push_back({table.within, choose_columns(table, common.columns[0]), {}, {}});
    }
    for (std::size_t p = 0; p < predictions.size(); ++p) {
        const PredictedCells& prediction = predictions[p];
        response.predictions.push_back(prediction.name);
        const DifferentialResult guess = compare_groups(
            *prediction.data, differential_of(*prediction.data, prediction.source, request), job);
        std::vector<std::string> own;
        std::copy_if(guess.warnings.begin(), guess.warnings.end(), std::back_inserter(own),
                     [&](const std::string& warning) {
                         return std::find(real.warnings.begin(), real.warnings.end(), warning) ==
                                real.warnings.end();
                     });
        add_warnings(response, own, prediction.name);
        for (ResponseStratum& stratum : response.strata) {
            const auto at = std::find_if(guess.tables.begin(), guess.tables.end(),
                                         [&](const auto& table) { return table.within == stratum.labels; });
            stratum.predicted.push_back(at == guess.tables.end()
                                            ? empty_table(stratum.observed, common.names.size())
                                            : choose_columns(*at, common.columns[p + 1]));
            stratum.agreement.push_back(agree(stratum.observed, stratum.predicted.back(), request));
        }
    }
    add_intervals(observed, predictions, request, common, response, job);
    for (const std::string& warning : response.warnings) {
        job.warn(warning);
    }
    return response;
}

} // namespace ember
