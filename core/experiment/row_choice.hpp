#pragma once
// Where the rows of a matrix come from while training.

#include <cstdint>

#include "core/experiment/cell_rows.hpp"
#include "core/experiment/train_settings.hpp"

namespace ember {

struct RowChoice {
    RowPlace place = RowPlace::memory;
    std::uint64_t resident_bytes = 0; ///< estimated
    std::uint64_t disk_bytes = 0;     ///< of the copies that must be made first
};

/// Bytes that cells may take in memory: the setting, or a quarter of the machine's memory.
std::uint64_t memory_budget(const DataSettings& settings);

/// Memory where the used rows fit the budget; else the file where all parts lie row by row; else a copy, or
/// windows, as settings.shuffle says (but a matrix stored by columns is copied in any case).
RowChoice choose_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, const DataSettings& settings, JobContext& job);

/// Opens the rows at their place: reads them, or makes the copies. A copy is opened only when it is needed,
/// so that rows found too large for the memory are read from elsewhere; `choice` says what came of it. Places
/// `windows` gets the windows of `source`.
CellRowsPtr open_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, const DataSettings& settings, RowChoice& choice,
                      SeenValues& range, JobContext& job);

} // namespace ember
