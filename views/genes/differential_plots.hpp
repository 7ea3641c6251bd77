#pragma once
// A differential expression result as tables and plots.

#include "views/genes/differential_choice.hpp"
#include "views/genes/gene_table.hpp"
#include "widgets/dot_plot_data.hpp"
#include "widgets/scatter_data.hpp"

namespace ember {

/// Colours of genes that are up and down, the same in all plots.
QColor upColor();
QColor downColor();

/// gene, score, log2FC with its interval, p, padj, shares of cells, means and standard deviations.
std::vector<GeneTableColumn> differentialColumns(const DifferentialResult& result,
                                                 const DifferentialTable& table);

/// −log10 of the adjusted p against log2 fold change. p-values of 0 are drawn at the top.
ScatterData volcano(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                    double effect);
/// log2 fold change against the mean of both sides.
ScatterData meanDifference(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                           double effect);

/// The strongest genes of `table` (most up, most down) in all tables: size the share of cells, colour the
/// effect.
DotPlotData topGenes(const DifferentialResult& result, const DifferentialTable& table, double alpha,
                     std::size_t each_way = 8);

/// Indices of the genes with the largest |score|, of those that changed first.
std::vector<int> strongest(const DifferentialTable& table, const std::vector<int>& directions,
                           std::size_t most);

} // namespace ember
