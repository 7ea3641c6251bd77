#include "core/experiment/row_choice.hpp"

#include <new>

#include <unistd.h>

#include "core/experiment/row_cache.hpp"

namespace ember {

namespace {

std::uint64_t cache_limit(const DataSettings& settings) {
    constexpr std::uint64_t usual = std::uint64_t{64} << 30;
    return settings.row_cache_bytes > 0 ? static_cast<std::uint64_t>(settings.row_cache_bytes) : usual;
}

RowChoice outside_memory(const RunCells& cells, const RowSource& source, std::uint64_t budget,
                         const DataSettings& settings, JobContext& job) {
    RowChoice choice;
    std::uint64_t copies = 0;
    bool contiguous = true, by_columns = false;
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        if (source.parts[f]->info().contiguous) {
            continue;
        }
        contiguous = false;
        by_columns = by_columns || source.parts[f]->info().encoding == MatrixEncoding::csc;
        const std::uint64_t bytes = row_cache_bytes(*source.parts[f], job);
        copies += bytes;
        if (!has_row_cache(*cells.files[f].data, *source.parts[f])) {
            choice.disk_bytes += bytes;
        }
    }
    const bool too_large = settings.shuffle == CellShuffle::automatic && copies > cache_limit(settings);
    // A window of a matrix stored by columns would cost a pass over all of it.
    if (!by_columns && (settings.shuffle == CellShuffle::windows || (!contiguous && too_large))) {
        choice = {RowPlace::windows, budget, 0};
    } else {
        choice.place = contiguous ? RowPlace::file : RowPlace::row_cache;
    }
    return choice;
}

/// The files' own matrices where they lie row by row, else their copies.
RowSource with_copies(const RunCells& cells, RowSource source, std::uint64_t most, JobContext& job) {
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        if (!source.parts[f]->info().contiguous) {
            source.parts[f] = open_row_cache(*cells.files[f].data, source.parts[f], most, job);
        }
    }
    return source;
}

} // namespace

std::uint64_t memory_budget(const DataSettings& settings) {
    if (settings.memory_bytes > 0) {
        return static_cast<std::uint64_t>(settings.memory_bytes);
    }
    return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 4;
}

RowChoice choose_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, const DataSettings& settings, JobContext& job) {
    const std::uint64_t kept = kept_bytes(cells, source, used, job);
    return kept <= budget ? RowChoice{RowPlace::memory, kept, 0}
                          : outside_memory(cells, source, budget, settings, job);
}

CellRowsPtr open_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, const DataSettings& settings, RowChoice& choice,
                      SeenValues& range, JobContext& job) {
    if (choice.place == RowPlace::memory) {
        try {
            if (CellRowsPtr kept = keep_rows(cells, source, used, budget, range, job)) {
                choice.resident_bytes = kept->resident_bytes();
                return kept;
            }
        } catch (const std::bad_alloc&) {
            throw ResourceError("NoMemory", "There is not enough memory for the " + source.name,
                                {cells.files.front().name(), source.parts.front()->info().name, {}},
                                "Lower data.kwargs.memory_bytes: cells are then read from the disk");
        }
        choice = outside_memory(cells, source, budget, settings, job);
    }
    RowSource from = source;
    if (choice.place == RowPlace::row_cache) {
        from = with_copies(cells, std::move(from), std::max(cache_limit(settings), choice.disk_bytes), job);
        choice.disk_bytes = 0;
    }
    sample_values(cells, from, range, job);
    if (choice.place == RowPlace::windows) {
        return windowed_rows(cells, from, chunk_windows(cells, from), budget);
    }
    return rows_in_files(cells, std::move(from), choice.place);
}

} // namespace ember
