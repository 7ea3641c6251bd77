#pragma once
// The metrics of one candidate in one slice (all cells, or one cell type) against the real cells.

#include <optional>

#include "core/evaluation/pair_distances.hpp"
#include "core/evaluation/score_sheet.hpp"

namespace ember {

/// One slice of the real cells, and what is computed once from it for all candidates.
struct RealSlice {
    std::int32_t type = every;
    std::string name;                 ///< of the cell type; empty: all cells
    std::vector<CellRows> rows;       ///< [perturbations + 1], the control last
    std::vector<ControlTest> tests;   ///< when wanted
    std::vector<MeanDistance> within; ///< [perturbations + 1] when wanted
    std::vector<double> edistance;    ///< [perturbations] to the control; when wanted
};

/// Means of all slices at once.
void score_means(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                 const GroupSums& pred, const GroupSums& real, JobContext& job);

/// discrimination_score_l2 and _cosine on means of an embedding, as cell-eval's embed_key.
void score_embedded_discrimination(ScoreSheet& sheet, const GroupSums& pred, const GroupSums& real);

/// What score_distances() needs of the real cells.
void measure_real_distances(RealSlice& slice, const ScoreSheet& sheet, const ComparedCells& cells,
                            JobContext& job);

/// Distances to the control, energy distances and MMD.
void score_distances(ScoreSheet& sheet, const ComparedCells& cells, const Candidate& candidate,
                     const RealSlice& real, const EvaluationRequest& request, JobContext& job);

} // namespace ember
