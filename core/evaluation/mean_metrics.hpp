#pragma once
// Metrics of mean expression: how far means and changes are from the real ones, and which perturbation a
// predicted change is nearest to.

#include <cstdint>
#include <string>
#include <vector>

#include "core/evaluation/group_sums.hpp"

namespace ember {

/// NaN: not defined.
struct MeanMetrics {
    double pearson_delta = 0, mse = 0, mae = 0, mse_delta = 0, mae_delta = 0;
    double perturbation_correlation = 0, gene_correlation = 0, temporal_coherence = 0;
};

struct MeanOptions {
    bool controls_predicted = true; ///< false: the prediction's control cells are the real ones
};

/// One perturbation in one cell type, or `every`.
MeanMetrics mean_metrics(const GroupSums& pred, const GroupSums& real, std::int32_t pert, std::int32_t type,
                         const MeanOptions& options);

/// Distances that discrimination scores rank by.
enum class EffectDistance { l1, l2, cosine };

/// [perturbations] 1 − rank / perturbations of the perturbation itself among the real changes, nearest first;
/// equal distances by index. `pred`, `real`: changes [perturbations][features], empty where there are no
/// cells (NaN). `left_out`: feature not looked at for each perturbation (the gene called like it), −1: none.
std::vector<double> discrimination_scores(const std::vector<std::vector<double>>& pred,
                                          const std::vector<std::vector<double>>& real,
                                          const std::vector<std::int64_t>& left_out, EffectDistance distance);

} // namespace ember
