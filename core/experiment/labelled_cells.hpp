#pragma once
// The files of a run, one below the other, and the labels of their cells.

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"
#include "core/experiment/split_file.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/experiment/training_faults.hpp"

namespace ember {

struct RunFile {
    AnnDataPtr data;
    std::size_t dataset = 0;      ///< in SplitPlan::datasets
    std::uint32_t first_cell = 0; ///< number of its first cell
    std::uint32_t cells = 0;
    std::string name() const { return data->path().string(); }
};

struct RunCells {
    std::vector<RunFile> files;
    /// Sorted, unique, over the categories of all files, unused ones included.
    std::vector<std::string> perturbations, cell_types, batches;
    std::vector<std::int32_t> perturbation, cell_type, batch; ///< [cells] rows of the above; -1: missing
    std::int32_t control = -1;                                ///< row of perturbations

    std::uint32_t cells() const { return static_cast<std::uint32_t>(perturbation.size()); }
    std::size_t file_of(std::uint32_t cell) const;
};

/// Opens the files and reads the three label columns. Faults: CannotRead and the errors of opening,
/// MissingMember (no such column, with the nearest), NotGroups, UnknownControl (no cell has that label).
RunCells label_cells(const SplitPlan& plan, const DataSettings& settings, TrainingFaults& faults,
                     std::vector<std::string>& warnings, JobContext& job);

} // namespace ember
