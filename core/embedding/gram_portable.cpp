#include <cstdint>

namespace ember {

namespace {

using Lanes = float __attribute__((vector_size(32)));
constexpr std::uint64_t width = 8, left = 6;

} // namespace

} // namespace ember

#include "core/embedding/gram_tile.hpp"

namespace ember {

GramKernel gram_kernel_portable() noexcept {
    return {left, 2 * width, &tile_product};
}

GramKernel gram_kernel() noexcept {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512cd");
    return avx512 ? gram_kernel_avx512() : gram_kernel_portable();
}

} // namespace ember
