#include "core/genes/gene_segment.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <tbb/parallel_for.h>

#include "core/base/threads.hpp"
#include "core/genes/gene_index_format.hpp"

namespace ember::gene_index {

namespace {

template<typename T>
void put(std::vector<std::byte>& out, std::span<const T> values) {
    const auto bytes = std::as_bytes(values);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

} // namespace

GeneSegment::GeneSegment(std::uint64_t genes, std::uint64_t most) : genes_(genes), most_(most) {}

void GeneSegment::append_sparse(const RowBlock<float>& block, std::uint64_t row) {
    const auto from = static_cast<std::ptrdiff_t>(block.indptr[row]);
    const auto to = static_cast<std::ptrdiff_t>(block.indptr[row + 1]);
    columns_.insert(columns_.end(), block.indices.begin() + from, block.indices.begin() + to);
    values_.insert(values_.end(), block.values.begin() + from, block.values.begin() + to);
}

void GeneSegment::append_dense(const RowBlock<float>& block, std::uint64_t row) {
    const float* values = block.dense.data() + row * block.cols;
    for (std::uint64_t gene = 0; gene < block.cols; ++gene) {
        if (values[gene] != 0) { // true of NaN
            columns_.push_back(static_cast<std::uint32_t>(gene));
            values_.push_back(values[gene]);
        }
    }
}

std::uint64_t GeneSegment::append(const RowBlock<float>& block, std::uint64_t row) {
    if (empty()) {
        first_cell_ = block.first_row + row;
        columns_.reserve(std::min(most_, most_entries));
        values_.reserve(std::min(most_, most_entries));
    }
    for (; row < block.rows && cells() < segment_cells; ++row) {
        const std::uint64_t wanted = block.sparse ? block.indptr[row + 1] - block.indptr[row] : block.cols;
        if (!empty() && columns_.size() + wanted > most_) {
            break;
        }
        block.sparse ? append_sparse(block, row) : append_dense(block, row);
        starts_.push_back(columns_.size());
    }
    return row;
}

void GeneSegment::turn(JobContext& job) {
    // Each slice of cells counts its entries of each gene; summed over the slices that says where each slice
    // writes, so that the order of cells is the same for any number of slices.
    const auto slices = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(thread_budget(), 1, static_cast<std::int64_t>(cells())));
    const auto first_of = [&](std::uint64_t slice) { return starts_[cells() * slice / slices]; };
    std::vector<std::vector<std::uint64_t>> places(slices);
    tbb::parallel_for(std::uint64_t{0}, slices, [&](std::uint64_t slice) {
        places[slice].assign(genes_, 0);
        for (std::uint64_t at = first_of(slice); at < first_of(slice + 1); ++at) {
            ++places[slice][columns_[at]];
        }
    });
    job.check_cancelled();
    gene_start_.assign(genes_ + 1, 0);
    std::uint64_t next = 0;
    for (std::uint64_t gene = 0; gene < genes_; ++gene) {
        gene_start_[gene] = next;
        for (auto& place : places) {
            next += std::exchange(place[gene], next);
        }
    }
    gene_start_[genes_] = next;
    cell_of_.resize(next);
    value_of_.resize(next);
    tbb::parallel_for(std::uint64_t{0}, slices, [&](std::uint64_t slice) {
        for (std::uint64_t cell = cells() * slice / slices; cell < cells() * (slice + 1) / slices; ++cell) {
            for (std::uint64_t at = starts_[cell]; at < starts_[cell + 1]; ++at) {
                const std::uint64_t place = places[slice][columns_[at]]++;
                cell_of_[place] = static_cast<std::uint16_t>(cell);
                value_of_[place] = values_[at];
            }
        }
    });
    job.check_cancelled();
}

std::uint32_t GeneSegment::encode(std::uint64_t gene, std::vector<std::byte>& out) const {
    const std::uint64_t from = gene_start_[gene], count = gene_start_[gene + 1] - from;
    if (count * (sizeof(float) + sizeof(std::uint16_t)) < cells() * sizeof(float)) {
        put(out, std::span(value_of_).subspan(from, count));
        put(out, std::span(cell_of_).subspan(from, count));
        return static_cast<std::uint32_t>(count);
    }
    std::vector<float> all(cells(), 0.0F);
    for (std::uint64_t at = from; at < from + count; ++at) {
        all[cell_of_[at]] += value_of_[at];
    }
    put(out, std::span<const float>(all));
    return stored_dense;
}

void GeneSegment::clear() {
    starts_.assign(1, 0);
    columns_.clear();
    values_.clear();
}

} // namespace ember::gene_index
