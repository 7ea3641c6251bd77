#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <tbb/task_arena.h>

#include "core/base/error.hpp"
#include "core/embedding/exact_neighbors.hpp"
#include "core/embedding/neighbors.hpp"
#include "point_sets.hpp"

namespace {

using namespace ember;
using namespace ember::test;

double distance(const float* a, const float* b, std::uint64_t dims, Metric metric) {
    double sum = 0, dot = 0, aa = 0, bb = 0, mean_a = 0, mean_b = 0;
    if (metric == Metric::correlation) {
        mean_a = std::accumulate(a, a + dims, 0.0) / static_cast<double>(dims);
        mean_b = std::accumulate(b, b + dims, 0.0) / static_cast<double>(dims);
    }
    for (std::uint64_t d = 0; d < dims; ++d) {
        const double x = a[d] - mean_a, y = b[d] - mean_b;
        sum += metric == Metric::manhattan ? std::abs(x - y) : (x - y) * (x - y);
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    switch (metric) {
    case Metric::euclidean:
        return std::sqrt(sum);
    case Metric::manhattan:
        return sum;
    default:
        return aa == 0 || bb == 0 ? (aa == bb ? 0.0 : 1.0) : 1 - dot / std::sqrt(aa * bb);
    }
}

NeighborTable found(const PointSet& points, int k, Metric metric = Metric::euclidean,
                    NeighborMethod method = NeighborMethod::automatic) {
    JobContext job;
    return find_neighbors(points.values, points.rows, points.dims, {k, metric, method, 42}, job);
}

class Metrics : public testing::TestWithParam<Metric> {};

TEST_P(Metrics, NeighboursAreTheNearest) {
    PointSet points = clusters(333, 19, 5, 1);
    std::fill_n(points.values.begin() + 3 * 19, 19, 0.0f); // no direction
    std::fill_n(points.values.begin() + 7 * 19, 19, 0.0f);
    const int k = 11;
    const NeighborTable table = found(points, k, GetParam());
    ASSERT_EQ(table.k, k);
    ASSERT_EQ(table.index.size(), points.rows * static_cast<std::uint64_t>(k));
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        std::vector<double> all;
        for (std::uint64_t other = 0; other < points.rows; ++other) {
            if (other != row) {
                all.push_back(distance(&points.values[row * 19], &points.values[other * 19], 19, GetParam()));
            }
        }
        std::sort(all.begin(), all.end());
        ASSERT_EQ(table.index[row * k], row);
        ASSERT_EQ(table.distance[row * k], 0);
        for (std::uint64_t j = 1; j < k; ++j) {
            const std::uint64_t at = row * k + j, other = table.index[at];
            ASSERT_NEAR(table.distance[at], all[j - 1], 2e-6 * (1 + all[j - 1])) << row << " " << j;
            ASSERT_NEAR(table.distance[at],
                        distance(&points.values[row * 19], &points.values[other * 19], 19, GetParam()),
                        2e-6 * (1 + all[j - 1]));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Metrics,
                         testing::Values(Metric::euclidean, Metric::cosine, Metric::correlation,
                                         Metric::manhattan),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(Neighbors, OfTheFixtureAreTheReferences) {
    const PointSet points = points_of("umap_X.npy"), distances = points_of("umap_knn_dist.npy"),
                   indices = points_of("umap_knn_idx.npy");
    const NeighborTable table = found(points, 15);
    for (std::size_t i = 0; i < table.index.size(); ++i) {
        EXPECT_NEAR(table.distance[i], distances.values[i], 1e-5) << i;
        const bool tied = i % 15 < 3 && (i / 15 >= 3 && i / 15 <= 5); // three equal points
        if (!tied && distances.values[i] > 0) {
            EXPECT_NEAR(distances.values[i],
                        distance(&points.values[i / 15 * points.dims],
                                 &points.values[table.index[i] * points.dims], points.dims,
                                 Metric::euclidean),
                        1e-5);
        }
    }
}

TEST(Neighbors, EqualDistancesGoToTheLowerIndex) {
    const PointSet points{9, 1, {0, 1, -1, 1, 0, -1, 5, 0, 1}};
    const NeighborTable table = found(points, 5);
    const std::vector<std::uint32_t> first(table.index.begin(), table.index.begin() + 5);
    EXPECT_EQ(first, (std::vector<std::uint32_t>{0, 4, 7, 1, 2}));
    const std::vector<std::uint32_t> fifth(table.index.begin() + 20, table.index.begin() + 25);
    EXPECT_EQ(fifth, (std::vector<std::uint32_t>{4, 0, 7, 1, 2}));
}

TEST(Neighbors, PermutingThePointsPermutesThem) {
    const PointSet points = clusters(500, 8, 3, 2);
    std::vector<std::uint32_t> order(points.rows);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), std::mt19937(3));
    PointSet mixed{points.rows, points.dims, {}};
    for (const std::uint32_t from : order) {
        mixed.values.insert(mixed.values.end(), points.values.begin() + from * 8,
                            points.values.begin() + from * 8 + 8);
    }
    const NeighborTable before = found(points, 9), after = found(mixed, 9);
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        for (std::uint64_t j = 0; j < 9; ++j) {
            ASSERT_EQ(order[after.index[row * 9 + j]], before.index[order[row] * 9 + j]);
        }
    }
}

TEST(Neighbors, ARotationAndAShiftLeaveThem) {
    const PointSet points = clusters(400, 2, 4, 5);
    PointSet turned = points;
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        const float x = points.values[2 * row], y = points.values[2 * row + 1];
        turned.values[2 * row] = 0.6f * x - 0.8f * y + 3;
        turned.values[2 * row + 1] = 0.8f * x + 0.6f * y - 7;
    }
    const NeighborTable before = found(points, 6), after = found(turned, 6);
    std::uint64_t equal = 0;
    for (std::size_t i = 0; i < before.index.size(); ++i) {
        equal += before.index[i] == after.index[i];
        ASSERT_NEAR(before.distance[i], after.distance[i], 1e-4);
    }
    EXPECT_GT(equal, before.index.size() * 99 / 100); // rounding may swap near ties
}

TEST(Neighbors, ScanKernelsAgree) {
    const PointSet points = clusters(700, 33, 6, 4);
    for (const Metric metric : {Metric::euclidean, Metric::manhattan}) {
        const PreparedPoints prepared{points.values, points.rows, points.dims, metric};
        JobContext job;
        const NeighborTable portable =
            exact_neighbors(prepared, prepared, true, 12, neighbor_scan_portable(), job);
        const NeighborTable best = exact_neighbors(prepared, prepared, true, 12, neighbor_scan(), job);
        EXPECT_EQ(portable.index, best.index);
        EXPECT_EQ(portable.distance, best.distance);
    }
}

TEST(Neighbors, FarFromTheOriginAreStillExact) {
    PointSet points = clusters(300, 6, 2, 9);
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        points.values[row * 6] += row % 2 ? 4000.0f : -4000.0f; // two groups, far apart
    }
    const NeighborTable table = found(points, 7);
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        std::vector<double> all;
        for (std::uint64_t other = 0; other < points.rows; ++other) {
            all.push_back(distance(&points.values[row * 6], &points.values[other * 6], 6, Metric::euclidean));
        }
        std::sort(all.begin(), all.end());
        for (std::uint64_t j = 0; j < 7; ++j) {
            ASSERT_NEAR(table.distance[row * 7 + j], all[j], 1e-5 * (1 + all[j]));
        }
    }
}

TEST(Neighbors, FewerPointsThanNeighboursAreAllOfThem) {
    const NeighborTable three = found({3, 2, {0, 0, 1, 0, 5, 0}}, 15);
    EXPECT_EQ(three.k, 3);
    EXPECT_EQ(three.index, (std::vector<std::uint32_t>{0, 1, 2, 1, 0, 2, 2, 1, 0}));
    const NeighborTable one = found({1, 2, {3, 4}}, 15);
    EXPECT_EQ(one.k, 1);
    EXPECT_EQ(one.index, (std::vector<std::uint32_t>{0}));
}

TEST(Neighbors, HugeValuesAreNoHang) {
    const NeighborTable table = found({4, 1, {1e30f, -1e30f, 3e30f, 2e30f}}, 2);
    EXPECT_EQ(table.index[0], 0u);
    EXPECT_LT(*std::max_element(table.index.begin(), table.index.end()), 4u);
}

double recall(const NeighborTable& found, const NeighborTable& exact) {
    std::uint64_t equal = 0;
    const auto k = static_cast<std::uint64_t>(exact.k);
    for (std::uint64_t row = 0; row < exact.rows; ++row) {
        const std::set<std::uint32_t> wanted(exact.index.begin() + static_cast<std::ptrdiff_t>(row * k),
                                             exact.index.begin() +
                                                 static_cast<std::ptrdiff_t>((row + 1) * k));
        for (std::uint64_t i = row * k; i < (row + 1) * k; ++i) {
            equal += wanted.contains(found.index[i]);
        }
    }
    return static_cast<double>(equal) / static_cast<double>(exact.index.size());
}

TEST(ApproximateNeighbors, AreNearlyAllOfTheNearest) {
    for (const Metric metric : {Metric::euclidean, Metric::cosine, Metric::manhattan}) {
        const PointSet points = clusters(4000, 20, 7, 3);
        const NeighborTable approximate = found(points, 15, metric, NeighborMethod::approximate);
        EXPECT_FALSE(approximate.exact);
        EXPECT_GT(recall(approximate, found(points, 15, metric)), 0.97) << to_string(metric);
        for (std::uint64_t i = 0; i < approximate.index.size(); ++i) {
            ASSERT_EQ(i % 15 == 0, approximate.index[i] == i / 15);
            ASSERT_TRUE(i % 15 == 0 || approximate.distance[i] >= approximate.distance[i - 1]);
        }
    }
}

TEST(ApproximateNeighbors, AreTheSameOnAnyNumberOfThreads) {
    const PointSet points = clusters(3000, 10, 5, 3);
    const NeighborTable many = found(points, 10, Metric::euclidean, NeighborMethod::approximate);
    tbb::task_arena one(1);
    const NeighborTable single =
        one.execute([&] { return found(points, 10, Metric::euclidean, NeighborMethod::approximate); });
    EXPECT_EQ(many.index, single.index);
    EXPECT_EQ(many.distance, single.distance);
}

TEST(ApproximateNeighbors, OfEqualPointsAreFound) {
    const PointSet points{3000, 3, std::vector<float>(9000, 1.0f)};
    const NeighborTable table = found(points, 5, Metric::euclidean, NeighborMethod::approximate);
    EXPECT_EQ(*std::max_element(table.distance.begin(), table.distance.end()), 0);
    EXPECT_LT(*std::max_element(table.index.begin(), table.index.end()), 3000u);
}

TEST(Neighbors, WrongShapesAreRefused) {
    JobContext job;
    const std::vector<float> values(6);
    EXPECT_THROW(find_neighbors(values, 2, 2, {}, job), Error);
    EXPECT_THROW(find_neighbors(values, 0, 2, {}, job), Error);
    EXPECT_THROW(find_neighbors(values, 3, 2, {0, Metric::euclidean, NeighborMethod::automatic, 1}, job),
                 UsageError);
}

} // namespace
