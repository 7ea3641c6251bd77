#pragma once
// Gene names as arc-state keeps them, and whether the files of a run agree about them.

#include <string>
#include <vector>

#include "core/experiment/labelled_cells.hpp"

namespace ember {

/// cell-load's get_gene_names: `var/gene_name`, else the names of var; with output space "gene" only those
/// marked in `var/highly_variable`, else `uns/hvg_names` where there is such a list.
std::vector<std::string> gene_names_of(const AnnData& data, const std::string& output_space);

/// The names of the first file. Where a matrix has a column per gene (all but an embedding that is predicted
/// as such), they must be the same in the same order in each file: genes are read by position, and nothing is
/// reordered; a fault ShapeMismatch names both files and the first difference.
std::vector<std::string> common_gene_names(const RunCells& cells, const DataSettings& settings,
                                           TrainingFaults& faults, JobContext& job);

} // namespace ember
