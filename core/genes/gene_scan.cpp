#include "core/genes/gene_scan.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "core/genes/gene_words.hpp"

namespace ember {

namespace {

constexpr std::uint64_t part_values = 1 << 18; ///< turned at a time: 2 MB, which a core's cache holds

/// Some consecutive rows, gene by gene.
struct Part {
    std::vector<std::uint32_t> begin, end; ///< [genes of the slice] into words
    std::unique_ptr<std::uint64_t[]> words;
};

/// Genes [first, first + count) of a matrix.
struct Slice {
    std::uint64_t first = 0, count = 0;
    bool contains(std::uint64_t gene) const { return gene - first < count; }
};

/// Calls `take(row, gene of the slice, value)` for the non-zero values of rows with a leaf.
template<typename Take>
void walk(const RowBlock<float>& block, std::uint64_t first, std::uint64_t last, const Slice& slice,
          std::span<const std::int32_t> leaf, Take take) {
    for (std::uint64_t row = first; row < last; ++row) {
        if (leaf[block.first_row + row] < 0) {
            continue;
        }
        if (block.sparse) {
            for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
                if (slice.contains(block.indices[at]) && block.values[at] != 0) {
                    take(row, block.indices[at] - slice.first, block.values[at]);
                }
            }
        } else {
            const float* values = &block.dense[row * block.cols + slice.first];
            for (std::uint64_t gene = 0; gene < slice.count; ++gene) {
                if (values[gene] != 0) {
                    take(row, gene, values[gene]);
                }
            }
        }
    }
}

Part turn(const RowBlock<float>& block, std::uint64_t first, std::uint64_t last, const Slice& slice,
          std::span<const std::int32_t> leaf) {
    Part part;
    part.begin.assign(slice.count + 1, 0);
    walk(block, first, last, slice, leaf,
         [&](std::uint64_t, std::uint64_t gene, float) { ++part.begin[gene + 1]; });
    for (std::uint64_t gene = 0; gene < slice.count; ++gene) {
        part.begin[gene + 1] += part.begin[gene];
    }
    part.words = std::make_unique_for_overwrite<std::uint64_t[]>(part.begin.back());
    part.begin.pop_back();
    part.end = part.begin;
    std::vector<std::uint64_t> last_row(block.sparse ? slice.count : 0, last); // repeated columns add up
    walk(block, first, last, slice, leaf, [&](std::uint64_t row, std::uint64_t gene, float value) {
        std::uint32_t& end = part.end[gene];
        if (block.sparse) {
            if (last_row[gene] == row) {
                value += word_value(part.words[--end]);
            }
            last_row[gene] = row;
        }
        part.words[end++] = pack_word(value, static_cast<std::uint32_t>(leaf[block.first_row + row]));
    });
    return part;
}

/// Row numbers that cut the block into parts of about equal work.
std::vector<std::uint64_t> cuts_of(const RowBlock<float>& block, const Slice& slice) {
    std::vector<std::uint64_t> cuts{0};
    std::uint64_t values = 0;
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        values += block.sparse ? block.indptr[row + 1] - block.indptr[row] : slice.count;
        if (values >= part_values || row + 1 == block.rows) {
            cuts.push_back(row + 1);
            values = 0;
        }
    }
    return cuts;
}

std::vector<Part> read_slice(const Matrix& matrix, std::span<const std::int32_t> leaf, const Slice& slice,
                             JobContext& job) {
    std::vector<Part> parts;
    job.begin("Reading cells", matrix.rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        const std::vector<std::uint64_t> cuts = cuts_of(block, slice);
        const std::size_t before = parts.size();
        parts.resize(before + cuts.size() - 1);
        tbb::parallel_for(std::size_t(0), cuts.size() - 1, [&](std::size_t i) {
            job.check_cancelled();
            parts[before + i] = turn(block, cuts[i], cuts[i + 1], slice, leaf);
        });
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
    return parts;
}

/// The gene's words of all parts; sums of repeated columns may have come to nothing.
void collect(const std::vector<Part>& parts, std::uint64_t gene, std::vector<std::uint64_t>& words) {
    words.clear();
    for (const Part& part : parts) {
        words.insert(words.end(), &part.words[part.begin[gene]], &part.words[part.end[gene]]);
    }
}

} // namespace

void for_each_gene(const Matrix& matrix, std::span<const std::int32_t> leaf,
                   const std::function<void(std::uint64_t, std::span<std::uint64_t>)>& visit, JobContext& job,
                   std::uint64_t budget) {
    const std::uint64_t genes = matrix.cols();
    const std::uint64_t slices = std::clamp<std::uint64_t>(
        matrix.info().stored * sizeof(std::uint64_t) / std::max<std::uint64_t>(budget, 1) + 1, 1,
        std::max<std::uint64_t>(genes, 1));
    const std::uint64_t width = (genes + slices - 1) / slices;
    tbb::enumerable_thread_specific<std::vector<std::uint64_t>> buffers;
    for (Slice slice{0, 0}; slice.first < genes; slice.first += width) {
        slice.count = std::min(width, genes - slice.first);
        const std::vector<Part> parts = read_slice(matrix, leaf, slice, job);
        job.begin("Comparing groups", slice.count, "genes");
        std::atomic<std::uint64_t> done = 0;
        tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, slice.count, 4), [&](const auto& range) {
            std::vector<std::uint64_t>& words = buffers.local();
            for (std::uint64_t gene = range.begin(); gene != range.end(); ++gene) {
                job.check_cancelled();
                collect(parts, gene, words);
                std::erase_if(words, [](std::uint64_t word) { return word_value(word) == 0; });
                visit(slice.first + gene, words);
            }
            job.advance_to(done += range.size());
        });
    }
}

} // namespace ember
