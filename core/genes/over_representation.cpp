#include <algorithm>
#include <unordered_map>

#include "core/analysis/hypergeometric.hpp"
#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {

namespace {

/// Every gene of the background, and whether it was chosen.
using Background = std::unordered_map<std::string_view, bool>;

Background background_of(const OverRepresentationRequest& request) {
    if (request.query.empty()) {
        throw UsageError("No genes were chosen", "Choose some, or relax the thresholds that choose them");
    }
    if (request.background.empty()) {
        throw UsageError("The background is empty", "Give all genes that could have been chosen");
    }
    Background background;
    for (const std::string& gene : request.background) {
        background.emplace(gene, false);
    }
    std::vector<std::string> outside;
    for (const std::string& gene : request.query) {
        if (const auto found = background.find(gene); found != background.end()) {
            found->second = true;
        } else {
            outside.push_back(gene);
        }
    }
    if (!outside.empty()) {
        const std::uint64_t all = outside.size();
        outside.resize(std::min<std::size_t>(outside.size(), 3));
        throw UsageError(counted(all, "chosen gene is", "chosen genes are") +
                             " not in the background: " + quoted_list(outside) + (all > 3 ? " …" : ""),
                         "The background must hold every gene that could have been chosen");
    }
    return background;
}

EnrichedSet enriched(const GeneSet& set, const Background& background, std::uint64_t query) {
    EnrichedSet made;
    made.name = set.name;
    made.description = set.description;
    for (const std::string& gene : set.genes) {
        if (const auto found = background.find(gene); found != background.end()) {
            ++made.size;
            if (found->second) {
                made.genes.push_back(gene);
            }
        }
    }
    made.overlap = made.genes.size();
    if (made.size != 0) {
        const Hypergeometric draw{background.size(), made.size, query};
        made.pval = draw.at_least(made.overlap);
        made.fold = static_cast<double>(made.overlap) / draw.expected();
        made.odds_ratio = draw.odds_ratio(made.overlap);
    }
    return made;
}

void check_sets(const EnrichmentResult& result, const GeneSets& sets, bool any_gene) {
    if (result.sets_tested != 0) {
        return;
    }
    throw Error("NoSets",
                any_gene ? "No gene set has the size or the overlap asked for"
                         : "No gene of the sets is in the background",
                {sets.source, {}, {}},
                any_gene ? "Widen the sizes"
                         : "Check that both name genes alike: symbols or Ensembl ids, human or mouse");
}

void order_and_correct(std::vector<EnrichedSet>& sets) {
    std::stable_sort(sets.begin(), sets.end(), [](const EnrichedSet& a, const EnrichedSet& b) {
        return a.pval != b.pval ? a.pval < b.pval : a.fold > b.fold;
    });
    std::vector<double> p;
    for (const EnrichedSet& set : sets) {
        p.push_back(set.pval);
    }
    p = benjamini_hochberg(p);
    for (std::size_t i = 0; i < sets.size(); ++i) {
        sets[i].padj = p[i];
    }
}

} // namespace

EnrichmentResult over_representation(const GeneSets& sets, const OverRepresentationRequest& request,
                                     JobContext& job) {
    const Background background = background_of(request);
    EnrichmentResult result;
    result.method = "hypergeometric";
    result.background = background.size();
    result.query = static_cast<std::uint64_t>(
        std::count_if(background.begin(), background.end(), [](const auto& gene) { return gene.second; }));
    job.begin("Testing gene sets", sets.sets.size(), "sets");
    bool any_gene = false;
    for (std::size_t i = 0; i < sets.sets.size(); ++i) {
        job.check_cancelled();
        EnrichedSet set = enriched(sets.sets[i], background, result.query);
        any_gene = any_gene || set.size != 0;
        if (set.size >= std::max<std::uint64_t>(request.smallest, 1) && set.size <= request.largest &&
            (set.overlap != 0 || !request.overlapping_only)) {
            result.sets.push_back(std::move(set));
        }
        job.advance_to(i + 1);
    }
    result.sets_tested = result.sets.size();
    result.sets_left_out = sets.sets.size() - result.sets.size();
    result.warnings = sets.warnings;
    check_sets(result, sets, any_gene);
    order_and_correct(result.sets);
    return result;
}

} // namespace ember
