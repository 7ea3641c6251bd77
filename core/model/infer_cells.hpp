#pragma once
// The cells that are predicted: those of the file after the options that add and drop cells.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/infer.hpp"
#include "core/data/anndata.hpp"
#include "core/model/infer_labels.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

/// Row i is a cell of the output: a cell of the file, or a copy of one under another perturbation label. Its
/// cell type and batch are those of the copied cell.
struct CellsToPredict {
    std::vector<std::uint64_t> source; ///< row of the file
    std::vector<std::uint32_t> pert;   ///< code in `pert_names`
    std::vector<std::string> pert_names;
    std::vector<std::string> names; ///< of all cells; empty when none was added
    bool edited = false;            ///< differs from the file's cells
    bool relabelled = false;        ///< some cell has another label than its source
};

/// Applies --tsv, --celltypes, --all-perts, --min-cells and --max-cells in arc-state's order, with its random
/// numbers. Throws UsageError, BadTable (the TSV), NoCells (nothing is left); warns of cell types that the
/// data lack.
CellsToPredict choose_cells(const InferRequest& request, const AnnData& data, const CellLabels& perts,
                            const CellLabels& cell_types, const std::string& control, const RunDirectory& run,
                            std::vector<std::string>& warnings);

} // namespace ember
