#pragma once
// Which gene sets are over-represented among chosen genes (hypergeometric), or lie at an end of a ranking
// (pre-ranked gene set enrichment analysis, Subramanian et al. 2005).

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/genes/gene_sets.hpp"

namespace ember {

struct OverRepresentationRequest {
    std::vector<std::string> query;             ///< chosen genes
    std::vector<std::string> background;        ///< the genes that could have been chosen: all tested ones
    std::uint64_t smallest = 1, largest = 5000; ///< genes of a set inside the background
    /// Correct for the sets that share a gene with the query only, as gseapy and Enrichr do. That counts too
    /// few tests: which sets are tested then depends on the query.
    bool overlapping_only = false;
};

struct RankedRequest {
    std::vector<std::string> genes; ///< with `scores`: all tested genes
    std::vector<double> scores;     ///< [genes]; NaN are left out, ties keep their order
    std::uint64_t smallest = 5, largest = 500;
    int permutations = 1000;
    double weight = 1; ///< exponent of |score|
    std::uint64_t seed = 42;
};

struct EnrichedSet {
    std::string name, description;
    std::uint64_t size = 0;         ///< genes of the set inside the background
    std::uint64_t overlap = 0;      ///< over-representation: in the query; ranked: leading edge
    double fold = 0;                ///< over-representation: (overlap / query) / (size / background)
    double odds_ratio = 0;          ///< over-representation: sample odds ratio, may be infinite
    double es = 0, nes = 0;         ///< ranked: (normalised) enrichment score
    double pval = 1, padj = 1;      ///< Benjamini–Hochberg over the sets tested
    std::vector<std::string> genes; ///< overlap, or leading edge, by rank
};

struct EnrichmentResult {
    std::string method;                      ///< "hypergeometric", "ranked"
    std::uint64_t query = 0, background = 0; ///< after mapping, genes counted once
    std::vector<EnrichedSet> sets;           ///< by p-value (ranked: by padj, then |nes|)
    std::uint64_t sets_tested = 0, sets_left_out = 0;
    std::string mapping; ///< MappedGenes::summary
    std::vector<std::string> warnings;
};

/// Brings the genes of a request into the naming of the sets: genes without a counterpart are left out, of
/// several with one counterpart the first stays (in a ranking the one with the largest |score|). `given`
/// says what the names are; where it knows neither, they are recognised. Returns MappedGenes::summary, empty
/// when nothing had to be mapped. Throws UsageError when no gene, or no chosen gene, has a counterpart.
std::string match_naming(OverRepresentationRequest& request, const GeneSets& sets, GeneNaming given = {});
std::string match_naming(RankedRequest& request, const GeneSets& sets, GeneNaming given = {});

/// P(overlap or more) when as many genes are drawn from the background without replacement. Names must be
/// those of the sets; see match_naming. Throws UsageError (empty query or background, query outside it),
/// Error `NoSets` (no set has a gene in the background, or none has the size asked for), Cancelled.
EnrichmentResult over_representation(const GeneSets& sets, const OverRepresentationRequest& request,
                                     JobContext& job);

/// Enrichment score: the largest deviation of the running sum over the ranking, up by |score|^weight / sum at
/// a gene of the set, down by 1 / (genes − size) at others. The null is that of random sets of the same size;
/// nes = es / mean of the null on its side; pval = (as extreme on its side + 1) / (on its side + 1). Sets of
/// one size share their random sets; the same seed gives the same numbers on any number of threads. Throws
/// UsageError (empty or unequal lists, constant scores), Error `NoSets`, Cancelled.
EnrichmentResult ranked_enrichment(const GeneSets& sets, const RankedRequest& request, JobContext& job);

/// `set,description,size,overlap,fold,es,nes,pval,padj,genes`; columns that the method does not know are left
/// out. Genes are separated by ";".
std::string enrichment_csv(const EnrichmentResult& result);

/// Everything, with the definitions.
nlohmann::json enrichment_json(const EnrichmentResult& result);

/// Writes the table and, beside it as .json, how it was made. Throws CannotWrite, NoSpace.
void write_enrichment(const EnrichmentResult& result, const GeneSets& sets, const nlohmann::json& parameters,
                      const std::filesystem::path& csv);

/// "Over-representation (hypergeometric): 120 chosen genes against a background of 500; 2,031 sets tested,
/// 473 left out by size": what must stand above the table.
std::string enrichment_header(const EnrichmentResult& result);

} // namespace ember
