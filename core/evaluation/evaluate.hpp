#pragma once
// How good a prediction is against real cells: cell-eval's metrics, distances between distributions, and what
// a biologist asks (right cell type, right genes, right course in time), beside baselines that know nothing.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

struct MetricInfo {
    std::string name;    ///< column: "pearson_delta"
    std::string title;   ///< "Pearson of the change"
    std::string formula; ///< plain text
    std::string reason;  ///< what it tells and when it misleads
    bool larger_is_better = true;
    std::optional<double> target, aim; ///< lines to draw: NN distance 0.20 and 0.15
    bool of_cell_eval = false;
    bool ranked = true;        ///< false: neither large nor small is good (counts of genes, reference values)
    bool has_interval = false; ///< 95 % bootstrap interval of the prediction's value
};

/// All metrics, in the order of the columns of results.csv.
const std::vector<MetricInfo>& metric_catalogue();
const MetricInfo* find_metric(const std::string& name); ///< null when unknown

enum class Baseline { control_mean, perturbation_mean, identity, shuffled_labels };

/// "control_mean", "perturbation_mean", "identity", "shuffled_labels".
const char* to_string(Baseline baseline) noexcept;

/// Whose control cells the predicted change is measured from: the prediction's own (cell-eval's `run`), or
/// the real ones.
enum class ControlCells { predicted, real };

struct EvaluationRequest {
    std::filesystem::path adata_pred, adata_real; ///< for the record
    MatrixSource pred_source, real_source;        ///< log1p-normalised [cells × genes]
    std::string pert_col, control_pert;
    std::string celltype_col;  ///< empty: cell types are not told apart
    std::string time_col;      ///< ordered time points, for the temporal coherence; may be empty
    std::string replicate_col; ///< the bootstrap's unit; empty: cells
    ControlCells control = ControlCells::predicted;
    std::vector<std::string> skip_metrics;
    std::vector<std::string> only_metrics; ///< empty: all
    std::string profile =
        "full"; ///< cell-eval's: full (with ours), minimal, vcc, de, anndata, pds; cell-eval: its full alone
    std::filesystem::path de_pred, de_real; ///< differential expression made before; empty: computed
    std::optional<MatrixSource> pred_embedding, real_embedding; ///< for discrimination_score_l2 and _cosine
    bool allow_discrete = false;                                ///< counts are compared as they are
    double epsilon = 0;                  ///< added to both means before the log2 fold change
    std::uint64_t distance_cells = 1000; ///< MMD: at most so many cells of a side, drawn with the seed
    std::vector<Baseline> baselines = {Baseline::control_mean, Baseline::perturbation_mean,
                                       Baseline::identity, Baseline::shuffled_labels};
    int bootstrap = 200; ///< resamples for the intervals; 0: none
    std::uint64_t seed = 42;
};

/// NaN: not defined here (zero variance, too few cells).
struct MetricValue {
    double value = 0;
    double low = 0, high = 0; ///< 95 % bootstrap interval; NaN: none
};

struct EvaluationRow {
    std::string perturbation;
    std::string cell_type; ///< empty: all cells of the perturbation
    std::uint64_t cells_pred = 0, cells_real = 0;
    std::vector<MetricValue> values; ///< [columns]
};

/// A prediction's scores, or a baseline's.
struct Scores {
    std::string name;                         ///< "prediction", "control_mean" …
    std::vector<EvaluationRow> perturbations; ///< one per perturbation: results.csv
    std::vector<EvaluationRow> cell_types;    ///< one per perturbation × cell type
    std::vector<MetricValue> overall;         ///< [columns] mean over the perturbations
};

/// One perturbation against the control, each gene (pdex's definitions): Mann-Whitney U with ties and
/// continuity corrected, fold change of the geometric means. Vectors are [genes].
struct ControlTest {
    std::string perturbation;
    std::string cell_type; ///< empty: all cells
    std::uint64_t cells = 0, control_cells = 0;
    std::vector<double> mean, control_mean; ///< expm1 of the mean log1p value
    std::vector<double> log2_fold_change, percent_change, pval, statistic, fdr;
};

struct EvaluationResult {
    std::vector<std::string> columns; ///< metric names
    std::vector<std::string> genes;   ///< compared, in the real file's order
    Scores prediction;
    std::vector<Scores> baselines;
    std::vector<ControlTest> pred_de, real_de; ///< all cells first, then by cell type
    std::string unit;                  ///< of the intervals: "replicates (mouse)", "cells"; empty: none
    std::vector<std::string> notes;    ///< how it was done where that depends on the data
    std::vector<std::string> warnings; ///< perturbations on one side only, a group of one, zero variance …
};

/// A request filled with what the prediction's record (uns/emberview/infer) says and what the real file's
/// columns look like: values, perturbations, control, cell types, time points, replicates.
EvaluationRequest evaluation_request(const AnnData& pred, const AnnData& real);

/// The metrics that a request asks for, in the catalogue's order. Throws UsageError with the nearest names.
std::vector<std::string> chosen_metrics(const EvaluationRequest& request);

/// Memory: both matrices' stored values (8 bytes each, or 4 where dense is smaller) and group sums. Throws
/// MissingMember, NotGroups, UsageError, UnknownControl, GenesDiffer, ShapeMismatch, NotLogNormalised,
/// Cancelled and the reader's errors. What cannot be computed is NaN with a warning; the rest is computed.
EvaluationResult evaluate(const AnnData& pred, const AnnData& real, const EvaluationRequest& request,
                          JobContext& job);

} // namespace ember
