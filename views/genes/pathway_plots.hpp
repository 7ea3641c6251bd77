#pragma once
// Enriched gene sets as tables and plots.

#include "views/genes/gene_table.hpp"
#include "views/genes/pathway_choice.hpp"
#include "widgets/dot_plot_data.hpp"
#include "widgets/scatter_data.hpp"

namespace ember {

/// set, direction, genes of the query in it, its size, fold or score, p, padj.
std::vector<GeneTableColumn> pathwayColumns(const PathwayOutcome& outcome);

/// The leading sets, up beside down: size the share of the set's genes, colour −log10 of the adjusted p.
DotPlotData leadingSets(const PathwayOutcome& outcome, int most);

/// gene, log2FC, padj of the genes of a set.
std::vector<GeneTableColumn> memberColumns(const DifferentialOutcome& outcome, std::size_t table,
                                           const std::vector<int>& genes);

/// The volcano with the genes of a set in colour.
ScatterData volcanoOfSet(const DifferentialOutcome& outcome, std::size_t table, const QString& set,
                         const std::vector<int>& genes, double alpha, double effect);

} // namespace ember
