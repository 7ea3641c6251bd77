#pragma once
// The cells of a prediction and the real ones, with genes and labels brought together by name.

#include <cstdint>
#include <string>
#include <vector>

#include "core/evaluation/cell_pool.hpp"
#include "core/evaluation/evaluate.hpp"

namespace ember {

/// One side's cells. All vectors are [cells]; numbers mean the same on both sides.
struct LabelledCells {
    std::vector<std::uint32_t> row; ///< of the pool
    std::vector<std::int32_t> pert; ///< index into ComparedCells::perts; perts.size(): the control
    std::vector<std::int32_t> type; ///< index into types
    std::vector<std::int32_t> time; ///< index into times
    std::vector<std::int32_t> unit; ///< replicate (numbered over both sides); empty: not known

    std::size_t size() const noexcept { return row.size(); }
    void add(const LabelledCells& from, std::size_t cell);
};

struct ComparedCells {
    CellPool pool{0};
    std::vector<std::string> genes;
    std::vector<std::string> perts; ///< on both sides, without the control, by code point
    std::vector<std::string> types; ///< on both sides; one nameless one without a cell type column
    std::vector<std::string> times; ///< in order; one nameless one without a time column
    LabelledCells pred, real;
    bool typed = false, timed = false;
    std::vector<std::string> warnings, notes;

    std::int32_t control() const noexcept { return static_cast<std::int32_t>(perts.size()); }
};

/// Reads both matrices and their labels. What is on one side only is left out and named in the warnings.
/// Throws as evaluate().
ComparedCells compare_cells(const AnnData& pred, const AnnData& real, const EvaluationRequest& request,
                            JobContext& job);

/// Names of the columns of a matrix, or empty where nothing says them: genes of X and layers, of raw, and of
/// an obsm member that is as wide as var or as its highly variable genes.
std::vector<std::string> named_columns(const AnnData& data, const MatrixSource& source);

/// Column of `real` for every column of `pred` (−1: none), both by name. Throws GenesDiffer, ShapeMismatch.
std::vector<std::int32_t> match_columns(const AnnData& pred, const MatrixSource& pred_source,
                                        const AnnData& real, const MatrixSource& real_source,
                                        std::vector<std::string>& genes, std::vector<std::string>& notes);

/// "day2" before "day10": labels by the numbers in them, then by code point.
bool natural_less(const std::string& a, const std::string& b);

} // namespace ember
