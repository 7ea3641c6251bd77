#pragma once
// Which cells are drawn together when the data is resampled: the cells of a replicate (mouse, donor), or,
// where none is known, random groups of cells.

#include <cstdint>
#include <string>
#include <vector>

#include "core/evaluation/score_sheet.hpp"

namespace ember {

/// Cells of one group (perturbation × cell type × time point) and one unit.
struct ResamplePart {
    std::size_t group = 0, block = 0, unit = 0; ///< unit: its number inside the block
};

/// Units are drawn with replacement inside their block: a perturbation, or a perturbation at a time point
/// where each has several replicates; with groups of cells a group. The same units of a prediction and of the
/// real cells are drawn together.
struct ResamplePlan {
    std::vector<ResamplePart> parts;
    std::vector<std::int32_t> pred, real; ///< part of each cell
    std::vector<std::size_t> block_units; ///< [blocks]
    std::vector<bool> enough;             ///< [perturbations + 1] there are several units
    std::string unit;                     ///< "replicates (mouse)", "cells (in 30 random groups)"

    /// How often each part is drawn in resample `number`.
    std::vector<double> weights(std::uint64_t seed, std::uint64_t number) const;
};

/// `pred` are the candidate's cells.
ResamplePlan plan_resampling(const ComparedCells& cells, const LabelledCells& pred,
                             const std::string& replicate_col, std::uint64_t seed);

/// Intervals of all metrics that have one: the value ± 1.96 standard errors of `request.bootstrap` resamples
/// (of correlations on Fisher's z scale, of errors and distances on the log scale).
/// `nearest`, `own_type`: values of each predicted cell, may be empty. False, and no intervals, where the
/// sums of the parts would need more than 512 MiB on a side or the control has one unit only.
bool score_intervals(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                     const ResamplePlan& plan, const std::vector<double>& nearest,
                     const std::vector<double>& own_type, const EvaluationRequest& request, JobContext& job);

} // namespace ember
