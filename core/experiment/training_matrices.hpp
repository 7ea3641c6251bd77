#pragma once
// The matrices that a run reads in each of its files.

#include <optional>
#include <vector>

#include "core/experiment/cell_rows.hpp"
#include "core/experiment/train_settings.hpp"

namespace ember {

struct TrainingMatrices {
    RowSource cells;                   ///< obsm[embed_key], or X
    std::optional<RowSource> counts;   ///< target of a gene decoder
    std::optional<RowSource> velocity; ///< obsm[velocity_key]
    std::vector<float> confidence;     ///< [cells] of all files, or empty
    std::int64_t gene_count = 0, hvg_width = 0;
    bool downsample_cells = false, downsample_counts = false; ///< values are counts, and fewer are wanted
};

/// Opens the matrices and checks that the files agree. A gene decoder has a target when there is an embed
/// key, and the output space is "all" (X), or "gene" with another key than X_hvg (obsm X_hvg), as in
/// arc-state. Faults: MissingMember (an obsm key or column, with what there is), ShapeMismatch (widths that
/// differ, both files named), NotNumbers.
TrainingMatrices open_matrices(const RunCells& cells, const DataSettings& settings, TrainingFaults& faults,
                               std::vector<std::string>& warnings, JobContext& job);

/// What the values of the cells make doubtful, where log-normalised genes are expected.
void judge_values(const SeenValues& range, const DataSettings& settings, std::vector<std::string>& warnings);

} // namespace ember
