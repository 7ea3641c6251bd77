#pragma once
// What an evaluation writes: cell-eval's tables and ours.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/evaluation/evaluate.hpp"

namespace ember {

/// `perturbation`, then the metrics.
std::string results_csv(const std::vector<std::string>& columns, const std::vector<EvaluationRow>& rows);

/// cell-eval's describe table: `statistic`, then the metrics; rows count, null_count, mean, std, min, 25%,
/// 50%, 75%, max. Values that are not defined count as null.
std::string aggregate_csv(const std::vector<std::string>& columns, const std::vector<EvaluationRow>& rows);

/// `baseline,perturbation,cell_type,cells_pred,cells_real` and the metrics.
std::string baselines_csv(const EvaluationResult& result);

/// `perturbation,cell_type,metric,value,low,high`; rows of "all" are means over the perturbations.
std::string intervals_csv(const EvaluationResult& result);

/// pdex's columns: `target,feature,target_mean,ref_mean,target_membership,ref_membership,log2_fold_change,
/// percent_change,p_value,statistic,fdr`.
std::string control_tests_csv(const std::vector<std::string>& genes, const std::vector<ControlTest>& tests,
                              const std::string& cell_type);

/// Request, scores, baselines, notes, warnings and the definitions of the metrics.
nlohmann::json evaluation_json(const EvaluationRequest& request, const EvaluationResult& result);

/// Writes results.csv, agg_results.csv, real_de.csv, pred_de.csv (each once more per cell type with the
/// type's name and `_` before), cell_types.csv, baselines.csv, intervals.csv and evaluation.json, which says
/// how they were made, into a folder that is made when missing; returns the paths. Throws CannotWrite,
/// NoSpace, Cancelled.
std::vector<std::filesystem::path> write_evaluation(const EvaluationRequest& request,
                                                    const EvaluationResult& result,
                                                    const std::filesystem::path& folder, JobContext& job);

/// `eval_<checkpoint>` of the ST run that the prediction lies in, as `state tx predict` names it; empty when
/// it lies in none.
std::filesystem::path evaluation_folder(const AnnData& pred);

} // namespace ember
