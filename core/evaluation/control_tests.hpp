#pragma once
// Each perturbation against the control, gene by gene, with pdex's definitions: Mann-Whitney U, asymptotic,
// ties and continuity corrected; fold change of geometric means; false discovery rate by Benjamini and
// Hochberg over the genes of a perturbation.

#include <filesystem>

#include "core/evaluation/score_sheet.hpp"

namespace ember {

struct ControlTestOptions {
    double epsilon = 0;    ///< added to both means before the fold change
    bool discrete = false; ///< values are counts: means of log(1 + x)
};

/// `rows`: rows of the pool by perturbation, the control last, as rows_by_pert(). One table for each of
/// `perts`; none where it or the control has no cells.
std::vector<ControlTest> control_tests(const ComparedCells& cells,
                                       const std::vector<std::vector<std::uint32_t>>& rows,
                                       const std::vector<std::int32_t>& perts, const std::string& cell_type,
                                       const ControlTestOptions& options, JobContext& job);

/// Tables that were made before: a CSV with the columns target, feature, log2_fold_change, p_value and fdr.
/// Perturbations and genes that are not compared are left out; missing genes get p = FDR = 1 and no change.
/// Throws CannotRead, Error `BadTable`.
std::vector<ControlTest> read_control_tests(const std::filesystem::path& file, const ComparedCells& cells);

/// How the predicted tables agree with the real ones of the same slice; a perturbation may be missing on a
/// side.
void score_tests(ScoreSheet& sheet, const ComparedCells& cells, std::int32_t type,
                 const std::vector<ControlTest>& pred, const std::vector<ControlTest>& real);

} // namespace ember
