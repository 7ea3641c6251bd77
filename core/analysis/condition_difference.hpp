#pragma once
// Do the rows of a matrix (a prediction) differ between conditions more than under shuffled labels? Energy
// distance within cell type, a permutation test on the unit of replication, and a verdict in plain words.
//
// Per cell type the energy distances E(a, b) of all pairs of conditions are averaged with weights n_a·n_b and
// divided by twice the mean distance between conditions: the effect, 0 (the same) … 1 (each condition one
// point). Over cell types, numerators and denominators are averaged with the types' cells in the file. The
// V-statistic is above zero even for equal distributions; the mean under shuffled labels says by how much.
//
// Shuffled are the labels of whole replicates (mice) where there are enough of them, else of cells within
// their cell type. Cells are not replicates: cells that were predicted in one set share their context and one
// draw of control cells, which makes the p-value of shuffled cells too small. So a verdict of "differs" needs
// the effect to exceed the shuffled one by `smallest_effect`, too.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/schema_guess.hpp"
#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

enum class DifferenceVerdict { differs, does_not_differ, too_few_cells, one_group, not_tested };

/// "differs", "does_not_differ", "too_few_cells", "one_group", "not_tested".
const char* to_string(DifferenceVerdict verdict) noexcept;

struct ConditionDifferenceRequest {
    std::filesystem::path adata; ///< for the record, and the file that the CLI opens
    MatrixSource source;
    std::string group_col;     ///< the conditions (or time points, or cell types); empty: nothing is tested
    std::string within_col;    ///< cell types: compared and shuffled within each; empty: all cells together
    std::string replicate_col; ///< mice, donors: the unit of replication; empty: none known
    std::string block_col; ///< whole replicates are shuffled within its labels (time points); may be empty
    int permutations = 999;
    std::uint64_t max_cells = 2000; ///< sampled, spread evenly over cell type × condition
    std::uint64_t seed = 42;
    double alpha = 0.05;
    double smallest_effect = 0.02; ///< least excess of the effect over its shuffled mean that counts
};

/// One cell type.
struct GroupDifference {
    std::string group;
    DifferenceVerdict verdict = DifferenceVerdict::not_tested;
    std::uint64_t cells = 0;      ///< sampled
    double effect = 0;            ///< 0 … 1
    double shuffled_mean = 0;     ///< mean effect under shuffled labels
    double p = 1, p_adjusted = 1; ///< adjusted: Benjamini–Hochberg over the cell types tested
};

struct ConditionDifferenceResult {
    DifferenceVerdict verdict = DifferenceVerdict::not_tested;
    std::vector<std::string> labels; ///< conditions that were compared
    double effect = 0, shuffled_mean = 0;
    double p = 1; ///< (shuffles with at least this effect + 1) / (shuffles + 1)
    int permutations = 0;
    std::uint64_t sampled = 0, cells = 0;  ///< cells compared; cells with all labels in the file
    bool replicates_shuffled = false;      ///< unit: whole replicates; else single cells
    std::vector<std::uint64_t> replicates; ///< [labels] replicates per condition; empty when unknown
    double relabelings = 0;                ///< different ways to shuffle the unit
    std::vector<GroupDifference> groups;   ///< by cell type, in category order; empty without within_col
    /// Of the sampled cells' mean values, centred within cell type: share of their variance between
    /// conditions, and the largest |Cohen's d| of any pair of conditions.
    double eta_squared = 0, largest_d = 0;
    std::uint64_t without_label = 0;   ///< cells left out because a label is missing
    std::uint64_t nonfinite_rows = 0;  ///< sampled cells left out because a value is not finite
    std::vector<std::string> left_out; ///< cell types with too few cells for a comparison
};

/// Pert column within cell type, replicates where the schema knows them, in blocks of the time points.
ConditionDifferenceRequest difference_request(const AnnData& data, const MatrixSource& source,
                                              const Schema& schema);

/// The same for another column: time points are compared within cell type and shuffled within conditions,
/// cell types over all cells.
ConditionDifferenceRequest difference_request(const AnnData& data, const MatrixSource& source,
                                              const Schema& schema, const std::string& column);

/// Throws MissingMember, NotGroups, UsageError, Cancelled and the reader's errors. The same seed gives the
/// same result for any number of threads.
ConditionDifferenceResult compare_conditions(const AnnData& data, const ConditionDifferenceRequest& request,
                                             JobContext& job);

/// The verdict in plain English, the same in the window, on figures and on the command line.
struct DifferenceText {
    std::string title;    ///< "Predictions differ between Sham and Burn"
    std::string sentence; ///< effect first, then p, the unit of replication
    std::string remedy;   ///< may be empty
    std::string details;  ///< one line per cell type, then how it was tested
};
inline const std::string predictions_subject = "Predictions";
/// `subject` is a plural: `predictions_subject`, which are called a negative control when they do not differ,
/// or "Values of obsm/X_hvg".
DifferenceText describe(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result,
                        const std::string& subject = predictions_subject);

/// "By timepoint: no difference (effect 0.013, shuffled 0.014, p = 0.65)."
std::string describe_briefly(const ConditionDifferenceRequest& request,
                             const ConditionDifferenceResult& result);

nlohmann::json difference_json(const ConditionDifferenceRequest& request,
                               const ConditionDifferenceResult& result);

/// `group,verdict,cells,effect,shuffled_mean,p,p_adjusted`: "all", then the cell types; full precision.
std::string difference_csv(const ConditionDifferenceResult& result);

/// Writes differences.csv and a .json beside it that says how it was made into `folder`, which is made when
/// missing; returns the CSV's path. Throws CannotWrite, NoSpace, Cancelled.
std::filesystem::path write_difference(const ConditionDifferenceRequest& request,
                                       const ConditionDifferenceResult& result,
                                       const std::filesystem::path& folder, JobContext& job);

} // namespace ember
