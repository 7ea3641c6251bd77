#include <cstdint>

namespace ember {

namespace {

using Lanes = float __attribute__((vector_size(64)));
constexpr std::uint64_t width = 16, left = 12;

} // namespace

} // namespace ember

#include "core/embedding/gram_tile.hpp"

namespace ember {

GramKernel gram_kernel_avx512() noexcept {
    return {left, 2 * width, &tile_product};
}

} // namespace ember
