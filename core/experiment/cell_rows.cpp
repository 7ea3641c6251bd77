#include "core/experiment/cell_rows.hpp"

#include <cmath>

namespace ember {

CellRows::~CellRows() = default;

const char* to_string(RowPlace place) noexcept {
    switch (place) {
    case RowPlace::memory:
        return "memory";
    case RowPlace::file:
        return "file";
    case RowPlace::row_cache:
        return "row cache";
    case RowPlace::windows:
        return "chunk windows";
    }
    return "";
}

void SeenValues::add(std::span<const float> values) noexcept {
    for (const float value : values) {
        low = std::min(low, value);
        high = std::max(high, value);
        whole = whole && value == std::trunc(value);
    }
}

void require_numbers(const RunCells& cells, const RowSource& source, std::span<const std::uint32_t> rows,
                     std::span<const float> values) {
    // The sum of zero products is zero unless one of the values is no number.
    float sum = 0;
    for (const float value : values) {
        sum += value * 0.0F;
    }
    if (sum == 0.0F) {
        return;
    }
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    const auto at = static_cast<std::uint64_t>(bad - values.begin());
    const auto width = static_cast<std::uint64_t>(source.width());
    const std::uint32_t cell = rows[at / width];
    const RunFile& file = cells.files[cells.file_of(cell)];
    throw Error("BadValue",
                std::string(std::isnan(*bad) ? "A value is missing (NaN)" : "A value is infinite") +
                    " in column " + std::to_string(at % width),
                {file.name(), source.parts.front()->info().name, cell - file.first_cell},
                "Remove or replace this cell's value");
}

std::shared_ptr<const RowWindows> chunk_windows(const RunCells& cells, const RowSource& source) {
    constexpr std::uint64_t window_bytes = 16 << 20;
    auto windows = std::make_shared<RowWindows>();
    windows->cells = cells.cells();
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        const MatrixInfo& info = source.parts[f]->info();
        const std::uint64_t chunk = std::max<std::uint64_t>(1, info.chunk_rows);
        const std::uint64_t fitting = window_bytes / std::max<std::uint64_t>(1, info.cols * sizeof(float));
        const std::uint64_t rows = std::max(chunk, fitting / chunk * chunk);
        for (std::uint64_t row = 0; row < cells.files[f].cells; row += rows) {
            windows->starts.push_back(cells.files[f].first_cell + static_cast<std::uint32_t>(row));
        }
    }
    return windows;
}

void sample_values(const RunCells& cells, const RowSource& source, SeenValues& range, JobContext& job) {
    constexpr std::uint64_t places = 8, run = 16;
    std::vector<float> values;
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        const std::uint64_t rows = cells.files[f].cells, count = std::min(run, rows);
        if (source.parts[f]->info().encoding == MatrixEncoding::csc) {
            continue; // a few rows would cost a pass over all
        }
        values.resize(count * source.parts[f]->cols());
        for (std::uint64_t place = 0; place < places && rows > 0; ++place) {
            job.check_cancelled();
            source.parts[f]->read_rows((rows - count) * place / (places - 1), count, values);
            range.add(values);
        }
    }
}

} // namespace ember
