#pragma once
// Names in a split that the cells do not have.

#include <string>
#include <vector>

#include "core/experiment/labelled_cells.hpp"

namespace ember {

/// Faults BadSplit: a cell type or perturbation that no cell of its data set's files has, with the nearest
/// names. A warning where a held-out perturbation has cells, but not of that cell type, and where the control
/// is held out, which cell-load ignores.
void check_split_names(const SplitPlan& plan, const RunCells& cells, TrainingFaults& faults,
                       std::vector<std::string>& warnings);

} // namespace ember
