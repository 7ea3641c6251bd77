// Rows kept in memory, dense or sparse.

#include <cstring>
#include <limits>
#include <numeric>

#include "core/experiment/cell_rows.hpp"

namespace ember {

namespace {

constexpr std::uint32_t absent = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t sparse_entry_bytes = sizeof(float) + sizeof(std::uint32_t);

/// Position of each cell among the kept rows.
class Slots {
public:
    explicit Slots(const std::vector<bool>& used) : slots_(used.size(), absent) {
        for (std::size_t cell = 0; cell < used.size(); ++cell) {
            if (used[cell]) {
                slots_[cell] = count_++;
            }
        }
    }
    std::uint32_t of(std::uint32_t cell) const { return slots_[cell]; }
    std::uint32_t count() const { return count_; }
    std::uint64_t bytes() const { return slots_.size() * sizeof(std::uint32_t); }

private:
    std::vector<std::uint32_t> slots_;
    std::uint32_t count_ = 0;
};

class KeptRows : public CellRows {
public:
    KeptRows(const std::vector<bool>& used, std::int64_t width) : slots_(used), width_(width) {}
    std::int64_t width() const override { return width_; }
    RowPlace place() const override { return RowPlace::memory; }
    const Slots& slots() const { return slots_; }
    virtual void append(std::span<const float> row) = 0;
    void gather(std::span<const std::uint32_t> cells, std::span<float> out, JobContext& job) const override {
        constexpr std::size_t checked = 256;
        const auto width = static_cast<std::size_t>(width_);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i % checked == 0) {
                job.check_cancelled();
            }
            copy(slots_.of(cells[i]), out.subspan(i * width, width));
        }
    }

protected:
    virtual void copy(std::uint32_t slot, std::span<float> out) const = 0;

private:
    Slots slots_;
    std::int64_t width_;
};

class DenseRows final : public KeptRows {
public:
    DenseRows(const std::vector<bool>& used, std::int64_t width) : KeptRows(used, width) {
        values_.reserve(static_cast<std::size_t>(slots().count()) * static_cast<std::size_t>(width));
    }
    std::uint64_t resident_bytes() const override {
        return values_.capacity() * sizeof(float) + slots().bytes();
    }
    void append(std::span<const float> row) override {
        values_.insert(values_.end(), row.begin(), row.end());
    }

private:
    void copy(std::uint32_t slot, std::span<float> out) const override {
        std::memcpy(out.data(), values_.data() + std::size_t{slot} * out.size(), out.size_bytes());
    }
    std::vector<float> values_; ///< [kept × width]
};

class SparseRows final : public KeptRows {
public:
    SparseRows(const std::vector<bool>& used, std::int64_t width, std::uint64_t entries)
        : KeptRows(used, width) {
        columns_.reserve(entries);
        values_.reserve(entries);
    }
    std::uint64_t resident_bytes() const override {
        return columns_.capacity() * sizeof(std::uint32_t) + values_.capacity() * sizeof(float) +
               starts_.capacity() * sizeof(std::uint64_t) + slots().bytes();
    }
    void append(std::span<const float> row) override {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i] != 0) {
                columns_.push_back(static_cast<std::uint32_t>(i));
                values_.push_back(row[i]);
            }
        }
        starts_.push_back(values_.size());
    }

private:
    void copy(std::uint32_t slot, std::span<float> out) const override {
        std::fill(out.begin(), out.end(), 0.0F);
        for (std::uint64_t i = starts_[slot]; i < starts_[slot + 1]; ++i) {
            out[columns_[i]] = values_[i];
        }
    }
    std::vector<std::uint64_t> starts_ = {0};
    std::vector<std::uint32_t> columns_;
    std::vector<float> values_;
};

std::uint64_t used_in(const RunFile& file, const std::vector<bool>& used) {
    const auto first = used.begin() + file.first_cell;
    return static_cast<std::uint64_t>(std::count(first, first + file.cells, true));
}

/// Entries that are not zero among the used rows: stated by sparse storage, else from some rows.
double estimated_entries(const RunFile& file, const Matrix& matrix, std::uint64_t used, JobContext& job) {
    const auto rows = static_cast<double>(std::max<std::uint64_t>(1, matrix.rows()));
    if (matrix.info().encoding != MatrixEncoding::dense) {
        return static_cast<double>(matrix.info().stored) / rows * static_cast<double>(used);
    }
    constexpr std::uint64_t places = 5, run = 20;
    const std::uint64_t count = std::min<std::uint64_t>(run, file.cells);
    std::vector<float> values(count * matrix.cols());
    std::uint64_t filled = 0, seen = 0;
    for (std::uint64_t place = 0; place < places && count > 0; ++place) {
        job.check_cancelled();
        matrix.read_rows((file.cells - count) * place / (places - 1), count, values);
        filled += values.size() - static_cast<std::uint64_t>(std::count(values.begin(), values.end(), 0.0F));
        seen += count;
    }
    return seen == 0 ? 0
                     : static_cast<double>(filled) / static_cast<double>(seen) * static_cast<double>(used);
}

struct Sizes {
    std::uint64_t dense = 0, sparse = 0, entries = 0;
    std::uint64_t smaller() const { return std::min(dense, sparse); }
};

Sizes sizes_of(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
               JobContext& job) {
    constexpr double margin = 1.05; // what the sample may miss
    double entries = 0;
    Sizes sizes;
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        const std::uint64_t rows = used_in(cells.files[f], used);
        entries += margin * estimated_entries(cells.files[f], *source.parts[f], rows, job);
        sizes.dense += rows * source.parts[f]->cols() * sizeof(float);
        sizes.sparse += rows * sizeof(std::uint64_t);
    }
    sizes.entries = static_cast<std::uint64_t>(entries);
    sizes.sparse += sizes.entries * sparse_entry_bytes;
    sizes.dense += used.size() * sizeof(std::uint32_t);
    sizes.sparse += used.size() * sizeof(std::uint32_t);
    return sizes;
}

/// The rows of a block, one after the other, as dense ones.
template<typename Visit>
void each_row(const RowBlock<float>& block, std::vector<float>& scratch, const Visit& visit) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        if (!block.sparse) {
            visit(block.first_row + row, block.dense.subspan(row * block.cols, block.cols));
            continue;
        }
        scratch.assign(block.cols, 0.0F);
        for (std::uint64_t i = block.indptr[row]; i < block.indptr[row + 1]; ++i) {
            scratch[block.indices[i]] += block.values[i];
        }
        visit(block.first_row + row, std::span<const float>(scratch));
    }
}

/// Thrown through the reader when the rows turn out to be larger than estimated.
struct OverBudget {};

} // namespace

std::uint64_t kept_bytes(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                         JobContext& job) {
    return sizes_of(cells, source, used, job).smaller();
}

CellRowsPtr keep_rows(const RunCells& cells, const RowSource& source, const std::vector<bool>& used,
                      std::uint64_t budget, SeenValues& range, JobContext& job) {
    const Sizes sizes = sizes_of(cells, source, used, job);
    if (sizes.smaller() > budget) {
        return nullptr;
    }
    std::shared_ptr<KeptRows> kept;
    if (sizes.dense <= sizes.sparse) {
        kept = std::make_shared<DenseRows>(used, source.width());
    } else {
        kept = std::make_shared<SparseRows>(used, source.width(), sizes.entries);
    }
    job.begin("Reading " + source.name, cells.cells(), "cells");
    std::vector<float> scratch;
    try {
        for (std::size_t f = 0; f < cells.files.size(); ++f) {
            const std::uint32_t first = cells.files[f].first_cell;
            if (used_in(cells.files[f], used) == 0) {
                continue;
            }
            const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
                each_row(block, scratch, [&](std::uint64_t row, std::span<const float> values) {
                    const std::uint32_t cell = first + static_cast<std::uint32_t>(row);
                    if (used[cell]) {
                        if (source.only_numbers) {
                            require_numbers(cells, source, std::span(&cell, 1), values);
                        }
                        range.add(values);
                        kept->append(values);
                    }
                });
                if (kept->resident_bytes() > budget + budget / 8) {
                    throw OverBudget();
                }
                job.advance_to(first + block.first_row + block.rows);
            };
            source.parts[f]->for_each_block(visit, job);
        }
    } catch (const OverBudget&) {
        return nullptr;
    }
    return kept;
}

} // namespace ember
