#pragma once
// Statistics of the selected cells, from what the pass over the matrix kept of every cell: no file is read.

#include <cstdint>
#include <vector>

#include "core/analysis/prediction_statistics.hpp"
#include "core/base/cell_selection.hpp"

namespace ember {

struct SelectionSummary {
    GroupStatistics selected;                               ///< the same figures as of a group
    std::vector<std::vector<std::uint64_t>> cells_by_group; ///< [tables][groups] selected cells
    std::vector<std::uint64_t> magnitudes;                  ///< [bins] in the bins of the result's histogram
};

/// The cells' places in the histogram of magnitudes, once per result.
std::vector<std::uint16_t> magnitude_bins(const StatisticsResult& result);

/// `result` with its cells kept (StatisticsRequest::keep_cells), `bins` of that result, a selection of its
/// size. Linear in the words of the selection plus the cells selected; the same for any number of threads.
SelectionSummary summarise_selection(const CellSelection& selection, const StatisticsResult& result,
                                     const std::vector<std::uint16_t>& bins);

/// The cells of one group of a table.
CellSelection cells_of_group(const StatisticsResult& result, std::size_t table, std::size_t group);

} // namespace ember
