#include "widgets/point_raster_kernel.hpp"

#include <bit>

#include <immintrin.h>

namespace ember::raster {

namespace {

/// Eight items of number and x (in one word) and y; those in `mask` are stored without gaps.
std::size_t store(Item* items, __mmask8 mask, __m256i low, __m256i y) {
    const __m512i item =
        _mm512_or_si512(_mm512_cvtepu32_epi64(low), _mm512_slli_epi64(_mm512_cvtepu32_epi64(y), itemYShift));
    _mm512_storeu_si512(items, _mm512_maskz_compress_epi64(mask, item));
    return static_cast<std::size_t>(std::popcount(static_cast<unsigned>(mask)));
}

} // namespace

std::size_t pack_avx512(const float* x, const float* y, std::size_t count, const Transform& t, Item* items) {
    const __m512 xOrigin = _mm512_set1_ps(t.xOrigin), yOrigin = _mm512_set1_ps(t.yOrigin);
    const __m512 xScale = _mm512_set1_ps(t.xScale), yScale = _mm512_set1_ps(t.yScale);
    const __m512 xMove = _mm512_set1_ps(t.xShift), yMove = _mm512_set1_ps(t.yShift);
    const __m512i xLimit = _mm512_set1_epi32(t.xLimit), yLimit = _mm512_set1_epi32(t.yLimit);
    __m512i number = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    std::size_t written = 0;
    for (std::size_t i = 0; i < count; i += 16) {
        const __mmask16 there =
            count - i >= 16 ? __mmask16(0xffff) : static_cast<__mmask16>((1U << (count - i)) - 1);
        const __m512i qx = _mm512_cvttps_epi32(
            _mm512_fmadd_ps(_mm512_sub_ps(_mm512_maskz_loadu_ps(there, x + i), xOrigin), xScale, xMove));
        const __m512i qy = _mm512_cvttps_epi32(
            _mm512_fmadd_ps(_mm512_sub_ps(_mm512_maskz_loadu_ps(there, y + i), yOrigin), yScale, yMove));
        __mmask16 mask = _mm512_mask_cmplt_epu32_mask(there, qx, xLimit);
        mask = _mm512_mask_cmplt_epu32_mask(mask, qy, yLimit);
        const __m512i low = _mm512_or_si512(number, _mm512_slli_epi32(qx, itemXShift));
        written += store(items + written, static_cast<__mmask8>(mask), _mm512_castsi512_si256(low),
                         _mm512_castsi512_si256(qy));
        written += store(items + written, static_cast<__mmask8>(mask >> 8), _mm512_extracti64x4_epi64(low, 1),
                         _mm512_extracti64x4_epi64(qy, 1));
        number = _mm512_add_epi32(number, _mm512_set1_epi32(16));
    }
    return written;
}

void discs_avx512(const Items& items, const Stamp& stamp, const Band& band) {
    const std::size_t rowBytes = static_cast<std::size_t>(stamp.segments) * 32;
    const __m512i full = _mm512_set1_epi16(255), half = _mm512_set1_epi16(128);
    const __m512i divide = _mm512_set1_epi16(257);
    for (std::size_t i = 0; i < items.count; ++i) {
        const std::uint32_t ink = items.ink[numberOf(items.data[i])];
        if (ink >> layerShift != items.layer)
            continue;
        const std::uint32_t x = xOf(items.data[i]), y = yOf(items.data[i]);
        const std::uint8_t* coverage = stamp.coverage + ((y & 3) * 4 + (x & 3)) * stamp.placeBytes();
        const int top = static_cast<int>(y >> 2) - 2 * stamp.reach;
        const int end = top + 2 * stamp.reach + 1;
        const int first = top > band.first ? top : band.first, last = end < band.last ? end : band.last;
        const __m512i color = _mm512_cvtepu8_epi16(_mm256_set1_epi32(static_cast<int>(colorOf(ink))));
        for (int row = first; row < last; ++row) {
            auto* pixels = reinterpret_cast<std::uint8_t*>(band.pixels + row * band.stride + (x >> 2));
            const std::uint8_t* cover = coverage + static_cast<std::size_t>(row - top) * rowBytes;
            for (int part = 0; part < stamp.segments; ++part, pixels += 32, cover += 32) {
                const __m512i share =
                    _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(cover)));
                const __m512i ground =
                    _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(pixels)));
                const __m512i sum =
                    _mm512_add_epi16(_mm512_mullo_epi16(color, share),
                                     _mm512_mullo_epi16(ground, _mm512_sub_epi16(full, share)));
                const __m512i mixed = _mm512_mulhi_epu16(_mm512_add_epi16(sum, half), divide);
                _mm256_storeu_si256(reinterpret_cast<__m256i*>(pixels), _mm512_cvtepi16_epi8(mixed));
            }
        }
    }
}

} // namespace ember::raster
