// Rows read from files: straight, or by windows of chunks.

#include <algorithm>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <numeric>

#include "core/experiment/cell_rows.hpp"

namespace ember {

namespace {

/// Positions of `cells` in ascending order of cell.
std::vector<std::uint32_t> ascending(std::span<const std::uint32_t> cells) {
    std::vector<std::uint32_t> order(cells.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return cells[a] < cells[b]; });
    return order;
}

class FileRows final : public CellRows {
public:
    FileRows(const RunCells& cells, RowSource source, RowPlace place)
        : cells_(cells), source_(std::move(source)), place_(place) {}
    std::int64_t width() const override { return source_.width(); }
    std::uint64_t resident_bytes() const override { return 0; }
    RowPlace place() const override { return place_; }
    void gather(std::span<const std::uint32_t> cells, std::span<float> out, JobContext& job) const override;

private:
    const RunCells& cells_;
    RowSource source_;
    RowPlace place_;
};

void FileRows::gather(std::span<const std::uint32_t> cells, std::span<float> out, JobContext& job) const {
    constexpr std::size_t slice = 128; // rows between two looks at cancel
    const std::vector<std::uint32_t> order = ascending(cells);
    const auto width = static_cast<std::size_t>(source_.width());
    std::vector<std::uint64_t> rows;
    std::vector<std::uint32_t> wanted;
    std::vector<float> values;
    for (std::size_t i = 0; i < order.size();) {
        job.check_cancelled();
        const std::size_t file = cells_.file_of(cells[order[i]]), begin = i;
        const RunFile& part = cells_.files[file];
        rows.clear();
        wanted.clear();
        for (; i < order.size() && rows.size() < slice && cells[order[i]] < part.first_cell + part.cells;
             ++i) {
            const std::uint32_t cell = cells[order[i]];
            if (wanted.empty() || wanted.back() != cell) {
                wanted.push_back(cell);
                rows.push_back(cell - part.first_cell);
            }
        }
        values.resize(rows.size() * width);
        source_.parts[file]->gather_rows(rows, values, job);
        if (source_.only_numbers) {
            require_numbers(cells_, source_, wanted, values);
        }
        std::size_t row = 0;
        for (std::size_t k = begin; k < i; ++k) {
            row += cells[order[k]] != wanted[row] ? 1 : 0;
            std::memcpy(out.data() + order[k] * width, values.data() + row * width, width * sizeof(float));
        }
    }
}

class WindowedRows final : public CellRows {
public:
    WindowedRows(const RunCells& cells, RowSource source, std::shared_ptr<const RowWindows> windows,
                 std::uint64_t budget)
        : cells_(cells), source_(std::move(source)), windows_(std::move(windows)) {
        std::uint64_t longest = 1;
        for (std::size_t w = 0; w < windows_->starts.size(); ++w) {
            longest = std::max<std::uint64_t>(longest, windows_->end_of(w) - windows_->starts[w]);
        }
        window_bytes_ = longest * static_cast<std::uint64_t>(source_.width()) * sizeof(float);
        most_ = std::max<std::size_t>(2, budget / std::max<std::uint64_t>(1, window_bytes_));
        most_ = std::min(most_, std::max<std::size_t>(1, windows_->starts.size()));
    }
    std::int64_t width() const override { return source_.width(); }
    std::uint64_t resident_bytes() const override { return most_ * window_bytes_; }
    RowPlace place() const override { return RowPlace::windows; }
    void gather(std::span<const std::uint32_t> cells, std::span<float> out, JobContext& job) const override;

private:
    struct Decoded {
        std::vector<float> values;
        std::list<std::size_t>::iterator use;
    };
    const std::vector<float>& decoded(std::size_t window) const;

    const RunCells& cells_;
    RowSource source_;
    std::shared_ptr<const RowWindows> windows_;
    std::uint64_t window_bytes_ = 0;
    std::size_t most_ = 2;
    mutable std::mutex mutex_;
    mutable std::map<std::size_t, Decoded> kept_;
    mutable std::list<std::size_t> uses_; ///< the last one first
};

/// Call with the mutex held.
const std::vector<float>& WindowedRows::decoded(std::size_t window) const {
    const auto found = kept_.find(window);
    if (found != kept_.end()) {
        uses_.splice(uses_.begin(), uses_, found->second.use);
        return found->second.values;
    }
    std::vector<float> values;
    if (kept_.size() >= most_) {
        const auto oldest = kept_.find(uses_.back());
        values = std::move(oldest->second.values);
        kept_.erase(oldest);
        uses_.pop_back();
    }
    const std::uint32_t first = windows_->starts[window], count = windows_->end_of(window) - first;
    const std::size_t file = cells_.file_of(first);
    values.resize(std::size_t{count} * static_cast<std::size_t>(source_.width()));
    source_.parts[file]->read_rows(first - cells_.files[file].first_cell, count, values);
    if (source_.only_numbers) {
        std::vector<std::uint32_t> rows(count);
        std::iota(rows.begin(), rows.end(), first);
        require_numbers(cells_, source_, rows, values);
    }
    uses_.push_front(window);
    return kept_.insert_or_assign(window, Decoded{std::move(values), uses_.begin()}).first->second.values;
}

void WindowedRows::gather(std::span<const std::uint32_t> cells, std::span<float> out, JobContext& job) const {
    struct Visit {
        std::size_t window, begin, end; // of `order`
    };
    const std::vector<std::uint32_t> order = ascending(cells);
    std::vector<Visit> visits;
    for (std::size_t i = 0; i < order.size();) {
        Visit visit{windows_->window_of(cells[order[i]]), i, i};
        for (const std::uint32_t end = windows_->end_of(visit.window);
             i < order.size() && cells[order[i]] < end; ++i) {
            visit.end = i + 1;
        }
        visits.push_back(visit);
    }
    {
        // What is decoded comes first: read in the file's order, the last windows would displace the first.
        const std::lock_guard lock(mutex_);
        std::stable_partition(visits.begin(), visits.end(),
                              [&](const Visit& visit) { return kept_.contains(visit.window); });
    }
    const auto width = static_cast<std::size_t>(source_.width());
    for (const Visit& visit : visits) {
        job.check_cancelled();
        const std::lock_guard lock(mutex_);
        const std::vector<float>& values = decoded(visit.window);
        for (std::size_t i = visit.begin; i < visit.end; ++i) {
            const std::size_t row = cells[order[i]] - windows_->starts[visit.window];
            std::memcpy(out.data() + order[i] * width, values.data() + row * width, width * sizeof(float));
        }
    }
}

} // namespace

CellRowsPtr rows_in_files(const RunCells& cells, RowSource source, RowPlace place) {
    return std::make_shared<FileRows>(cells, std::move(source), place);
}

CellRowsPtr windowed_rows(const RunCells& cells, RowSource source, std::shared_ptr<const RowWindows> windows,
                          std::uint64_t budget) {
    return std::make_shared<WindowedRows>(cells, std::move(source), std::move(windows), budget);
}

} // namespace ember
