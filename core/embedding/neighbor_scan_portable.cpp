#include <cstdint>
#include <immintrin.h>

namespace ember {

namespace {

using Lanes = __m256;
constexpr std::uint64_t width = 8, rows_at_once = 6;

inline Lanes splat(float x) {
    return _mm256_set1_ps(x);
}
inline Lanes load(const float* from) {
    return _mm256_loadu_ps(from);
}
inline Lanes magnitude(Lanes x) {
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
}
inline std::uint32_t above(Lanes score, Lanes least) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(score, least, _CMP_GT_OQ)));
}

} // namespace

} // namespace ember

#include "core/embedding/neighbor_scan_kernel.hpp"

namespace ember {

NeighborScanKernel neighbor_scan_portable() noexcept {
    return {2 * width, rows_at_once, &scan<false>, &scan<true>};
}

NeighborScanKernel neighbor_scan() noexcept {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512cd");
    return avx512 ? neighbor_scan_avx512() : neighbor_scan_portable();
}

} // namespace ember
