#pragma once
// The inner loops of PointRaster, one version per instruction set; all versions give equal bytes.

#include <cstddef>
#include <cstdint>

namespace ember::raster {

/// A point on its way to the image: its number within the chunk (13 bits), x and y in quarter pixels (19
/// each), counted from `reach` pixels left of and above the image. Its ink is looked up when it is drawn, so
/// that new colours need no new items.
using Item = std::uint64_t;
inline constexpr std::size_t chunkPoints = 8192;
inline constexpr int itemXShift = 13, itemYShift = 32;
inline constexpr std::uint32_t placeMask = (1U << 19) - 1;

inline std::size_t numberOf(Item item) {
    return item & (chunkPoints - 1);
}
inline std::uint32_t xOf(Item item) {
    return static_cast<std::uint32_t>(item >> itemXShift) & placeMask;
}
inline std::uint32_t yOf(Item item) {
    return static_cast<std::uint32_t>(item >> itemYShift);
}

inline constexpr int layerShift = 24;
inline std::uint32_t colorOf(std::uint32_t ink) {
    return 0xff000000U | (ink & 0xffffffU);
}

/// place = trunc(fma(value - origin, scale, shift)), in quarter pixels; kept when 0 <= place < limit.
struct Transform {
    float xOrigin, yOrigin, xScale, yScale, xShift, yShift;
    std::int32_t xLimit, yLimit;
};

/// Items that a pack function may write past the last one it reports.
inline constexpr std::size_t packSlack = 16;

/// Coverage 0 … 255 of a disc at 4 × 4 places within a pixel, times the point's alpha.
struct Stamp {
    int reach = 0;    ///< pixels from the centre's pixel to the edge; the stamp has 2 reach + 1 rows
    int segments = 0; ///< of 8 pixels per row
    const std::uint8_t* coverage = nullptr; ///< [16][rows][segments × 8][4], a byte for each channel
    std::size_t placeBytes() const {
        return static_cast<std::size_t>(2 * reach + 1) * static_cast<std::size_t>(segments) * 32;
    }
};

/// Rows `first` … `last` - 1 of the image. Column 0 of `pixels` is `reach` pixels left of the places' origin,
/// so that no stamp has to be clipped at the sides.
struct Band {
    std::uint32_t* pixels = nullptr; ///< of row 0 of the image
    std::ptrdiff_t stride = 0;
    int first = 0, last = 0;
};

/// Some items of a chunk and the inks [chunkPoints] of all its points; only those of one layer are drawn.
struct Items {
    const Item* data = nullptr;
    std::size_t count = 0;
    const std::uint32_t* ink = nullptr;
    std::uint32_t layer = 0;
};

/// Writes the items of up to chunkPoints points that may be in view; returns how many.
using PackFunction = std::size_t (*)(const float* x, const float* y, std::size_t count,
                                     const Transform& transform, Item* items);
using DiscFunction = void (*)(const Items& items, const Stamp& stamp, const Band& band);

std::size_t pack_portable(const float* x, const float* y, std::size_t count, const Transform& transform,
                          Item* items);
void discs_portable(const Items& items, const Stamp& stamp, const Band& band);
/// Bit l is set when a point has layer l.
std::uint32_t layers_of(const std::uint32_t* ink, std::size_t count);

// Compiled for x86-64-v4 in a file of their own; call only where the processor has it.
std::size_t pack_avx512(const float* x, const float* y, std::size_t count, const Transform& transform,
                        Item* items);
void discs_avx512(const Items& items, const Stamp& stamp, const Band& band);

} // namespace ember::raster
