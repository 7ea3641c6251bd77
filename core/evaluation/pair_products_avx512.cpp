#include <cstddef>

namespace ember {

namespace {

using Lanes = float __attribute__((vector_size(64)));
constexpr std::size_t width = 16, rows_per_pass = 4;

} // namespace

} // namespace ember

#include "core/evaluation/pair_products_kernel.hpp"

namespace ember {

PairProductKernel pair_product_kernel_avx512() noexcept {
    return {&sparse_products, &dense_products};
}

} // namespace ember
