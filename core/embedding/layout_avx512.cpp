#include <cstdint>
#include <immintrin.h>

namespace ember {

namespace {

template<typename Floats, typename Ints>
inline void gather(const float* pairs, Ints which, Floats& x, Floats& y) {
    const __m512i at = _mm512_slli_epi32((__m512i)which, 1);
    x = (Floats)_mm512_i32gather_ps(at, pairs, 4);
    y = (Floats)_mm512_i32gather_ps(at, pairs + 1, 4);
}

} // namespace

} // namespace ember

#include "core/embedding/layout_kernel.hpp"

namespace ember {

void move_points_avx512(const LayoutView& view, const std::uint32_t* which, std::uint64_t rank, int count,
                        int epoch, float step, std::uint32_t* scratch, float* moved) {
    move_points(view, which, rank, count, epoch, step, scratch, moved);
}

} // namespace ember
