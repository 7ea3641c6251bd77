#pragma once
// Which gene sets a differential expression result is rich in.

#include <memory>

#include "core/genes/enrichment.hpp"
#include "views/genes/differential_choice.hpp"

namespace ember {

/// Up and down genes apart (over-representation), or the whole ranking.
struct PathwayRequest {
    QString file;        ///< GMT; empty: the bundled pathways of the genes' species
    bool ranked = false; ///< by score
    double alpha = 0.05, effect = 1;
};

struct PathwayRow {
    QString direction; ///< "up", "down"
    EnrichedSet set;
};

struct PathwayOutcome {
    PathwayRequest request;
    std::shared_ptr<const GeneSets> sets;
    std::vector<std::pair<QString, EnrichmentResult>> results; ///< direction, result; ranked: one
    std::vector<PathwayRow> rows;                              ///< by adjusted p
    std::vector<std::string> mapped; ///< [genes of the comparison] in the naming of the sets; empty: none
    QStringList notes;               ///< mapping, background, warnings

    /// Genes of the comparison that are in this set.
    std::vector<int> members(const QString& set) const;
};

/// The background is all genes that were tested. A direction without genes is left out, which a note says.
/// Throws NotGmt, CannotRead, GeneSetsMissing, NoSets, UnknownSpecies, Cancelled.
PathwayOutcome find_pathways(const DifferentialOutcome& outcome, std::size_t table,
                             const PathwayRequest& request, JobContext& job);

/// All results as one CSV with a column `direction`.
std::string pathway_csv(const PathwayOutcome& outcome);

} // namespace ember
