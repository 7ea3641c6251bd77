#include "widgets/point_raster_kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <immintrin.h>

namespace ember::raster {

namespace {

Item itemOf(std::size_t number, std::int32_t x, std::int32_t y) {
    return number | static_cast<Item>(x) << itemXShift | static_cast<Item>(y) << itemYShift;
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

std::size_t pack_portable(const float* x, const float* y, std::size_t count, const Transform& t,
                          Item* items) {
    const __m256 xOrigin = _mm256_set1_ps(t.xOrigin), yOrigin = _mm256_set1_ps(t.yOrigin);
    const __m256 xScale = _mm256_set1_ps(t.xScale), yScale = _mm256_set1_ps(t.yScale);
    const __m256 xMove = _mm256_set1_ps(t.xShift), yMove = _mm256_set1_ps(t.yShift);
    const __m256i xLast = _mm256_set1_epi32(t.xLimit), yLast = _mm256_set1_epi32(t.yLimit);
    const __m256i least = _mm256_set1_epi32(-1);
    alignas(32) std::int32_t px[8], py[8];
    std::size_t written = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        // What is no number or too large becomes the smallest integer, which is not kept.
        const __m256i qx = _mm256_cvttps_epi32(
            _mm256_fmadd_ps(_mm256_sub_ps(_mm256_loadu_ps(x + i), xOrigin), xScale, xMove));
        const __m256i qy = _mm256_cvttps_epi32(
            _mm256_fmadd_ps(_mm256_sub_ps(_mm256_loadu_ps(y + i), yOrigin), yScale, yMove));
        const __m256i inside =
            _mm256_and_si256(_mm256_and_si256(_mm256_cmpgt_epi32(qx, least), _mm256_cmpgt_epi32(xLast, qx)),
                             _mm256_and_si256(_mm256_cmpgt_epi32(qy, least), _mm256_cmpgt_epi32(yLast, qy)));
        auto mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(inside)));
        _mm256_store_si256(reinterpret_cast<__m256i*>(px), qx);
        _mm256_store_si256(reinterpret_cast<__m256i*>(py), qy);
        for (; mask != 0; mask &= mask - 1) {
            const auto lane = static_cast<std::size_t>(std::countr_zero(mask));
            items[written++] = itemOf(i + lane, px[lane], py[lane]);
        }
    }
    const auto place = [](float value, float origin, float scale, float move) {
        return _mm_cvttss_si32(_mm_set_ss(std::fma(value - origin, scale, move)));
    };
    for (; i < count; ++i) {
        const std::int32_t qx = place(x[i], t.xOrigin, t.xScale, t.xShift);
        const std::int32_t qy = place(y[i], t.yOrigin, t.yScale, t.yShift);
        if (qx >= 0 && qx < t.xLimit && qy >= 0 && qy < t.yLimit)
            items[written++] = itemOf(i, qx, qy);
    }
    return written;
}

std::uint32_t layers_of(const std::uint32_t* ink, std::size_t count) {
    __m256i found = _mm256_setzero_si256();
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i inks = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ink + i));
        found = _mm256_or_si256(found,
                                _mm256_sllv_epi32(_mm256_set1_epi32(1), _mm256_srli_epi32(inks, layerShift)));
    }
    alignas(32) std::uint32_t lanes[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), found);
    std::uint32_t layers = 0;
    for (const std::uint32_t lane : lanes)
        layers |= lane;
    for (; i < count; ++i)
        layers |= 1U << (ink[i] >> layerShift);
    return layers;
}

void discs_portable(const Items& items, const Stamp& stamp, const Band& band) {
    const std::size_t rowBytes = static_cast<std::size_t>(stamp.segments) * 32;
    for (std::size_t i = 0; i < items.count; ++i) {
        const std::uint32_t ink = items.ink[numberOf(items.data[i])];
        if (ink >> layerShift != items.layer)
            continue;
        const std::uint32_t x = xOf(items.data[i]), y = yOf(items.data[i]);
        const std::uint8_t* coverage = stamp.coverage + ((y & 3) * 4 + (x & 3)) * stamp.placeBytes();
        const int top = static_cast<int>(y >> 2) - 2 * stamp.reach;
        const int first = std::max(top, band.first), last = std::min(top + 2 * stamp.reach + 1, band.last);
        const __m256i color = _mm256_cvtepu8_epi16(_mm_set1_epi32(static_cast<int>(colorOf(ink))));
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
