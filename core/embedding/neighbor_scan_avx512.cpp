#include <cstdint>
#include <immintrin.h>

namespace ember {

namespace {

using Lanes = __m512;
constexpr std::uint64_t width = 16, rows_at_once = 12;

inline Lanes splat(float x) {
    return _mm512_set1_ps(x);
}
inline Lanes load(const float* from) {
    return _mm512_loadu_ps(from);
}
inline Lanes magnitude(Lanes x) {
    return _mm512_abs_ps(x);
}
inline std::uint32_t above(Lanes score, Lanes least) {
    return _mm512_cmp_ps_mask(score, least, _CMP_GT_OQ);
}

} // namespace

} // namespace ember

#include "core/embedding/neighbor_scan_kernel.hpp"

namespace ember {

NeighborScanKernel neighbor_scan_avx512() noexcept {
    return {2 * width, rows_at_once, &scan<false>, &scan<true>};
}

} // namespace ember
