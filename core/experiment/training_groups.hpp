#pragma once
// Which cells train, validate and test, in groups of one cell type and perturbation (cell-load 0.10.4).

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/experiment/labelled_cells.hpp"

namespace ember {

/// Cells of one file, cell type and perturbation; with batch pairing of one batch too.
struct CellGroup {
    std::uint32_t file = 0;
    std::int32_t cell_type = 0, perturbation = 0, batch = -1;
    std::uint32_t pool = 0;             ///< of DividedCells::pools: its controls
    std::uint64_t first = 0, count = 0; ///< of SplitCells::cells
};

struct SplitCells {
    std::vector<CellGroup> groups;
    std::vector<std::uint32_t> cells; ///< of each group, ascending
};

struct DividedCells {
    std::array<SplitCells, 3> splits; ///< by Split
    std::vector<std::vector<std::uint32_t>> pools;
    bool val_is_test = false; ///< there was no validation data
    const SplitCells& of(Split split) const { return splits[static_cast<std::size_t>(split)]; }
};

/// cell-load's rules: a zero-shot cell type's perturbed cells go to their split and its controls to training
/// too; a few-shot cell type's controls are members of each of its splits; without validation cells the test
/// cells validate. Controls are targets when `yield_controls`. Controls are paired within file and cell type
/// (and batch); where there is none: same file and cell type, same cell type, same file, any, with a warning.
/// Faults: BadSplit (names that no file has, nothing to train on), TooFewCells.
DividedCells divide_cells(const SplitPlan& plan, const DataSettings& settings, const RunCells& cells,
                          TrainingFaults& faults, std::vector<std::string>& warnings, JobContext& job);

/// "Mac, Burn", with its batch where groups have one.
std::string group_name(const CellGroup& group, const RunCells& cells);

} // namespace ember
