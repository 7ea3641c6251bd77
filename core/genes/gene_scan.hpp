#pragma once
// A matrix gene by gene: rows are read once per slice of genes and turned into lists of non-zero values, in
// bounded memory.

#include <cstdint>
#include <functional>
#include <span>

#include "core/data/matrix.hpp"

namespace ember {

inline constexpr std::uint64_t gene_scan_budget = std::uint64_t(1) << 30; ///< bytes of lists at a time

/// Calls `visit(gene, words)` once for every gene, from several threads at once and in any order. `words` are
/// the gene's non-zero values (NaN and infinities among them) of cells whose leaf is not negative, in the
/// order of the cells, packed as gene_words.hpp says; the visitor may change them. `leaf` is [cells].
/// Throws Cancelled and the reader's errors.
void for_each_gene(const Matrix& matrix, std::span<const std::int32_t> leaf,
                   const std::function<void(std::uint64_t gene, std::span<std::uint64_t> words)>& visit,
                   JobContext& job, std::uint64_t budget = gene_scan_budget);

} // namespace ember
