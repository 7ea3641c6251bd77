#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "core/base/threads.hpp"
#include "widgets/point_raster.hpp"

using namespace ember;

namespace {

struct Points {
    std::vector<float> x, y;
    std::vector<std::uint32_t> ink;
    RasterPoints raster() const { return {x, y, ink, 0}; }
};

/// Some outside, some no numbers, three layers, some hidden.
Points randomPoints(std::size_t count) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> place(-1.3F, 1.3F);
    Points points;
    for (std::size_t i = 0; i < count; ++i) {
        points.x.push_back(place(random));
        points.y.push_back(place(random));
        const auto layer = static_cast<PointLayer>(random() % 8 == 0 ? 3 : random() % 3);
        points.ink.push_back(pointInk(static_cast<std::uint32_t>(random()), layer));
    }
    points.x[3] = std::nanf("");
    points.y[4] = std::numeric_limits<float>::infinity();
    points.x[5] = -std::numeric_limits<float>::infinity();
    points.x[6] = 3e38F;
    return points;
}

RasterView smallView() {
    RasterView view;
    view.width = 150;
    view.height = 211;
    view.left = -1;
    view.top = 1;
    view.xScale = 75.3;
    view.yScale = -105.1;
    view.ground = 0xffeeeeee;
    return view;
}

using Image = std::vector<std::uint32_t>;

Image imageOf(const RasterImage& raster) {
    Image pixels;
    for (int row = 0; row < raster.height; ++row)
        pixels.insert(pixels.end(), raster.pixels + row * raster.stride,
                      raster.pixels + row * raster.stride + raster.width);
    return pixels;
}

std::uint32_t blend(std::uint32_t color, std::uint32_t ground, int coverage) {
    std::uint32_t result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        const double over = color >> shift & 255, under = ground >> shift & 255;
        result |=
            static_cast<std::uint32_t>(std::floor((over * coverage + under * (255 - coverage)) / 255 + 0.5))
            << shift;
    }
    return result;
}

/// Quarter pixels from the image's corner, as a processor of any kind rounds them.
long quarters(float value, double corner, double scale, int reach) {
    const volatile auto origin = static_cast<float>(corner); // some compilers skip the rounding otherwise
    const auto shift = static_cast<float>(4 * (reach + (double{origin} - corner) * scale));
    const float place = std::fma(value - origin, static_cast<float>(4 * scale), shift);
    return std::isfinite(place) && std::fabs(place) < 1e6F ? static_cast<long>(place) - 4 * reach
                                                           : std::numeric_limits<long>::min();
}

/// How much of the pixel at (dx, dy) from the disc's centre lies in the disc: 256 samples.
int discCoverage(double dx, double dy, double radius, int alpha) {
    int inside = 0;
    for (int i = 0; i < 256; ++i) {
        const double x = dx + (i % 16 + 0.5) / 16, y = dy + (i / 16 + 0.5) / 16;
        inside += x * x + y * y <= radius * radius ? 1 : 0;
    }
    return (inside * alpha + 128) / 256;
}

/// Point by point, pixel by pixel, layer by layer.
Image reference(const Points& points, const RasterView& view) {
    Image image(static_cast<std::size_t>(view.width * view.height), view.ground);
    const bool disc = view.size >= 2;
    const int side = view.size < 1.5 ? 1 : 2;
    const int reach = disc ? static_cast<int>(std::ceil(view.size / 2)) : side - 1;
    const auto paint = [&](long column, long row, std::uint32_t color, int coverage) {
        if (column < 0 || column >= view.width || row < 0 || row >= view.height)
            return;
        std::uint32_t& pixel = image[static_cast<std::size_t>(row * view.width + column)];
        pixel = blend(color, pixel, coverage);
    };
    const auto down = [](long value) { return value >= 0 ? value / 4 : -((-value + 3) / 4); };
    for (std::uint32_t layer = 0; layer < 3; ++layer) {
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            if (points.ink[i] >> 24 != layer)
                continue;
            const long qx = quarters(points.x[i], view.left, view.xScale, reach);
            const long qy = quarters(points.y[i], view.top, view.yScale, reach);
            // Beyond this no part of the point can reach the image.
            if (qx < -4 * reach || qy < -4 * reach || qx >= 4 * (view.width + reach) ||
                qy >= 4 * (view.height + reach))
                continue;
            const std::uint32_t color = 0xff000000 | (points.ink[i] & 0xffffff);
            if (!disc) {
                const long left = down(qx - (side == 1 ? 0 : 2)), top = down(qy - (side == 1 ? 0 : 2));
                for (int k = 0; k < side * side; ++k)
                    paint(left + k % side, top + k / side, color, view.alpha);
                continue;
            }
            const long x = down(qx), y = down(qy);
            const double fx = static_cast<double>(qx - 4 * x) / 4 + 0.125;
            const double fy = static_cast<double>(qy - 4 * y) / 4 + 0.125;
            for (int dy = -reach; dy <= reach; ++dy) {
                for (int dx = -reach; dx <= reach; ++dx)
                    paint(x + dx, y + dy, color, discCoverage(dx - fx, dy - fy, view.size / 2, view.alpha));
            }
        }
    }
    return image;
}

std::vector<RasterKernel> kernels() {
    std::vector<RasterKernel> all = {RasterKernel::portable};
    if (PointRaster::hasAvx512())
        all.push_back(RasterKernel::avx512);
    return all;
}

class Threads {
public:
    explicit Threads(int count) { set_thread_budget(count); }
    ~Threads() { set_thread_budget(0); }
};

TEST(PointRaster, EqualsAReferenceAtEverySizeAndAlpha) {
    const Points points = randomPoints(20000);
    for (const double size : {1.0, 1.7, 2.0, 3.6, 7.3, 12.0, 33.0}) {
        for (const int alpha : {255, 90}) {
            RasterView view = smallView();
            view.size = size;
            view.alpha = alpha;
            Points some = points;
            if (size > 5) { // the reference is slow
                some.x.resize(1500);
                some.y.resize(1500);
                some.ink.resize(1500);
            }
            const Image expected = reference(some, view);
            for (const RasterKernel kernel : kernels()) {
                PointRaster raster(kernel);
                EXPECT_EQ(imageOf(raster.draw(some.raster(), view)), expected)
                    << "size " << size << ", alpha " << alpha << ", kernel " << static_cast<int>(kernel);
            }
        }
    }
}

TEST(PointRaster, LayersAreRightWithoutHiddenPoints) {
    Points points = randomPoints(30000);
    for (std::uint32_t& ink : points.ink)
        ink = ink >> 24 == 3 ? pointInk(ink, PointLayer::above) : ink;
    // One chunk whose lowest layer is not the lowest of all.
    for (std::size_t i = 8192; i < 16384; ++i)
        points.ink[i] = pointInk(points.ink[i], i % 2 == 0 ? PointLayer::normal : PointLayer::above);
    for (const double size : {1.0, 1.7, 2.5}) {
        RasterView view = smallView();
        view.size = size;
        EXPECT_EQ(imageOf(PointRaster().draw(points.raster(), view)), reference(points, view)) << size;
    }
}

TEST(PointRaster, HasTheSameBytesForAnyNumberOfThreads) {
    const Points points = randomPoints(60000);
    RasterView view = smallView();
    view.width = 700;
    view.height = 500;
    view.xScale = 350;
    view.yScale = -250;
    view.size = 4.4;
    const Image expected = [&] {
        const Threads one(1);
        return imageOf(PointRaster().draw(points.raster(), view));
    }();
    for (const int threads : {2, 3, 4}) {
        const Threads budget(threads);
        for (const RasterKernel kernel : kernels()) {
            PointRaster raster(kernel);
            EXPECT_EQ(imageOf(raster.draw(points.raster(), view)), expected) << threads << " threads";
        }
    }
}

TEST(PointRaster, KeepsNothingOfTheDrawingBefore) {
    const Points many = randomPoints(30000), few = randomPoints(100);
    RasterView view = smallView();
    view.size = 6;
    PointRaster raster;
    raster.draw(many.raster(), view);
    EXPECT_EQ(imageOf(raster.draw(few.raster(), view)), imageOf(PointRaster().draw(few.raster(), view)));
    view.size = 1;
    EXPECT_EQ(imageOf(raster.draw(few.raster(), view)), reference(few, view));
}

TEST(PointRaster, NewInksOnTheSamePointsAreDrawnAsIfAnew) {
    Points points = randomPoints(30000);
    for (const double size : {1.0, 1.7, 5.0}) {
        RasterView view = smallView();
        view.size = size;
        for (const RasterKernel kernel : kernels()) {
            PointRaster raster(kernel);
            const auto drawn = [&](std::uint64_t generation) {
                RasterPoints cloud = points.raster();
                cloud.generation = generation;
                return imageOf(raster.draw(cloud, view));
            };
            drawn(7);
            std::rotate(points.ink.begin(), points.ink.begin() + 11, points.ink.end());
            EXPECT_EQ(drawn(7), imageOf(PointRaster().draw(points.raster(), view)));
            view.left += 0.01;
            EXPECT_EQ(drawn(7), imageOf(PointRaster().draw(points.raster(), view))) << "another view";
            std::rotate(points.x.begin(), points.x.begin() + 5, points.x.end());
            EXPECT_EQ(drawn(8), imageOf(PointRaster().draw(points.raster(), view))) << "other points";
        }
    }
}

TEST(PointRaster, DrawsLayersFromTheBottomUp) {
    Points points{{0, 0, 0}, {0, 0, 0}, {}};
    points.ink = {pointInk(0x00ff00, PointLayer::above), pointInk(0x0000ff, PointLayer::normal),
                  pointInk(0xff0000, PointLayer::below)};
    RasterView view{.width = 3, .height = 3, .left = -1.5, .top = 1.5, .xScale = 1, .yScale = -1, .size = 1};
    EXPECT_EQ(imageOf(PointRaster().draw(points.raster(), view))[4], 0xff00ff00);
    points.ink[0] = hiddenInk;
    EXPECT_EQ(imageOf(PointRaster().draw(points.raster(), view))[4], 0xff0000ff);
}

TEST(PointRaster, StaysSharpWhenZoomedInFarFromZero) {
    // Neighbouring floats around 1,000 lie 6e-5 apart: 60 pixels at this zoom.
    const float first = 1000, second = std::nextafter(first, 2000.0F);
    const Points points{
        {first, second}, {0, 0}, {pointInk(1, PointLayer::normal), pointInk(2, PointLayer::normal)}};
    RasterView view{
        .width = 200, .height = 1, .left = 999.9999895, .top = 0.5, .xScale = 1e6, .yScale = -1, .size = 1};
    const Image image = imageOf(PointRaster().draw(points.raster(), view));
    EXPECT_EQ(image[10], 0xff000001);
    EXPECT_EQ(image[static_cast<std::size_t>(std::floor(10.5 + (double{second} - first) * 1e6))], 0xff000002);
}

TEST(PointRaster, TransparentGroundStaysPremultiplied) {
    const Points points{{0}, {0}, {pointInk(0xff8040, PointLayer::normal)}};
    RasterView view{.width = 9, .height = 9, .left = -4.5, .top = 4.5, .size = 5, .alpha = 128, .ground = 0};
    for (const std::uint32_t pixel : imageOf(PointRaster().draw(points.raster(), view))) {
        for (int shift = 0; shift < 24; shift += 8)
            EXPECT_LE(pixel >> shift & 255, pixel >> 24);
    }
}

TEST(PointRaster, DensityCountsPointsPerCell) {
    const Points points = randomPoints(5000);
    std::vector<std::uint32_t> table(256);
    for (std::uint32_t i = 0; i < 256; ++i)
        table[i] = 0xff000000 + i;
    const RasterView view = smallView();
    for (const int cell : {1, 4, 32}) {
        std::vector<std::uint32_t> counts(static_cast<std::size_t>(view.width * view.height));
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            const long x = quarters(points.x[i], view.left, view.xScale, 0);
            const long y = quarters(points.y[i], view.top, view.yScale, 0);
            if (points.ink[i] != hiddenInk && points.ink[i] >> 24 < 3 && x >= 0 && y >= 0 &&
                x < 4 * view.width && y < 4 * view.height)
                ++counts[static_cast<std::size_t>(y / 4 / cell * view.width + x / 4 / cell)];
        }
        const std::uint32_t most = *std::max_element(counts.begin(), counts.end());
        for (const int threads : {1, 4}) {
            const Threads budget(threads);
            PointRaster raster;
            const Image image = imageOf(raster.drawDensity(points.raster(), view, {cell, table}));
            EXPECT_EQ(raster.mostInCell(), most);
            for (int row = 0; row < view.height; ++row) {
                for (int column = 0; column < view.width; ++column) {
                    const std::uint32_t count =
                        counts[static_cast<std::size_t>(row / cell * view.width + column / cell)];
                    const auto step = most > 1
                                          ? std::lround(std::log(count) *
                                                        (255 / std::log(double{static_cast<double>(most)})))
                                          : 0;
                    ASSERT_EQ(image[static_cast<std::size_t>(row * view.width + column)],
                              count == 0 ? view.ground : table[static_cast<std::size_t>(step)])
                        << column << ", " << row << ", cell " << cell;
                }
            }
        }
    }
}

TEST(PointRaster, RefusesWhatItCannotDraw) {
    const Points points = randomPoints(10);
    RasterPoints uneven = points.raster();
    uneven.ink = uneven.ink.first(3);
    EXPECT_THROW(PointRaster().draw(uneven, smallView()), std::invalid_argument);
    RasterView huge = smallView();
    huge.width = 70000;
    EXPECT_THROW(PointRaster().draw(points.raster(), huge), std::invalid_argument);
    RasterView none = smallView();
    none.height = 0;
    EXPECT_EQ(PointRaster().draw(points.raster(), none).height, 0);
}

TEST(PointRaster, PointsShrinkWithTheirNumberAndGrowWithTheZoom) {
    EXPECT_GT(automaticPointSize(1000, 1920, 1080, 1), automaticPointSize(57298, 1920, 1080, 1));
    EXPECT_GT(automaticPointSize(57298, 1920, 1080, 1), 2);
    EXPECT_LT(automaticPointSize(1000000, 1920, 1080, 1), 2);
    EXPECT_GE(automaticPointSize(100000000, 1920, 1080, 1), 1);
    EXPECT_GT(automaticPointSize(1000000, 1920, 1080, 100), automaticPointSize(1000000, 1920, 1080, 1));
}

} // namespace
