#pragma once
// The hot loop of XᵀX: a small tile of products of columns, in registers.

#include <cstdint>

namespace ember {

/// out [left × right] = Σ a[row][i] · b[row][j] over `rows` rows; a [rows × left], b [rows × right], packed.
struct GramKernel {
    std::uint64_t left = 0, right = 0; ///< at most 12 and 32
    void (*product)(std::uint64_t rows, const float* a, const float* b, float* out) = nullptr;
};

GramKernel gram_kernel_portable() noexcept;
GramKernel gram_kernel_avx512() noexcept; ///< call only where the processor has it

/// The best of this processor.
GramKernel gram_kernel() noexcept;

} // namespace ember
