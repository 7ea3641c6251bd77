#pragma once
// The condition table as tables and plots: observed beside predicted.

#include "views/genes/gene_table.hpp"
#include "views/genes/response_choice.hpp"
#include "widgets/dot_plot_data.hpp"
#include "widgets/heat_map_data.hpp"
#include "widgets/scatter_data.hpp"

namespace ember {

/// stratum, changed genes, and of each prediction the share of genes with equal direction and Pearson's
/// correlation, with their intervals.
std::vector<GeneTableColumn> strataColumns(const ResponseOutcome& outcome);

/// gene, observed effect with interval and padj; of each prediction its effect and whether it agrees.
std::vector<GeneTableColumn> stratumColumns(const ResponseOutcome& outcome, const ResponseStratum& stratum);

/// Predicted against observed log2 fold change; one category for each prediction.
ScatterData predictedAgainstObserved(const ResponseOutcome& outcome, const ResponseStratum& stratum);

/// The genes that changed most in any stratum, by the smallest adjusted p and the strongest score.
std::vector<std::size_t> leadingGenes(const ResponseOutcome& outcome, std::size_t most);

/// Genes × strata: colour the observed effect, size the share of cells that express the gene.
DotPlotData observedDots(const ResponseOutcome& outcome, const std::vector<std::size_t>& genes);

/// Genes × strata, observed, beside it as each prediction says; genes clustered.
HeatMapData effectMap(const ResponseOutcome& outcome, const std::vector<std::size_t>& genes);

/// "37 of 500 genes changed · st_wound: 97 % in the observed direction …".
QString describeStratum(const ResponseOutcome& outcome, const ResponseStratum& stratum);

} // namespace ember
