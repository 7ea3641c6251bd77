#pragma once
// Statistics of a prediction (or any matrix of cells), overall and by groups of cells, in one streaming pass.
// Definitions: mean, std (population, ddof 0), min, max over all values of the group's cells, zeros of sparse
// matrices included; sparsity: share of values with |x| <= threshold; magnitude: Euclidean norm of a cell's
// row. Non-finite values are left out of every figure and counted; figures that nothing is left for are NaN.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/job.hpp"
#include "core/data/anndata.hpp"

namespace ember {

struct GroupStatistics {
    std::string group; ///< category, or "Burn · day10" for crossed columns; "all" overall
    std::uint64_t cells = 0;
    double mean = 0, std = 0, min = 0, max = 0;
    double sparsity = 0;
    double magnitude_mean = 0;
    std::uint64_t nonfinite = 0; ///< values left out
    bool operator==(const GroupStatistics&) const = default;
};

struct GroupTable {
    std::vector<std::string> columns;      ///< obs columns crossed, one or more
    std::vector<GroupStatistics> groups;   ///< in category order; groups without cells are left out
    std::uint64_t cells_without_group = 0; ///< cells with a missing label
    std::string name() const;              ///< "condition" or "condition×timepoint"
};

struct StatisticsRequest {
    std::filesystem::path adata;
    MatrixSource source;
    std::vector<std::vector<std::string>> by; ///< each a crossing of obs columns
    double threshold = 0;
    int histogram_bins = 60;
    bool keep_cells = false; ///< fill StatisticsResult::figures and ::group, for statistics of selected cells
};

/// What one cell contributes: statistics of any set of cells follow from these without another pass.
struct CellFigures {
    double sum = 0;                      ///< Σ (x − StatisticsResult::shift) over finite values
    double squares = 0;                  ///< Σ (x − mean of this cell)²
    double min = 0, max = 0;             ///< meaningless when finite == 0
    std::uint32_t finite = 0, below = 0; ///< finite values; those that count as zero
};

/// Distribution of the cells' magnitudes, split by the groups of the first table.
struct MagnitudeHistogram {
    std::vector<double> edges; ///< [bins + 1]
    std::vector<std::string> groups;
    std::vector<std::vector<std::uint64_t>> counts; ///< [groups][bins]
};

struct StatisticsResult {
    GroupStatistics overall;
    std::vector<GroupTable> tables; ///< in the order of StatisticsRequest::by
    std::vector<float> magnitude;   ///< [cells] Euclidean norm of each row
    MagnitudeHistogram histogram;   ///< "all" when no grouping was asked for
    std::uint64_t rows = 0, cols = 0;
    double shift = 0;                             ///< near the middle of the data
    std::vector<CellFigures> figures;             ///< [cells], only when keep_cells
    std::vector<std::vector<std::int32_t>> group; ///< [tables][cells] index into groups; -1: none
};

/// One pass over the matrix, sums in double precision. Throws the reader's errors and `NotGroups`.
StatisticsResult compute_statistics(const StatisticsRequest& request, JobContext& job);

/// The same on an open data set (the window has it open already).
StatisticsResult compute_statistics(const AnnData& data, const StatisticsRequest& request, JobContext& job);

/// CSV with the header `group,cells,mean,std,min,max,sparsity,magnitude_mean`, full precision.
std::string statistics_csv(const std::vector<GroupStatistics>& rows);

/// {"overall": {…}, "<column>": {"<group>": {…}}}; figures of groups without finite values are null. A column
/// that is called "overall" itself becomes "obs/overall".
nlohmann::json statistics_json(const StatisticsResult& result);

/// Writes overall.csv, by_<column>.csv (by_<a>_<b>.csv for crossed columns) and a .json beside each that says
/// how it was made, into `folder`, which is made when missing; returns the CSV paths. Hashes the input file
/// (`request.adata`). Throws CannotWrite, NoSpace, Cancelled.
std::vector<std::filesystem::path> write_statistics(const StatisticsRequest& request,
                                                    const StatisticsResult& result,
                                                    const std::filesystem::path& folder, JobContext& job);
std::vector<std::filesystem::path> write_statistics(const StatisticsRequest& request,
                                                    const StatisticsResult& result,
                                                    const std::filesystem::path& folder);

} // namespace ember
