#include <cstddef>

namespace ember {

namespace {

using Lanes = float __attribute__((vector_size(32)));
constexpr std::size_t width = 8, rows_per_pass = 2;

} // namespace

} // namespace ember

#include "core/evaluation/pair_products_kernel.hpp"

namespace ember {

PairProductKernel pair_product_kernel_portable() noexcept {
    return {&sparse_products, &dense_products};
}

PairProductKernel pair_product_kernel() noexcept {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512cd");
    return avx512 ? pair_product_kernel_avx512() : pair_product_kernel_portable();
}

} // namespace ember
