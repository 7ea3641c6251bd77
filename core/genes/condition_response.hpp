#pragma once
// The condition table: one condition against another for each cell type × time point, observed beside
// predicted.

#include <string>
#include <vector>

#include "core/genes/differential_expression.hpp"

namespace ember {

/// A prediction of the same cells, row by row, or of other cells with the same labels.
struct PredictedCells {
    std::string name; ///< "st_wound"
    AnnDataPtr data;
    MatrixSource source; ///< [cells × genes]
};

struct ConditionResponseRequest {
    MatrixSource source;                    ///< of the observed cells
    std::string pert_col, group, reference; ///< "condition", "Burn", "Sham"
    std::vector<std::string> strata;        ///< {"cell_type", "timepoint"}
    std::string replicate_col;
    TestUnit unit = TestUnit::automatic;
    GeneTest test = GeneTest::automatic;
    double alpha = 0.05;
    /// Agreement of direction is counted over the genes with padj < alpha, or, where fewer than ten are, over
    /// this many by |score|.
    std::uint64_t top_genes = 50;
    int bootstrap = 400; ///< resamples for the interval of Pearson's correlation
    std::uint64_t seed = 42;
};

/// How a prediction's log fold changes agree with the observed ones in one stratum.
struct ResponseAgreement {
    std::uint64_t genes = 0;   ///< counted
    double same_direction = 0; ///< share of them with equal sign; NaN when none
    double low = 0, high = 0;  ///< 95 % interval (Wilson) of that share
    double pearson = 0;        ///< of mean differences over all genes; NaN when constant
    /// 95 %, bootstrap over replicates where both sides have two at least, else over random tenths of the
    /// cells (see change_blocks.hpp); NaN where that fails too.
    double pearson_low = 0, pearson_high = 0;
    double slope = 0; ///< predicted against observed mean difference, through the origin
};

struct ResponseStratum {
    std::vector<std::string> labels; ///< of the strata columns: "Neu", "day10"
    DifferentialTable observed;
    std::vector<DifferentialTable> predicted; ///< [predictions]
    std::vector<ResponseAgreement> agreement; ///< [predictions]
};

struct ConditionResponse {
    std::vector<std::string> genes; ///< common to observed and predicted, in the observed order
    std::vector<std::string> predictions;
    std::vector<ResponseStratum> strata;
    std::vector<std::string> warnings;
};

/// Throws MissingMember, NotGroups, UsageError, GenesDiffer, Cancelled and the reader's errors.
ConditionResponse condition_response(const AnnData& observed, const std::vector<PredictedCells>& predictions,
                                     const ConditionResponseRequest& request, JobContext& job);

/// Columns: one per strata column, then
/// `gene,observed,observed_low,observed_high,observed_score,observed_pval,observed_padj` and
/// `NAME,NAME_low,NAME_high,NAME_score,NAME_same_direction` of each prediction; log2 fold changes; genes by
/// the observed score, largest first.
std::string condition_response_csv(const ConditionResponseRequest& request,
                                   const ConditionResponse& response);

/// One row for each stratum and prediction: cells, replicates and ResponseAgreement.
std::string response_agreement_csv(const ConditionResponseRequest& request,
                                   const ConditionResponse& response);

/// Parameters, agreement of each stratum, definitions, warnings; no values of genes.
nlohmann::json condition_response_json(const ConditionResponseRequest& request,
                                       const ConditionResponse& response);

/// Writes `csv`, beside it NAME_agreement.csv and a .json with the provenance; returns the tables' paths.
/// Throws CannotWrite, NoSpace, CannotRead.
std::vector<std::filesystem::path>
write_condition_response(const AnnData& observed, const std::vector<PredictedCells>& predictions,
                         const ConditionResponseRequest& request, const ConditionResponse& response,
                         const std::filesystem::path& csv, JobContext& job);

} // namespace ember
