#pragma once
// The hot loop of distances between cells: products of a row with a panel of cells, in registers.

#include <cstddef>
#include <cstdint>

namespace ember {

constexpr std::size_t panel_cells = 64; ///< columns of a panel [genes × panel_cells]
constexpr std::size_t dense_rows = 4;   ///< dense rows that share their reads of the panel

/// Some of a sparse row's values, and where their products go.
struct SparsePart {
    const float* values = nullptr;
    const std::uint32_t* genes = nullptr;
    std::size_t count = 0;
    float* to = nullptr; ///< [panel_cells], added to
};

struct PairProductKernel {
    /// to += Σ values[i] · panel[genes[i]], for each part.
    void (*sparse)(const SparsePart* parts, std::size_t count, const float* panel) = nullptr;
    /// to [dense_rows × panel_cells]: of `dense_rows` rows [genes].
    void (*dense)(const float* const* rows, std::size_t genes, const float* panel, float* to) = nullptr;
};

PairProductKernel pair_product_kernel_portable() noexcept;
PairProductKernel pair_product_kernel_avx512() noexcept; ///< call only where the processor has it

/// The best of this processor.
PairProductKernel pair_product_kernel() noexcept;

} // namespace ember
