#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "core/base/threads.hpp"
#include "widgets/point_search.hpp"

using namespace ember;

namespace {

std::vector<float> randomPoints(std::size_t count, float center, float half) {
    std::mt19937 random(11);
    std::uniform_real_distribution<float> place(center - half, center + half);
    std::vector<float> xy(2 * count);
    for (float& value : xy)
        value = place(random);
    xy[6] = std::nanf("");
    xy[9] = std::numeric_limits<float>::infinity();
    return xy;
}

/// The even-odd rule as in any textbook, the ray towards smaller x.
bool inPolygon(double x, double y, const std::vector<QPointF>& polygon) {
    bool in = false;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const QPointF a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        if ((a.y() > y) != (b.y() > y) && (b.x() - a.x()) * (y - a.y()) / (b.y() - a.y()) + a.x() <= x)
            in = !in;
    }
    return in;
}

CellSelection naive(const std::vector<float>& xy, const std::vector<QPointF>& polygon) {
    CellSelection points(xy.size() / 2);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (inPolygon(xy[2 * i], xy[2 * i + 1], polygon))
            points.insert(i);
    }
    return points;
}

std::vector<QPointF> star(QPointF center, double size, int corners, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> radius(0.2, 1);
    std::vector<QPointF> polygon;
    for (int i = 0; i < corners; ++i) {
        const double angle = 2 * 3.14159265358979 * i / corners, far = size * radius(random);
        polygon.emplace_back(center.x() + far * std::cos(angle), center.y() + far * std::sin(angle));
    }
    return polygon;
}

TEST(PointSearch, LassoEqualsANaivePolygonTest) {
    const std::vector<float> xy = randomPoints(100003, 0, 10);
    for (const auto& polygon :
         {star({0, 0}, 8, 300, 1), star({5, -5}, 12, 7, 2), star({-9, 9}, 0.05, 40, 3),
          // Crosses itself; has a long horizontal and a vertical edge; one corner is a point of the cloud.
          std::vector<QPointF>{{-8, -8}, {8, 8}, {8, -8}, {-8, 8}},
          std::vector<QPointF>{{-3, -3}, {4, -3}, {4, 6}, {0, 1}, {-3, 6}},
          std::vector<QPointF>{{xy[0], xy[1]}, {xy[2], xy[3]}, {xy[4], xy[5]}}}) {
        const CellSelection expected = naive(xy, polygon);
        for (const int threads : {1, 4}) {
            set_thread_budget(threads);
            EXPECT_EQ(pointsInPolygon(xy, polygon), expected) << expected.count();
        }
    }
    set_thread_budget(0);
}

TEST(PointSearch, LassoIsExactOnAGridOfPointsAndFarFromZero) {
    std::vector<float> grid;
    for (int i = 0; i < 10000; ++i) {
        grid.push_back(static_cast<float>(i % 100));
        grid.push_back(static_cast<float>(i / 100));
    }
    const std::vector<QPointF> square = {{10, 10}, {20, 10}, {20, 20}, {10, 20}};
    EXPECT_EQ(pointsInPolygon(grid, square), naive(grid, square));
    EXPECT_EQ(pointsInPolygon(grid, square).count(), 100u);
    for (const float center : {1000.0F, 1e6F, -3e7F}) {
        const std::vector<float> far = randomPoints(20000, center, 40);
        for (const double size : {0.01, 3.0, 30.0}) {
            const auto polygon = star({center + 1.0, center - 1.0}, size, 50, 4);
            EXPECT_EQ(pointsInPolygon(far, polygon), naive(far, polygon)) << center << ", " << size;
        }
    }
}

TEST(PointSearch, PolygonsWithoutAreaHoldNothing) {
    const std::vector<float> xy = {0, 0, 1, 1, 0.5F, 0.5F};
    EXPECT_FALSE(pointsInPolygon(xy, {}).any());
    EXPECT_FALSE(pointsInPolygon(xy, {{0, 0}, {1, 1}}).any());
    EXPECT_FALSE(pointsInPolygon(xy, {{0, 0}, {1, 0}, {2, 0}}).any());
    EXPECT_FALSE(pointsInPolygon(xy, {{0, 0}, {0, 0}, {0, 0}}).any());
    EXPECT_EQ(pointsInPolygon({}, {{0, 0}, {1, 0}, {0, 1}}).size(), 0u);
}

TEST(PointSearch, RectangleIncludesItsEdges) {
    const std::vector<float> xy = {0, 0, 1, 2, 1.1F, 1, -1, 0, std::nanf(""), 1};
    const CellSelection region = pointsInRectangle(xy, QRectF(QPointF(1, 2), QPointF(0, 0)));
    EXPECT_EQ(region.indices(), (std::vector<std::uint64_t>{0, 1}));
}

TEST(PointSearch, FindsTheNearestPointWithinReach) {
    const std::vector<float> xy = randomPoints(150000, 0, 10);
    std::mt19937 random(3);
    std::uniform_real_distribution<double> place(-10, 10);
    CellSelection odd(xy.size() / 2);
    for (std::size_t i = 1; i < odd.size(); i += 2)
        odd.insert(i);
    for (int round = 0; round < 20; ++round) {
        const double x = place(random), y = place(random);
        for (const CellSelection* among :
             {static_cast<const CellSelection*>(nullptr), static_cast<const CellSelection*>(&odd)}) {
            double best = 1;
            std::int64_t expected = -1;
            for (std::size_t i = 0; i < odd.size(); ++i) {
                const double dx = (xy[2 * i] - x) / 0.05, dy = (xy[2 * i + 1] - y) / 0.1;
                if ((among == nullptr || among->contains(i)) && dx * dx + dy * dy < best) {
                    best = dx * dx + dy * dy;
                    expected = static_cast<std::int64_t>(i);
                }
            }
            EXPECT_EQ(nearestPoint(xy, {x, y}, 0.05, 0.1, among), expected);
        }
    }
    EXPECT_EQ(nearestPoint(xy, {50, 50}, 1, 1), -1);
    EXPECT_EQ(nearestPoint({2, 2, 2, 2}, {2, 2}, 1, 1), 0);
}

} // namespace
