#include "views/genes/pathway_choice.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <sstream>
#include <unordered_set>

#include <QCoreApplication>

#include "core/base/error.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PathwayPage", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

/// The bundled sets are read once per species.
std::shared_ptr<const GeneSets> bundled(Species species) {
    static std::mutex mutex;
    static std::map<Species, std::shared_ptr<const GeneSets>> kept;
    const std::lock_guard lock(mutex);
    auto& sets = kept[species];
    if (sets == nullptr) {
        sets = std::make_shared<const GeneSets>(bundled_reactome(species));
    }
    return sets;
}

std::shared_ptr<const GeneSets> sets_for(const PathwayRequest& request, const GeneNaming& naming) {
    if (!request.file.isEmpty()) {
        return std::make_shared<const GeneSets>(read_gmt(request.file.toStdString()));
    }
    if (naming.species == Species::unknown) {
        throw Error("UnknownSpecies", "The names of the genes are neither of human nor of mouse genes", {},
                    "Open a GMT file with sets of these genes");
    }
    return bundled(naming.species);
}

void add_result(PathwayOutcome& outcome, const QString& direction, const std::string& mapping,
                EnrichmentResult result) {
    result.mapping = mapping;
    outcome.notes << (direction.isEmpty() ? QString() : direction + ": ") + textOf(enrichment_header(result));
    if (!mapping.empty() && !outcome.notes.contains(textOf(mapping))) {
        outcome.notes << textOf(mapping);
    }
    for (const std::string& warning : result.warnings) {
        outcome.notes << textOf(warning);
    }
    for (const EnrichedSet& set : result.sets) {
        const QString sign = direction.isEmpty() ? (set.nes < 0 ? tr("down") : tr("up")) : direction;
        outcome.rows.push_back({sign, set});
    }
    outcome.results.emplace_back(direction, std::move(result));
}

void over_represented(PathwayOutcome& outcome, const DifferentialOutcome& from,
                      const DifferentialTable& table, const GeneNaming& naming, JobContext& job) {
    const std::vector<int> signs = directions(table, outcome.request.alpha, outcome.request.effect);
    for (const int sign : {1, -1}) {
        OverRepresentationRequest request;
        for (std::size_t gene = 0; gene < signs.size(); ++gene) {
            if (std::isfinite(table.score[gene])) {
                request.background.push_back(from.result.genes[gene]);
                if (signs[gene] == sign) {
                    request.query.push_back(from.result.genes[gene]);
                }
            }
        }
        const QString direction = sign > 0 ? tr("up") : tr("down");
        if (request.query.empty()) {
            outcome.notes << tr("%1: no gene passes the thresholds").arg(direction);
            continue;
        }
        const std::string mapping = match_naming(request, *outcome.sets, naming);
        if (request.query.empty()) {
            outcome.notes << tr("%1: no gene has a counterpart in the sets").arg(direction);
            continue;
        }
        add_result(outcome, direction, mapping, over_representation(*outcome.sets, request, job));
    }
}

} // namespace

std::vector<int> PathwayOutcome::members(const QString& set) const {
    std::vector<int> genes;
    const std::string name = set.toStdString();
    const auto found = std::find_if(sets->sets.begin(), sets->sets.end(),
                                    [&name](const GeneSet& each) { return each.name == name; });
    if (found == sets->sets.end()) {
        return genes;
    }
    const std::unordered_set<std::string> inside(found->genes.begin(), found->genes.end());
    for (std::size_t gene = 0; gene < mapped.size(); ++gene) {
        if (!mapped[gene].empty() && inside.contains(mapped[gene])) {
            genes.push_back(static_cast<int>(gene));
        }
    }
    return genes;
}

PathwayOutcome find_pathways(const DifferentialOutcome& from, std::size_t table,
                             const PathwayRequest& request, JobContext& job) {
    const DifferentialTable& chosen = from.result.tables.at(table);
    const GeneNaming naming = recognise_genes(from.result.genes);
    PathwayOutcome outcome;
    outcome.request = request;
    outcome.sets = sets_for(request, naming);
    job.check_cancelled();
    outcome.mapped = map_genes(from.result.genes, naming, outcome.sets->naming()).names;
    for (const std::string& warning : outcome.sets->warnings) {
        outcome.notes << textOf(warning);
    }
    if (request.ranked) {
        RankedRequest ranking;
        ranking.genes = from.result.genes;
        ranking.scores = chosen.score;
        const std::string mapping = match_naming(ranking, *outcome.sets, naming);
        add_result(outcome, QString(), mapping, ranked_enrichment(*outcome.sets, ranking, job));
    } else {
        over_represented(outcome, from, chosen, naming, job);
    }
    std::stable_sort(outcome.rows.begin(), outcome.rows.end(), [](const PathwayRow& a, const PathwayRow& b) {
        return a.set.padj != b.set.padj ? a.set.padj < b.set.padj : a.set.pval < b.set.pval;
    });
    return outcome;
}

std::string pathway_csv(const PathwayOutcome& outcome) {
    std::string csv;
    for (const auto& [direction, result] : outcome.results) {
        std::istringstream lines(enrichment_csv(result));
        std::string line;
        for (bool header = true; std::getline(lines, line); header = false) {
            if (header && csv.empty()) {
                csv += "direction," + line + "\n";
            } else if (!header) {
                csv += direction.toStdString() + "," + line + "\n";
            }
        }
    }
    return csv;
}

} // namespace ember
