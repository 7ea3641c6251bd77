#pragma once
// Rows of one matrix of all files of a run, by the cells' global numbers.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/labelled_cells.hpp"
#include "core/experiment/row_windows.hpp"

namespace ember {

/// Where rows are read from while training.
enum class RowPlace {
    memory,    ///< kept, dense or sparse, whichever is smaller
    file,      ///< contiguous storage of the file, by direct reads
    row_cache, ///< an uncompressed copy in the user's cache, made once
    windows,   ///< windows of chunks, decoded when needed and kept while there is room
};

/// "memory", "file", "row cache" or "chunk windows".
const char* to_string(RowPlace place) noexcept;

/// Thread-safe.
class CellRows {
public:
    virtual ~CellRows();
    virtual std::int64_t width() const = 0;
    virtual std::uint64_t resident_bytes() const = 0; ///< at most, while training
    virtual RowPlace place() const = 0;
    /// Dense copies [cells × width], in any order, with repeats. Throws the reader's errors, BadValue (a
    /// value that is no number: file, row, column) unless it is allowed, Cancelled.
    virtual void gather(std::span<const std::uint32_t> cells, std::span<float> out,
                        JobContext& job) const = 0;
};
using CellRowsPtr = std::shared_ptr<const CellRows>;

/// One matrix in each file of a run.
struct RowSource {
    std::string name;             ///< plural, for progress: "cells"
    std::vector<MatrixPtr> parts; ///< one per file
    bool only_numbers = true;     ///< NaN and infinity are errors
    std::int64_t width() const { return static_cast<std::int64_t>(parts.front()->cols()); }
};

/// What is known of the values that were looked at.
struct SeenValues {
    float low = 0, high = 0;
    bool whole = true; ///< all of them whole numbers
    void add(std::span<const float> values) noexcept;
};

/// Keeps the used rows in memory; null when they need more than `budget` bytes. One pass over the files, with
/// progress.
CellRowsPtr keep_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, SeenValues& range, JobContext& job);

/// Bytes that keep_rows() would need, from the storage and a sample of rows of each file.
std::uint64_t kept_bytes(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                         JobContext& job);

/// Reads rows from the files when they are asked for.
CellRowsPtr rows_in_files(const RunCells& cells, RowSource source, RowPlace place);

/// Decodes windows when a row of theirs is asked for, and keeps `budget` bytes of them, at least two windows.
CellRowsPtr windowed_rows(const RunCells& cells, RowSource source, std::shared_ptr<const RowWindows> windows,
                          std::uint64_t budget);

/// Windows of whole chunks, of some 16 MiB of decoded rows each.
std::shared_ptr<const RowWindows> chunk_windows(const RunCells& cells, const RowSource& source);

/// Looks at some rows of each file, evenly spread.
void sample_values(const RunCells& cells, const RowSource& source, SeenValues& range, JobContext& job);

/// Throws BadValue when one of `values` [rows × width] is no number; `rows` are global cells.
void require_numbers(const RunCells& cells, const RowSource& source, std::span<const std::uint32_t> rows,
                     std::span<const float> values);

} // namespace ember
