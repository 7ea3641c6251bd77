#pragma once
// Predictions of one to four models beside the real cells, as one value: metrics with their baselines, the
// change in every cell type, genes and pathways observed beside predicted, and verdicts in plain words.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/condition_difference.hpp"
#include "core/analysis/schema_guess.hpp"
#include "core/base/job.hpp"
#include "core/evaluation/change_agreement.hpp"
#include "core/evaluation/evaluate.hpp"
#include "core/evaluation/prediction_origin.hpp"
#include "core/evaluation/verdicts.hpp"
#include "core/genes/condition_response.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {

constexpr std::size_t most_models = 4;

struct ComparedPrediction {
    std::string name; ///< "st_wound"
    AnnDataPtr data;
    MatrixSource source;
    PredictionOrigin origin;
};

struct CompareRequest {
    AnnDataPtr real;
    MatrixSource real_source;                    ///< log1p-normalised [cells × genes]
    std::vector<ComparedPrediction> predictions; ///< one to four
    std::string pert_col, control_pert;
    std::string celltype_col, time_col, replicate_col, batch_col; ///< may be empty
    ChangeOptions change;
    int permutations = 999;          ///< of the comparison of conditions
    int top_genes = 8;               ///< in the condition table's texts
    std::filesystem::path gene_sets; ///< GMT; empty: the pathways that come with the program
    bool metrics = true, genes = true, pathways = true; ///< parts that may be left out
    std::uint64_t seed = 42;
};

/// Columns and control from `schema` (of the real cells), where a prediction's record does not say; matrices
/// as the records say, the real cells' the same member where they have it. Names as given, or the model's
/// folder, made different. Throws the reader's errors.
CompareRequest compare_request(AnnDataPtr real, const std::vector<AnnDataPtr>& predictions,
                               const Schema& schema, const std::vector<std::string>& names = {});

struct DataFacts {
    std::uint64_t cells = 0, genes = 0, compared_genes = 0;
    std::vector<std::pair<std::string, std::uint64_t>> perturbations, types, times; ///< cells of each
    std::uint64_t replicates = 0;                                                   ///< 0: unknown
};

struct ModelResult {
    std::string name;
    std::uint64_t cells = 0;
    PredictionOrigin origin;
    std::vector<std::string> missing, extra; ///< perturbations on one side only
    ConditionDifferenceRequest difference_request;
    ConditionDifferenceResult difference; ///< do its predictions differ between conditions?
    std::optional<EvaluationResult> evaluation;
    std::string evaluation_problem; ///< why there is none
};

/// Ranked enrichment of one change, observed beside predicted; sets by the smaller adjusted p.
struct ComparedPathway {
    std::string name;
    std::uint64_t size = 0;
    std::vector<double> nes, padj;    ///< [1 + models] observed first; NaN: not tested
    std::vector<std::string> leading; ///< genes of the observed leading edge
    std::string like;                 ///< an earlier set with mostly the same leading genes; empty: none
    std::uint64_t alike = 0;          ///< later sets that are like this one
};
struct PathwayTable {
    std::string perturbation, type; ///< type empty: mean of the cell types
    std::vector<ComparedPathway> rows;
};

struct CompareResult {
    DataFacts facts;
    std::string unit;        ///< plural of what was resampled: "mice", "replicates", "parts of the cells"
    std::uint64_t units = 0; ///< of the control and all perturbations
    std::vector<std::string> genes;
    std::vector<ModelResult> models;
    std::vector<PerturbationChange> changes;
    ConditionResponseRequest response_request;
    std::optional<ConditionResponse> response; ///< of the first perturbation
    std::vector<PathwayTable> pathways;
    std::string gene_sets; ///< name of those in use; empty: none
    std::vector<Verdict> verdicts;
    std::vector<std::string> warnings;
};

/// Throws UsageError, MissingMember, NotGroups, GenesDiffer, ResourceError, Cancelled and the reader's
/// errors. What can be left out is: with a warning.
CompareResult compare(const CompareRequest& request, JobContext& job);

/// `metric,title,larger_is_better,target,model,value,low,high`, baselines as further models; full precision.
std::string metrics_csv(const CompareResult& result);
/// `perturbation,cell_type,model,pearson,low,high,…`: a line per cell type × model, the baselines beside it.
std::string by_cell_type_csv(const CompareResult& result);
/// Genes that change, observed beside predicted, per stratum.
std::string condition_table_csv(const CompareResult& result);
std::string pathways_csv(const CompareResult& result);

nlohmann::json compare_json(const CompareRequest& request, const CompareResult& result);

/// Version, files with their hashes, parameters and seed.
nlohmann::json compare_provenance(const CompareRequest& request, const CompareResult& result,
                                  JobContext& job);

/// Writes the CSV files, verdicts.csv, verdicts.json and provenance.json into `folder`, which is made when
/// missing; returns their paths. Throws CannotWrite, NoSpace, Cancelled.
std::vector<std::filesystem::path> write_comparison(const CompareRequest& request,
                                                    const CompareResult& result,
                                                    const std::filesystem::path& folder, JobContext& job);

} // namespace ember
