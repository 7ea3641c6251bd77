#pragma once
// A planned batch with its values.

#include <memory>
#include <vector>

#include "core/experiment/cell_rows.hpp"
#include "core/experiment/set_plan.hpp"
#include "core/experiment/training_data.hpp"

namespace ember {

/// The matrices of a run; `counts` and `velocity` may be null.
struct RunRows {
    CellRowsPtr targets, controls, counts, velocity;
    std::vector<float> confidence;                            ///< [cells] or empty
    double downsample = 1;                                    ///< share of the counts kept
    bool downsample_cells = false, downsample_counts = false; ///< whose values are counts
};

/// Fills `batch` with the sets of a plan.
void fill_batch(const PlannedBatch& planned, const RunCells& cells, const DividedCells& divided,
                const SetPlanSettings& settings, std::int64_t number, const RunRows& rows,
                TrainingBatch& batch, JobContext& job);

} // namespace ember
