#include "widgets/point_raster_kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <immintrin.h>

namespace ember::raster {

namespace {

Item itemOf(std::uint32_t ink, std::uint32_t x, std::uint32_t y) {
    return ink | static_cast<Item>(x) << xShift | static_cast<Item>(y) << yShift;
}

/// (color × coverage + ground × (255 - coverage)) / 255, rounded, for 16 channels.
__m256i blended(__m256i color, __m256i ground, __m256i coverage) {
    const __m256i rest = _mm256_sub_epi16(_mm256_set1_epi16(255), coverage);
    const __m256i sum =
        _mm256_add_epi16(_mm256_mullo_epi16(color, coverage), _mm256_mullo_epi16(ground, rest));
    return _mm256_mulhi_epu16(_mm256_add_epi16(sum, _mm256_set1_epi16(128)), _mm256_set1_epi16(257));
}

__m256i wide(const std::uint8_t* bytes) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

} // namespace

std::size_t pack_portable(const float* x, const float* y, const std::uint32_t* ink, std::size_t count,
                          const Transform& t, Item* items) {
    std::size_t written = 0;
    const auto keep = [&](std::int32_t px, std::int32_t py, std::uint32_t color) {
        if (px >= 0 && px < t.xLimit && py >= 0 && py < t.yLimit && color < 3U << layerShift)
            items[written++] = itemOf(color, static_cast<std::uint32_t>(px), static_cast<std::uint32_t>(py));
    };
    const __m256 xOrigin = _mm256_set1_ps(t.xOrigin), yOrigin = _mm256_set1_ps(t.yOrigin);
    const __m256 xScale = _mm256_set1_ps(t.xScale), yScale = _mm256_set1_ps(t.yScale);
    const __m256 xMove = _mm256_set1_ps(t.xShift), yMove = _mm256_set1_ps(t.yShift);
    const __m256i xLast = _mm256_set1_epi32(t.xLimit), yLast = _mm256_set1_epi32(t.yLimit);
    const __m256i least = _mm256_set1_epi32(-1), none = _mm256_set1_epi32(3 << layerShift);
    alignas(32) std::int32_t px[8], py[8];
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        // What is no number or too large becomes the smallest integer, which is not kept.
        const __m256i qx = _mm256_cvttps_epi32(
            _mm256_fmadd_ps(_mm256_sub_ps(_mm256_loadu_ps(x + i), xOrigin), xScale, xMove));
        const __m256i qy = _mm256_cvttps_epi32(
            _mm256_fmadd_ps(_mm256_sub_ps(_mm256_loadu_ps(y + i), yOrigin), yScale, yMove));
        const __m256i colors = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ink + i));
        const __m256i inside = _mm256_and_si256(
            _mm256_and_si256(_mm256_and_si256(_mm256_cmpgt_epi32(qx, least), _mm256_cmpgt_epi32(xLast, qx)),
                             _mm256_and_si256(_mm256_cmpgt_epi32(qy, least), _mm256_cmpgt_epi32(yLast, qy))),
            _mm256_cmpgt_epi32(none, colors));
        auto mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(inside)));
        _mm256_store_si256(reinterpret_cast<__m256i*>(px), qx);
        _mm256_store_si256(reinterpret_cast<__m256i*>(py), qy);
        for (; mask != 0; mask &= mask - 1) {
            const auto lane = static_cast<std::size_t>(std::countr_zero(mask));
            items[written++] = itemOf(ink[i + lane], static_cast<std::uint32_t>(px[lane]),
                                      static_cast<std::uint32_t>(py[lane]));
        }
    }
    for (; i < count; ++i) {
        const auto place = [](float value, float origin, float scale, float move) {
            return _mm_cvttss_si32(_mm_set_ss(std::fma(value - origin, scale, move)));
        };
        keep(place(x[i], t.xOrigin, t.xScale, t.xShift), place(y[i], t.yOrigin, t.yScale, t.yShift), ink[i]);
    }
    return written;
}

void discs_portable(const Item* items, std::size_t count, const Stamp& stamp, const Band& band) {
    const std::size_t rowBytes = static_cast<std::size_t>(stamp.segments) * 32;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t x = xOf(items[i]), y = yOf(items[i]);
        const std::uint8_t* coverage = stamp.coverage + ((y & 3) * 4 + (x & 3)) * stamp.placeBytes();
        const int top = static_cast<int>(y >> 2) - 2 * stamp.reach;
        const int first = std::max(top, band.first), last = std::min(top + 2 * stamp.reach + 1, band.last);
        const __m256i color = _mm256_cvtepu8_epi16(_mm_set1_epi32(static_cast<int>(colorOf(items[i]))));
        for (int row = first; row < last; ++row) {
            auto* pixels = reinterpret_cast<std::uint8_t*>(band.pixels + row * band.stride + (x >> 2));
            const std::uint8_t* cover = coverage + static_cast<std::size_t>(row - top) * rowBytes;
            for (int part = 0; part < 2 * stamp.segments; ++part, pixels += 16, cover += 16) {
                const __m256i mixed = blended(color, wide(pixels), wide(cover));
                _mm_storeu_si128(
                    reinterpret_cast<__m128i*>(pixels),
                    _mm_packus_epi16(_mm256_castsi256_si128(mixed), _mm256_extracti128_si256(mixed, 1)));
            }
        }
    }
}

} // namespace ember::raster
