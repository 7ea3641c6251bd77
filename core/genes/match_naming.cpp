// The genes of a request in the naming of the sets.

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {

namespace {

GeneNaming naming_of(const std::vector<std::string>& genes, const GeneNaming& given) {
    if (given.species != Species::unknown && given.ids != GeneIds::unknown) {
        return given;
    }
    GeneNaming naming = recognise_genes(genes);
    if (given.species != Species::unknown) {
        // Whoever says the species knows that these are genes: what is no Ensembl id is a symbol.
        naming.species = given.species;
        naming.ids = naming.ids == GeneIds::unknown ? GeneIds::symbols : naming.ids;
    }
    return naming;
}

std::vector<std::string> unique_names(std::vector<std::string> names) {
    std::unordered_set<std::string> seen;
    std::erase_if(names, [&](const std::string& name) { return name.empty() || !seen.insert(name).second; });
    return names;
}

void check_some_left(const MappedGenes& mapped, const GeneNaming& from, const GeneSets& sets) {
    const auto& names = mapped.names;
    if (!names.empty() &&
        std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); })) {
        throw UsageError("None of the genes (" + describe(from) + ") has a counterpart among " +
                             describe(sets.naming()) + ", which the gene sets hold",
                         "Say the species of the genes, or use sets with names of their kind");
    }
}

} // namespace

std::string match_naming(OverRepresentationRequest& request, const GeneSets& sets, GeneNaming given) {
    const GeneNaming from = naming_of(request.background, given);
    MappedGenes background = map_genes(request.background, from, sets.naming());
    // A gene of the query that is not in the background must stay a visible error, mapped or not.
    const std::unordered_set<std::string_view> known(request.background.begin(), request.background.end());
    MappedGenes query = map_genes(request.query, from, sets.naming());
    for (std::size_t i = 0; i < request.query.size(); ++i) {
        if (query.names[i].empty() && !known.contains(request.query[i])) {
            query.names[i] = request.query[i];
        }
    }
    check_some_left(query, from, sets);
    check_some_left(background, from, sets);
    request.background = unique_names(std::move(background.names));
    request.query = unique_names(std::move(query.names));
    return background.summary;
}

std::string match_naming(RankedRequest& request, const GeneSets& sets, GeneNaming given) {
    const GeneNaming from = naming_of(request.genes, given);
    const MappedGenes mapped = map_genes(request.genes, from, sets.naming());
    check_some_left(mapped, from, sets);
    std::unordered_map<std::string, std::size_t> place;
    std::vector<std::string> genes;
    std::vector<double> scores;
    for (std::size_t i = 0; i < mapped.names.size() && i < request.scores.size(); ++i) {
        if (mapped.names[i].empty()) {
            continue;
        }
        const auto [found, fresh] = place.try_emplace(mapped.names[i], genes.size());
        if (fresh) {
            genes.push_back(mapped.names[i]);
            scores.push_back(request.scores[i]);
        } else if (!(std::abs(scores[found->second]) >= std::abs(request.scores[i]))) {
            scores[found->second] = request.scores[i];
        }
    }
    request.genes = std::move(genes);
    request.scores = std::move(scores);
    return mapped.summary;
}

} // namespace ember
