// Ranked enrichment of the observed change beside the predicted ones.

#include "core/evaluation/compare_parts.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_types = 6;         ///< with pathways of their own
constexpr std::size_t most_perturbations = 5; ///< with genes and pathways

/// Mean over the judged types, weighted by observed cells, of what `of` picks; empty without any.
template<typename Of>
std::vector<double> mean_change(const PerturbationChange& change, Of of) {
    std::vector<double> mean;
    double cells = 0;
    for (const TypeChange& type : change.types) {
        const std::vector<double>& values = of(type);
        if (values.empty() || (change.judged > 0 && !type.judged)) {
            continue;
        }
        mean.resize(values.size(), 0);
        const auto weight = static_cast<double>(type.cells);
        cells += weight;
        for (std::size_t gene = 0; gene < values.size(); ++gene) {
            mean[gene] += weight * values[gene];
        }
    }
    for (double& value : mean) {
        value /= std::max(1.0, cells);
    }
    return mean;
}

/// One of the comparison's runs over the same sets.
EnrichmentResult enriched(const GeneSets& sets, const std::vector<std::string>& genes,
                          const std::vector<double>& scores, std::uint64_t seed, JobContext& job) {
    RankedRequest request;
    request.genes = genes;
    request.scores = scores;
    request.seed = seed;
    return ranked_enrichment(sets, request, job);
}

/// Shared genes over all genes of the two.
double overlap(const std::vector<std::string>& sorted_a, const std::vector<std::string>& sorted_b) {
    std::vector<std::string> shared;
    std::set_intersection(sorted_a.begin(), sorted_a.end(), sorted_b.begin(), sorted_b.end(),
                          std::back_inserter(shared));
    const auto all = static_cast<double>(sorted_a.size() + sorted_b.size() - shared.size());
    return all > 0 ? static_cast<double>(shared.size()) / all : 0;
}

/// Databases name the same genes many times: sets of which at least 60 % are those of an earlier one count
/// as like it.
void find_alike(PathwayTable& table) {
    constexpr double alike = 0.6;
    std::vector<std::pair<std::size_t, std::vector<std::string>>> kept;
    for (std::size_t i = 0; i < table.rows.size() && table.rows[i].padj[0] < 0.05; ++i) {
        std::vector<std::string> genes = table.rows[i].leading;
        std::sort(genes.begin(), genes.end());
        const auto same = std::find_if(kept.begin(), kept.end(),
                                       [&](const auto& one) { return overlap(one.second, genes) >= alike; });
        if (same == kept.end()) {
            kept.emplace_back(i, std::move(genes));
        } else {
            table.rows[i].like = table.rows[same->first].name;
            ++table.rows[same->first].alike;
        }
    }
}

PathwayTable table_of(const GeneSets& sets, const CompareRequest& request, const CompareResult& result,
                      const std::vector<std::vector<double>>& changes, JobContext& job) {
    PathwayTable table;
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].empty() ||
            std::all_of(changes[i].begin(), changes[i].end(), [](double v) { return v == 0; })) {
            continue;
        }
        const EnrichmentResult found = enriched(sets, result.genes, changes[i], request.seed, job);
        for (const EnrichedSet& set : found.sets) {
            const auto [at, fresh] = place.emplace(set.name, table.rows.size());
            if (fresh) {
                ComparedPathway row;
                row.name = set.name;
                row.size = set.size;
                row.nes.assign(changes.size(), nan);
                row.padj = row.nes;
                table.rows.push_back(std::move(row));
            }
            ComparedPathway& row = table.rows[at->second];
            row.nes[i] = set.nes;
            row.padj[i] = set.padj;
            if (i == 0) {
                row.leading = set.genes;
            }
        }
    }
    const auto key = [](const ComparedPathway& row) { return std::isnan(row.padj[0]) ? 2.0 : row.padj[0]; };
    std::stable_sort(table.rows.begin(), table.rows.end(),
                     [&](const ComparedPathway& a, const ComparedPathway& b) {
                         return key(a) != key(b) ? key(a) < key(b) : std::abs(a.nes[0]) > std::abs(b.nes[0]);
                     });
    find_alike(table);
    return table;
}

GeneSets sets_for(const CompareRequest& request, const CompareResult& result) {
    if (!request.gene_sets.empty()) {
        return read_gmt(request.gene_sets);
    }
    return bundled_reactome(recognise_genes(result.genes).species);
}

/// The judged types with most cells.
std::vector<std::size_t> main_types(const PerturbationChange& change) {
    std::vector<std::size_t> types;
    for (std::size_t type = 0; type < change.types.size(); ++type) {
        if (change.types[type].judged) {
            types.push_back(type);
        }
    }
    std::stable_sort(types.begin(), types.end(), [&](std::size_t a, std::size_t b) {
        return change.types[a].cells > change.types[b].cells;
    });
    types.resize(std::min(types.size(), most_types));
    return types;
}

} // namespace

void add_pathways(const CompareRequest& request, CompareResult& result, JobContext& job) {
    try {
        const GeneSets sets = sets_for(request, result);
        result.gene_sets = sets.name;
        const std::size_t perturbations = std::min(result.changes.size(), most_perturbations);
        for (std::size_t p = 0; p < perturbations; ++p) {
            const PerturbationChange& change = result.changes[p];
            std::vector<std::vector<double>> changes = {mean_change(
                change, [](const TypeChange& type) -> const auto& { return type.observed; })};
            for (std::size_t model = 0; model < result.models.size(); ++model) {
                changes.push_back(mean_change(
                    change, [&](const TypeChange& type) -> const auto& { return type.predicted[model]; }));
            }
            PathwayTable whole = table_of(sets, request, result, changes, job);
            whole.perturbation = change.perturbation;
            result.pathways.push_back(std::move(whole));
            for (const std::size_t index :
                 change.types.size() > 1 ? main_types(change) : std::vector<std::size_t>()) {
                const TypeChange& type = change.types[index];
                changes = {type.observed};
                changes.insert(changes.end(), type.predicted.begin(), type.predicted.end());
                PathwayTable table = table_of(sets, request, result, changes, job);
                table.perturbation = change.perturbation;
                table.type = type.type;
                result.pathways.push_back(std::move(table));
            }
        }
    } catch (const Cancelled&) {
        throw;
    } catch (const ResourceError&) {
        throw;
    } catch (const Error& error) {
        if (!request.gene_sets.empty()) {
            throw;
        }
        result.gene_sets.clear();
        result.pathways.clear();
        result.warnings.push_back(std::string("No pathways: ") + error.what());
    }
}

} // namespace ember
