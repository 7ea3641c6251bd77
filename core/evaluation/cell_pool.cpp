#include "core/evaluation/cell_pool.hpp"

#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr std::uint64_t chunk_rows = 256;
constexpr double whole_within = 1e-3; ///< as cell-eval tells counts from log values

void note(ValueLimits& range, float& value) {
    if (!std::isfinite(value)) {
        ++range.nonfinite;
        value = 0;
    }
    const double v = static_cast<double>(value);
    range.min = std::min(range.min, v);
    range.max = std::max(range.max, v);
    range.fractions = range.fractions || std::abs(v - std::trunc(v)) > whole_within;
}

void merge(ValueLimits& into, const ValueLimits& other) {
    into.min = std::min(into.min, other.min);
    into.max = std::max(into.max, other.max);
    into.fractions = into.fractions || other.fractions;
    into.nonfinite += other.nonfinite;
}

/// Rows [first, first + count) of the block, dense, genes in our order.
void spread(const RowBlock<float>& block, std::uint64_t first, std::uint64_t count,
            std::span<const std::int32_t> gene_of_column, std::uint64_t genes, std::vector<float>& dense) {
    dense.assign(count * genes, 0.0F);
    for (std::uint64_t r = 0; r < count; ++r) {
        float* to = &dense[r * genes];
        const auto put = [&](std::uint64_t column, float value) {
            if (gene_of_column[column] >= 0) {
                to[gene_of_column[column]] += value;
            }
        };
        if (block.sparse) {
            for (std::uint64_t i = block.indptr[first + r]; i < block.indptr[first + r + 1]; ++i) {
                put(block.indices[i], block.values[i]);
            }
        } else {
            for (std::uint64_t c = 0; c < block.cols; ++c) {
                put(c, block.dense[(first + r) * block.cols + c]);
            }
        }
    }
}

} // namespace

CellPool::Chunk CellPool::packed(std::span<const float> dense, std::uint64_t genes) {
    Chunk chunk;
    const auto stored =
        static_cast<std::uint64_t>(std::count_if(dense.begin(), dense.end(), [](float v) { return v != 0; }));
    chunk.sparse = 2 * stored < dense.size();
    if (!chunk.sparse) {
        chunk.values.assign(dense.begin(), dense.end());
        return chunk;
    }
    chunk.values.reserve(stored);
    chunk.genes.reserve(stored);
    chunk.indptr.push_back(0);
    for (std::uint64_t i = 0; i < dense.size(); ++i) {
        if (dense[i] != 0) {
            chunk.genes.push_back(static_cast<std::uint32_t>(i % genes));
            chunk.values.push_back(dense[i]);
        }
        if ((i + 1) % genes == 0) {
            chunk.indptr.push_back(static_cast<std::uint32_t>(chunk.values.size()));
        }
    }
    return chunk;
}

void CellPool::append(std::vector<Chunk>&& chunks, std::span<const std::uint32_t> rows) {
    for (std::size_t c = 0; c < chunks.size(); ++c) {
        for (std::uint32_t r = 0; r < rows[c]; ++r) {
            place_.push_back({static_cast<std::uint32_t>(chunks_.size()), r});
        }
        chunks_.push_back(std::move(chunks[c]));
    }
}

std::uint32_t CellPool::add(const Matrix& matrix, std::span<const std::int32_t> gene_of_column,
                            ValueLimits& range, JobContext& job) {
    const std::uint64_t first_row = rows();
    if (first_row + matrix.rows() > std::uint64_t{0xffffffff}) {
        throw ResourceError("TooManyCells", "More than 4,294,967,295 cells cannot be compared");
    }
    job.begin("Reading " + matrix.info().name, matrix.rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        const std::uint64_t count = (block.rows + chunk_rows - 1) / chunk_rows;
        std::vector<Chunk> chunks(count);
        std::vector<std::uint32_t> rows(count);
        std::vector<ValueLimits> ranges(count);
        tbb::parallel_for(std::uint64_t{0}, count, [&](std::uint64_t c) {
            job.check_cancelled();
            const std::uint64_t first = c * chunk_rows;
            rows[c] = static_cast<std::uint32_t>(std::min(chunk_rows, block.rows - first));
            std::vector<float> dense;
            spread(block, first, rows[c], gene_of_column, genes_, dense);
            for (float& value : dense) {
                note(ranges[c], value);
            }
            chunks[c] = packed(dense, genes_);
        });
        for (const ValueLimits& one : ranges) {
            merge(range, one);
        }
        append(std::move(chunks), rows);
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
    return static_cast<std::uint32_t>(first_row);
}

std::uint32_t CellPool::add_row(std::span<const double> values) {
    const std::vector<float> dense(values.begin(), values.end());
    std::vector<Chunk> chunks(1, packed(dense, genes_));
    const std::uint32_t one = 1;
    append(std::move(chunks), {&one, 1});
    return static_cast<std::uint32_t>(rows() - 1);
}

CellRow CellPool::row(std::uint32_t number) const {
    const Place place = place_[number];
    const Chunk& chunk = chunks_[place.chunk];
    if (!chunk.sparse) {
        return {{chunk.values.data() + place.row * genes_, genes_}, {}, false};
    }
    const std::uint32_t begin = chunk.indptr[place.row], count = chunk.indptr[place.row + 1] - begin;
    return {{chunk.values.data() + begin, count}, {chunk.genes.data() + begin, count}, true};
}

void CellPool::read(std::uint32_t number, float* out) const {
    const CellRow cell = row(number);
    if (!cell.sparse) {
        std::copy(cell.values.begin(), cell.values.end(), out);
        return;
    }
    std::fill(out, out + genes_, 0.0F);
    for (std::size_t i = 0; i < cell.genes.size(); ++i) {
        out[cell.genes[i]] = cell.values[i];
    }
}

} // namespace ember
