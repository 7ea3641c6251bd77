#include "widgets/point_raster.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

#include <tbb/parallel_for.h>

#include "widgets/point_raster_kernel.hpp"

namespace ember {

using namespace raster;

namespace {

constexpr int bandRows = 64;
constexpr std::uint32_t layers = 3;
constexpr std::uint32_t hiddenBit = 1U << static_cast<std::uint32_t>(PointLayer::none);

/// Not cleared, and kept when smaller ones are asked for.
template<typename T>
class Buffer {
public:
    T* of(std::size_t count) {
        if (count > size_) {
            size_ = std::max(count, size_ + size_ / 2);
            data_ = std::make_unique_for_overwrite<T[]>(size_);
        }
        return data_.get();
    }
    T* data() const { return data_.get(); }

private:
    std::unique_ptr<T[]> data_;
    std::size_t size_ = 0;
};

/// Points of one chunk, sorted by band, in draw order within it.
struct Chunk {
    Buffer<Item> packed, sorted;
    std::vector<std::uint32_t> starts; ///< [bands + 1]
    std::uint32_t layers = 0;          ///< that its points have, a bit each
};

/// Not inline: GCC 12 vectorizes the way to float and back to double into nothing.
[[gnu::noinline]] float rounded(double value) {
    return static_cast<float>(value);
}

std::uint8_t coverageAt(double x, double y, double radius, int alpha) {
    constexpr int samples = 16;
    int inside = 0;
    for (int row = 0; row < samples; ++row) {
        for (int column = 0; column < samples; ++column) {
            const double dx = x + (column + 0.5) / samples, dy = y + (row + 0.5) / samples;
            inside += dx * dx + dy * dy <= radius * radius ? 1 : 0;
        }
    }
    return static_cast<std::uint8_t>((inside * alpha + 128) / (samples * samples));
}

struct StampMemory {
    double size = 0;
    int alpha = -1;
    Stamp stamp;
    std::vector<std::uint8_t> bytes;

    void make(double diameter, int pointAlpha) {
        if (diameter == size && pointAlpha == alpha)
            return;
        size = diameter;
        alpha = pointAlpha;
        stamp.reach = static_cast<int>(std::ceil(diameter / 2));
        const int side = 2 * stamp.reach + 1;
        stamp.segments = (side + 7) / 8;
        bytes.assign(16 * stamp.placeBytes(), 0);
        for (int place = 0; place < 16; ++place) {
            const double x = (place % 4) / 4.0 + 0.125, y = (place / 4) / 4.0 + 0.125;
            std::uint8_t* coverage = bytes.data() + static_cast<std::size_t>(place) * stamp.placeBytes();
            for (int row = 0; row < side; ++row) {
                for (int column = 0; column < side; ++column) {
                    std::fill_n(
                        coverage + (row * stamp.segments * 8 + column) * 4, 4,
                        coverageAt(column - stamp.reach - x, row - stamp.reach - y, diameter / 2, alpha));
                }
            }
        }
        stamp.coverage = bytes.data();
    }
};

std::uint32_t mixed(std::uint32_t color, std::uint32_t ground, std::uint32_t alpha) {
    std::uint32_t result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        const std::uint32_t sum =
            (color >> shift & 255) * alpha + (ground >> shift & 255) * (255 - alpha) + 128;
        result |= (sum * 257 >> 16) << shift;
    }
    return result;
}

/// Squares of one or two pixels. `some`: not all points may belong to the layer.
template<int side, bool opaque, bool some>
void squares(const Items& items, std::uint32_t alpha, const Band& band) {
    constexpr int reach = side - 1;
    constexpr std::uint32_t back = side == 1 ? 0 : 2; // quarter pixels from the centre to the corner's pixel
    const auto place = [](std::uint32_t quarter) {
        return static_cast<int>((quarter + 4 * reach - back) >> 2);
    };
    for (std::size_t i = 0; i < items.count; ++i) {
        const Item item = items.data[i];
        const std::uint32_t ink = items.ink[numberOf(item)], color = colorOf(ink);
        // All or no bits: which layer comes next cannot be foreseen, so that a branch would cost more.
        const std::uint32_t mask =
            some ? 0U - static_cast<std::uint32_t>(ink >> layerShift == items.layer) : ~0U;
        const int top = place(yOf(item)) - 2 * reach;
        std::uint32_t* pixel = band.pixels + top * band.stride + place(xOf(item));
        for (int row = top; row < top + side; ++row, pixel += band.stride) {
            if (side > 1 && (row < band.first || row >= band.last))
                continue;
            for (int k = 0; k < side; ++k) {
                const std::uint32_t drawn = opaque ? color : mixed(color, pixel[k], alpha);
                pixel[k] = some ? (drawn & mask) | (pixel[k] & ~mask) : drawn;
            }
        }
    }
}

void dots(const Items& items, bool some, int side, std::uint32_t alpha, const Band& band) {
    const bool opaque = alpha == 255;
    if (side == 1)
        (opaque ? (some ? squares<1, true, true> : squares<1, true, false>)
                : (some ? squares<1, false, true> : squares<1, false, false>))(items, alpha, band);
    else
        (opaque ? (some ? squares<2, true, true> : squares<2, true, false>)
                : (some ? squares<2, false, true> : squares<2, false, false>))(items, alpha, band);
}

/// Calls `visit(band)` for each band that the point reaches into.
template<typename Visit>
inline void visitBands(Item item, int reach, int bands, Visit visit) {
    const int row = static_cast<int>(yOf(item) >> 2) - reach;
    const int last = std::min(bands - 1, (row + reach) / bandRows);
    for (int band = std::max(0, row - reach) / bandRows; band <= last; ++band)
        visit(band);
}

/// Where points do not reach beyond their row.
inline int bandOf(Item item) {
    return static_cast<int>(yOf(item) >> 2) / bandRows;
}

/// What the sorted items depend on.
struct Sorting {
    std::uint64_t generation = 0;
    std::size_t points = 0;
    int width = 0, height = 0, reach = 0;
    double left = 0, top = 0, xScale = 0, yScale = 0;
    bool operator==(const Sorting&) const = default;
};

} // namespace

struct PointRaster::Scratch {
    PackFunction pack = pack_portable;
    DiscFunction discs = discs_portable;
    std::vector<Chunk> chunks;
    StampMemory stamp;
    Buffer<std::uint32_t> pixels, counts;
    std::vector<std::uint32_t> bandMost;
    std::uint32_t most = 0;

    std::ptrdiff_t stride = 0;
    int reach = 0, bands = 0;
    Sorting sorting;

    void prepare(const RasterView& view, int pointReach);
    void sortChunks(const RasterPoints& points, const RasterView& view);
    void sortChunk(Chunk& chunk, const Item* items, std::size_t count) const;
    RasterImage image(const RasterView& view) const {
        return {pixels.data() + 2 * reach, stride, view.width, view.height};
    }
    /// Layer by layer, chunk by chunk: `visit(items, layers)` with the layers that the chunk's points have.
    template<typename Visit>
    void visitBand(int band, const std::uint32_t* ink, Visit visit) const {
        for (std::uint32_t layer = 0; layer < layers; ++layer) {
            for (std::size_t c = 0; c < chunks.size(); ++c) {
                const Chunk& chunk = chunks[c];
                const std::uint32_t from = chunk.starts[static_cast<std::size_t>(band)];
                const std::uint32_t to = chunk.starts[static_cast<std::size_t>(band) + 1];
                if (from < to && (chunk.layers >> layer & 1) != 0)
                    visit(Items{chunk.sorted.data() + from, to - from, ink + c * chunkPoints, layer},
                          chunk.layers);
            }
        }
    }
};

void PointRaster::Scratch::prepare(const RasterView& view, int pointReach) {
    if (view.width < 0 || view.height < 0 || view.width > 65000 || view.height > 65000)
        throw std::invalid_argument("an image of points has at most 65,000 pixels a side");
    reach = pointReach;
    bands = (view.height + bandRows - 1) / bandRows;
    stride = (view.width + 4 * reach + 8 * 4 + 15) / 16 * 16;
    pixels.of(static_cast<std::size_t>(stride) * static_cast<std::size_t>(view.height) + 16);
}

void PointRaster::Scratch::sortChunk(Chunk& chunk, const Item* items, std::size_t count) const {
    const int far = reach, all = bands; // kept in registers
    chunk.starts.assign(static_cast<std::size_t>(all) + 1, 0);
    std::uint32_t* starts = chunk.starts.data();
    for (std::size_t i = 0; i < count; ++i) {
        if (far == 0)
            ++starts[bandOf(items[i])];
        else
            visitBands(items[i], far, all, [starts](int band) { ++starts[band]; });
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& start : chunk.starts)
        sum += std::exchange(start, sum);
    Item* sorted = chunk.sorted.of(sum);
    for (std::size_t i = 0; i < count; ++i) {
        const Item item = items[i];
        if (far == 0)
            sorted[starts[bandOf(item)]++] = item;
        else
            visitBands(item, far, all, [=](int band) { sorted[starts[band]++] = item; });
    }
    // Each start has moved on to the next key's.
    std::copy_backward(chunk.starts.begin(), chunk.starts.end() - 1, chunk.starts.end());
    chunk.starts.front() = 0;
}

void PointRaster::Scratch::sortChunks(const RasterPoints& points, const RasterView& view) {
    const std::size_t count = points.x.size();
    if (points.y.size() != count || points.ink.size() != count)
        throw std::invalid_argument("points need an x, a y and a colour each");
    const Sorting wanted{points.generation, count,    view.width,  view.height, reach,
                         view.left,         view.top, view.xScale, view.yScale};
    const bool sorted = points.generation != 0 && wanted == sorting;
    sorting = wanted;
    // Offsets from an origin that is a float itself lose nothing, however far one zooms in.
    Transform t{};
    t.xOrigin = rounded(view.left);
    t.yOrigin = rounded(view.top);
    t.xScale = static_cast<float>(4 * view.xScale);
    t.yScale = static_cast<float>(4 * view.yScale);
    t.xShift = static_cast<float>(4 * (reach + (t.xOrigin - view.left) * view.xScale));
    t.yShift = static_cast<float>(4 * (reach + (t.yOrigin - view.top) * view.yScale));
    t.xLimit = 4 * (view.width + 2 * reach);
    t.yLimit = 4 * (view.height + 2 * reach);
    chunks.resize((count + chunkPoints - 1) / chunkPoints);
    tbb::parallel_for(std::size_t{0}, chunks.size(), [&](std::size_t index) {
        Chunk& chunk = chunks[index];
        const std::size_t first = index * chunkPoints, size = std::min(chunkPoints, count - first);
        chunk.layers = layers_of(points.ink.data() + first, size);
        if (sorted)
            return;
        Item* items = chunk.packed.of(chunkPoints + packSlack);
        sortChunk(chunk, items, pack(points.x.data() + first, points.y.data() + first, size, t, items));
    });
}

bool PointRaster::hasAvx512() noexcept {
    static const bool yes = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512cd");
    return yes;
}

PointRaster::PointRaster(RasterKernel kernel) : scratch_(std::make_unique<Scratch>()) {
    if (kernel == RasterKernel::avx512 || (kernel == RasterKernel::automatic && hasAvx512())) {
        scratch_->pack = pack_avx512;
        scratch_->discs = discs_avx512;
    }
}

PointRaster::~PointRaster() = default;
PointRaster::PointRaster(PointRaster&&) noexcept = default;
PointRaster& PointRaster::operator=(PointRaster&&) noexcept = default;

RasterImage PointRaster::draw(const RasterPoints& points, const RasterView& view) {
    Scratch& s = *scratch_;
    const bool disc = view.size >= 2;
    const int side = view.size < 1.5 ? 1 : 2;
    if (disc)
        s.stamp.make(view.size, view.alpha);
    s.prepare(view, disc ? s.stamp.stamp.reach : side - 1);
    s.sortChunks(points, view);
    tbb::parallel_for(0, s.bands, [&](int index) {
        const Band band{s.pixels.data(), s.stride, index * bandRows,
                        std::min(view.height, (index + 1) * bandRows)};
        std::fill(band.pixels + band.first * s.stride, band.pixels + band.last * s.stride, view.ground);
        s.visitBand(index, points.ink.data(), [&](const Items& items, std::uint32_t present) {
            if (disc) {
                s.discs(items, s.stamp.stamp, band);
                return;
            }
            // What lies above the lowest layer covers itself again later: there, all points may be drawn.
            const std::uint32_t layer = 1U << items.layer;
            const bool all = view.alpha == 255 && (present & hiddenBit) == 0 && (present & (layer - 1)) == 0;
            dots(items, present != layer && !all, side, static_cast<std::uint32_t>(view.alpha), band);
        });
    });
    return s.image(view);
}

RasterImage PointRaster::drawDensity(const RasterPoints& points, const RasterView& view,
                                     const DensityView& density) {
    const int cell = density.cell;
    if (cell < 1 || cell > bandRows || (cell & (cell - 1)) != 0 || density.table.size() != 256)
        throw std::invalid_argument("density cells have 1, 2, 4 … 32 pixels and 256 colours");
    Scratch& s = *scratch_;
    s.prepare(view, 0);
    s.sortChunks(points, view);
    const std::size_t columns = static_cast<std::size_t>((view.width + cell - 1) / cell);
    const int shift = std::countr_zero(static_cast<unsigned>(cell));
    const std::size_t bandCells = columns * static_cast<std::size_t>(bandRows / cell);
    s.counts.of(bandCells * static_cast<std::size_t>(s.bands) + 1);
    s.bandMost.assign(static_cast<std::size_t>(s.bands), 0);
    tbb::parallel_for(0, s.bands, [&](int index) {
        std::uint32_t* counts = s.counts.data() + static_cast<std::size_t>(index) * bandCells;
        std::fill_n(counts, bandCells, 0U);
        const std::uint32_t firstRow = static_cast<std::uint32_t>(index * bandRows) >> shift;
        s.visitBand(index, points.ink.data(), [&](const Items& items, std::uint32_t) {
            for (std::size_t i = 0; i < items.count; ++i) {
                const Item item = items.data[i];
                counts[((yOf(item) >> (2 + shift)) - firstRow) * columns + (xOf(item) >> (2 + shift))] +=
                    static_cast<std::uint32_t>(items.ink[numberOf(item)] >> layerShift == items.layer);
            }
        });
        s.bandMost[static_cast<std::size_t>(index)] = *std::max_element(counts, counts + bandCells);
    });
    s.most = s.bandMost.empty() ? 0 : *std::max_element(s.bandMost.begin(), s.bandMost.end());
    const double scale = s.most > 1 ? 255 / std::log(static_cast<double>(s.most)) : 0;
    std::vector<std::uint32_t> colors(std::min<std::size_t>(s.most, 65535) + 1, view.ground);
    const auto colorOfCount = [&](std::uint32_t count) {
        return density.table[static_cast<std::size_t>(std::lround(std::log(count) * scale))];
    };
    for (std::size_t count = 1; count < colors.size(); ++count)
        colors[count] = colorOfCount(static_cast<std::uint32_t>(count));
    tbb::parallel_for(0, (view.height + cell - 1) / cell, [&](int cellRow) {
        const std::uint32_t* counts = s.counts.data() + static_cast<std::size_t>(cellRow) * columns;
        std::uint32_t* pixels = s.pixels.data() + cellRow * cell * s.stride;
        for (std::size_t column = 0; column < columns; ++column) { // the last one may end in the margin
            const std::uint32_t count = counts[column];
            std::fill_n(pixels + (column << shift), cell,
                        count < colors.size() ? colors[count] : colorOfCount(count));
        }
        for (int row = 1; row < std::min(cell, view.height - cellRow * cell); ++row)
            std::copy_n(pixels, view.width, pixels + row * s.stride);
    });
    return s.image(view);
}

std::uint32_t PointRaster::mostInCell() const {
    return scratch_->most;
}

double automaticPointSize(std::size_t points, double width, double height, double zoom) {
    if (points == 0 || width <= 0 || height <= 0)
        return 1;
    const double spacing = std::sqrt(width * height / static_cast<double>(points));
    return std::clamp(0.6 * spacing * std::sqrt(std::max(1.0, zoom)), 1.0, 9.0);
}

} // namespace ember
