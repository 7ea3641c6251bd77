#pragma once
// Which gene sets are over-represented among chosen genes (hypergeometric), or lie at an end of a ranking
// (pre-ranked gene set enrichment analysis, Subramanian et al. 2005).

#include <cstdint>
#include <string>
#include <vector>

#include "core/genes/gene_sets.hpp"

namespace ember {

struct OverRepresentationRequest {
    std::vector<std::string> query;             ///< chosen genes
    std::vector<std::string> background;        ///< the genes that could have been chosen: all tested ones
    std::uint64_t smallest = 1, largest = 5000; ///< genes of a set inside the background
};

struct RankedRequest {
    std::vector<std::string> genes; ///< with `scores`: all tested genes
    std::vector<double> scores;
    std::uint64_t smallest = 5, largest = 500;
    int permutations = 1000;
    double weight = 1; ///< exponent of |score|
    std::uint64_t seed = 42;
};

struct EnrichedSet {
    std::string name, description;
    std::uint64_t size = 0;         ///< genes of the set inside the background
    std::uint64_t overlap = 0;      ///< over-representation: in the query; ranked: leading edge
    double fold = 0;                ///< over-representation
    double es = 0, nes = 0;         ///< ranked: (normalised) enrichment score
    double pval = 1, padj = 1;      ///< Benjamini–Hochberg over the sets tested
    std::vector<std::string> genes; ///< overlap, or leading edge, by rank
};

struct EnrichmentResult {
    std::string method;                      ///< "hypergeometric", "ranked"
    std::uint64_t query = 0, background = 0; ///< after mapping, genes counted once
    std::vector<EnrichedSet> sets;           ///< by p-value
    std::uint64_t sets_tested = 0, sets_left_out = 0;
    std::string mapping; ///< MappedGenes::summary
    std::vector<std::string> warnings;
};

/// Throws UsageError (empty query or background, query outside it), Cancelled.
EnrichmentResult over_representation(const GeneSets& sets, const OverRepresentationRequest& request,
                                     JobContext& job);
EnrichmentResult ranked_enrichment(const GeneSets& sets, const RankedRequest& request, JobContext& job);

/// `set,description,size,overlap,fold,es,nes,pval,padj,genes`; columns that the method does not know are left
/// out.
std::string enrichment_csv(const EnrichmentResult& result);

} // namespace ember
