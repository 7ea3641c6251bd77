#pragma once
// Which genes differ between groups of cells: Wilcoxon's rank sum test or Welch's t-test, on replicates
// (pseudobulk) or on cells. Definitions as scanpy's rank_genes_groups, but always corrected for ties unless
// the peer's way is asked for.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/schema_guess.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

/// automatic: Wilcoxon on cells, Welch's t on replicates (of three mice against three, ranks cannot tell more
/// than p = 0.1).
enum class GeneTest { automatic, wilcoxon, welch };

/// "automatic", "wilcoxon", "t-test".
const char* to_string(GeneTest test) noexcept;

/// What counts as one observation. Cells of one mouse are not independent, so replicates come first.
enum class TestUnit { automatic, replicates, cells };

/// "automatic", "replicates", "cells".
const char* to_string(TestUnit unit) noexcept;

struct DifferentialRequest {
    std::filesystem::path adata; ///< for the record
    MatrixSource source;         ///< log1p-normalised values [cells × genes]
    std::string groupby;
    std::vector<std::string> groups; ///< empty: all
    std::string reference = "rest";  ///< or one label of `groupby`
    GeneTest test = GeneTest::automatic;
    bool tie_correct = true;             ///< false: Wilcoxon on cells as scanpy does it by default
    std::string replicate_col;           ///< mice, donors; empty: none known
    TestUnit unit = TestUnit::automatic; ///< automatic: replicates where there is a replicate column
    std::vector<std::string>
        within; ///< one table for each combination of these columns' labels (cell type, time point)
    std::uint64_t least_cells = 3; ///< replicates with fewer cells in a group have no profile there
};

/// The perturbation column against its control, with the replicate column that the schema found.
DifferentialRequest differential_request(const AnnData& data, const MatrixSource& source,
                                         const Schema& schema);

/// One group against its reference in one stratum. Vectors are [genes], in the order of the matrix.
///
/// Of cells: `log_fold_change` is scanpy's, log2((expm1(mean of the group) + 1e-9) / (expm1(mean of the
/// reference) + 1e-9)), its interval by the delta method. Of replicates: each replicate with `least_cells`
/// cells has a profile, log(1 + mean of expm1 of its cells), which is what the mixture of its cells would
/// show on the scale of the data; `log_fold_change` is the difference of mean profiles in log2, to which
/// score, p and interval belong. Replicates with cells on both sides are compared with themselves (paired).
/// Means, standard deviations (divided by n − 1) and fractions of non-zero values are of cells always.
/// Genes with values that are not finite have NaN everywhere; genes that do not vary have score 0 and
/// p 1, or, where their means differ all the same, no t-test (NaN).
struct DifferentialTable {
    std::string group, reference;
    std::vector<std::string> within;            ///< label of each `within` column; empty: all cells
    std::uint64_t n_group = 0, n_reference = 0; ///< cells
    std::uint64_t replicates_group = 0, replicates_reference = 0; ///< 0: no replicate column
    TestUnit unit = TestUnit::cells;                              ///< what was tested
    GeneTest test = GeneTest::wilcoxon;                           ///< how
    bool paired = false;                                          ///< replicates with themselves
    bool tested = false;       ///< false: pval and padj are NaN, and `note` says why
    std::string note;          ///< "one mouse in Burn: no p-value"; may be empty
    std::vector<double> score; ///< z, or t
    std::vector<double> log_fold_change, pval, padj;
    std::vector<double> fraction_group, fraction_reference, mean_group, mean_reference, sd_group,
        sd_reference;
    /// 95 % interval of log_fold_change from the spread of the unit; NaN where there is one unit on a side.
    std::vector<double> low, high;
};

struct DifferentialResult {
    std::vector<std::string> genes;        ///< [genes]
    std::vector<DifferentialTable> tables; ///< strata slowest, groups in category order
    std::vector<std::string> warnings;
};

/// Throws MissingMember, NotGroups, UsageError, Cancelled and the reader's errors. A stratum or group that
/// cannot be tested is described in its note and in `warnings`; the rest is computed.
DifferentialResult differential_expression(const AnnData& data, const DifferentialRequest& request,
                                           JobContext& job);

/// Columns
/// `group,gene,score,log_fold_change,pval,padj,fraction_group,fraction_reference,mean_group,mean_reference,
/// sd_group,sd_reference,n_group,n_reference`, before them one column per `within` column; full precision;
/// per group by score, largest first.
std::string differential_csv(const DifferentialRequest& request, const DifferentialResult& result);

/// Indices of the genes by score, largest first, NaN last, equal ones in the order of the matrix.
std::vector<std::size_t> by_score(const DifferentialTable& table);

/// Parameters, what was compared and how, definitions, warnings; no values of genes.
nlohmann::json differential_json(const DifferentialRequest& request, const DifferentialResult& result);

/// Writes `csv` and beside it a .json with the provenance. Throws CannotWrite, NoSpace, CannotRead.
void write_differential(const DifferentialRequest& request, const DifferentialResult& result,
                        const std::filesystem::path& csv, JobContext& job);

} // namespace ember
