#pragma once
// Draws many points into an image: on the processor, in parallel, with the same bytes for any number of
// threads and on any processor.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ember {

/// Which of three layers a point is drawn in, from the bottom up.
enum class PointLayer : std::uint32_t { below = 0, normal = 1, above = 2, none = 3 };

/// Colour (0xrrggbb) and layer of a point in one word.
constexpr std::uint32_t pointInk(std::uint32_t rgb, PointLayer layer) {
    return (rgb & 0xffffffU) | static_cast<std::uint32_t>(layer) << 24;
}
inline constexpr std::uint32_t hiddenInk = pointInk(0, PointLayer::none);

/// [points] each, in the order they are drawn within a layer. Points with a NaN or an infinity are skipped.
struct RasterPoints {
    std::span<const float> x, y;
    std::span<const std::uint32_t> ink; ///< pointInk()
    /// Not 0: x and y are those of the drawing before if that had the same number; only the inks may be
    /// others.
    std::uint64_t generation = 0;
};

struct RasterView {
    int width = 0, height = 0;      ///< pixels; at most 65,000 each
    double left = 0, top = 0;       ///< data coordinates of the image's corner
    double xScale = 1, yScale = -1; ///< pixels per data unit; negative: rising upwards
    double size = 1; ///< diameter in pixels: below 1.5 one pixel, below 2 a square of two, else a disc
    int alpha = 255; ///< of each point
    std::uint32_t ground = 0xffffffff; ///< premultiplied ARGB that the image is filled with first
};

/// Premultiplied ARGB, valid until the next drawing or the end of the PointRaster.
struct RasterImage {
    const std::uint32_t* pixels = nullptr;
    std::ptrdiff_t stride = 0; ///< pixels from row to row
    int width = 0, height = 0;
};

struct DensityView {
    int cell = 4; ///< pixels; a power of two, at most 32
    std::span<const std::uint32_t>
        table; ///< [256] premultiplied ARGB from one point per cell to `most`, by logarithm
};

enum class RasterKernel { automatic, portable, avx512 };

/// Keeps its memory from drawing to drawing.
class PointRaster {
public:
    explicit PointRaster(RasterKernel kernel = RasterKernel::automatic);
    ~PointRaster();
    PointRaster(PointRaster&&) noexcept;
    PointRaster& operator=(PointRaster&&) noexcept;

    RasterImage draw(const RasterPoints& points, const RasterView& view);

    /// Points per square cell instead of points; size and alpha of the view have no meaning here.
    RasterImage drawDensity(const RasterPoints& points, const RasterView& view, const DensityView& density);
    std::uint32_t mostInCell() const; ///< of the last drawDensity()

    static bool hasAvx512() noexcept;

private:
    struct Scratch;
    std::unique_ptr<Scratch> scratch_;
};

/// Diameter in pixels for a cloud of `points` on an image of `width` × `height`: smaller the more there are,
/// slowly growing with the zoom (1: all in view).
double automaticPointSize(std::size_t points, double width, double height, double zoom);

} // namespace ember
