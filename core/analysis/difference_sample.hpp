#pragma once
// The cells that a comparison of conditions looks at: a seeded sample, spread evenly over cell type ×
// condition.

#include <string>
#include <vector>

#include "core/analysis/condition_difference.hpp"

namespace ember {

struct DifferenceSample {
    std::uint64_t cols = 0;
    std::vector<float> values;                  ///< [sampled cells × cols]
    std::vector<std::uint64_t> cells;           ///< [sampled] rows of the file, ascending
    std::vector<std::int32_t> condition;        ///< [sampled] index into `conditions`
    std::vector<std::int32_t> type;             ///< [sampled] index into `types`
    std::vector<std::int32_t> replicate;        ///< [sampled]; empty without a replicate column
    std::vector<std::int32_t> block;            ///< [sampled]; empty without a block column
    std::vector<std::string> conditions, types; ///< with enough cells
    std::vector<double> type_cells;             ///< [types] cells in the file
    std::vector<std::string> left_out;          ///< types without two conditions of enough cells
    std::uint64_t labelled = 0, without_label = 0, nonfinite_rows = 0;
    std::size_t conditions_in_file = 0;
    bool mostly_small = false; ///< most labelled cells are in strata of too few cells
};

/// A stratum counts from this many cells on.
constexpr std::uint64_t least_cells_per_stratum = 5;

DifferenceSample draw_sample(const AnnData& data, const ConditionDifferenceRequest& request, JobContext& job);

} // namespace ember
