#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/embedding/embedding_quality.hpp"
#include "core/embedding/umap.hpp"
#include "point_sets.hpp"

namespace {

using namespace ember;
using namespace ember::test;

Umap finished(const PointSet& points, UmapOptions options = {}) {
    JobContext job;
    Umap umap = Umap::create(points.values, points.rows, points.dims, options, job);
    umap.step(umap.epochs(), job);
    return umap;
}

EmbeddingQuality quality(const PointSet& points, const Umap& umap) {
    JobContext job;
    return measure_embedding(points.values, points.dims, umap.embedding(), 2, points.rows, {}, job);
}

double least(const nlohmann::json& values) {
    return *std::min_element(values.begin(), values.end());
}

TEST(UmapQuality, OfTheFixtureIsTheReferences) {
    const PointSet points = points_of("umap_X.npy");
    const auto reference = fixture("umap.json");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        UmapOptions options;
        options.seed = seed;
        const EmbeddingQuality found = quality(points, finished(points, options));
        EXPECT_GE(found.trustworthiness, least(reference["trustworthiness_k15"]["values_5_seeds"]) - 0.01);
        EXPECT_GE(found.neighbor_overlap, least(reference["knn_overlap_k15"]["values_5_seeds"]) - 0.03);
    }
}

TEST(UmapQuality, OfRealCellsIsTheReferences) {
    const PointSet points = points_of("pbmc68k/umap_input_X_pca.npy");
    const auto reference = fixture("pbmc68k/embedding.json")["umap"];
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        UmapOptions options;
        options.seed = seed;
        const Umap umap = finished(points, options);
        const EmbeddingQuality found = quality(points, umap);
        EXPECT_GE(found.trustworthiness, least(reference["trustworthiness_k15_8_seeds"]) - 0.005);
        EXPECT_GE(found.neighbor_overlap, least(reference["knn_overlap_k15_8_seeds"]) - 0.02);
        EXPECT_NEAR(umap.a(), reference["a_b_for_min_dist_0_1"][0].get<double>(), 1e-3);
    }
}

TEST(UmapQuality, ARandomStartIsAlmostAsGood) {
    const PointSet points = points_of("pbmc68k/umap_input_X_pca.npy");
    UmapOptions options;
    options.start = UmapStart::random;
    EXPECT_GT(quality(points, finished(points, options)).trustworthiness, 0.9);
}

TEST(UmapSteps, AreTheSameOnAnyNumberOfThreadsAndInAnyPortions) {
    const PointSet points = clusters(3000, 10, 4, 6);
    UmapOptions options;
    options.epochs = 40;
    options.threads = 1;
    const Umap one = finished(points, options);
    options.threads = 3;
    JobContext job;
    Umap three = Umap::create(points.values, points.rows, points.dims, options, job);
    while (!three.done()) {
        three.step(7, job);
    }
    EXPECT_EQ(three.epoch(), 40);
    EXPECT_TRUE(std::ranges::equal(one.embedding(), three.embedding()));
    options.seed = 1;
    EXPECT_FALSE(std::ranges::equal(one.embedding(), finished(points, options).embedding()));
}

TEST(UmapSteps, MoveThePoints) {
    const PointSet points = clusters(200, 5, 2, 6);
    JobContext job;
    Umap umap = Umap::create(points.values, points.rows, points.dims, {}, job);
    EXPECT_EQ(umap.epochs(), 500);
    const std::vector<float> before(umap.embedding().begin(), umap.embedding().end());
    umap.step(10, job);
    EXPECT_EQ(umap.epoch(), 10);
    EXPECT_FALSE(std::ranges::equal(before, umap.embedding()));
}

TEST(UmapSteps, StopWhenCancelled) {
    const PointSet points = clusters(200, 5, 2, 6);
    JobContext job;
    Umap umap = Umap::create(points.values, points.rows, points.dims, {}, job);
    umap.step(3, job);
    const std::vector<float> before(umap.embedding().begin(), umap.embedding().end());
    std::stop_source source;
    source.request_stop();
    JobContext stopped(nullptr, source.get_token());
    EXPECT_THROW(umap.step(5, stopped), Cancelled);
    EXPECT_EQ(umap.epoch(), 3);
    EXPECT_TRUE(std::ranges::equal(before, umap.embedding()));
    EXPECT_THROW(Umap::create(points.values, points.rows, points.dims, {}, stopped), Cancelled);
}

TEST(UmapInput, RowsThatAreNotFiniteAreLeftOut) {
    PointSet points = clusters(120, 4, 2, 6);
    points.values[5 * 4 + 1] = NAN;
    points.values[9 * 4] = INFINITY;
    const Umap umap = finished(points);
    EXPECT_EQ(umap.left_out(), (std::vector<std::uint64_t>{5, 9}));
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        EXPECT_EQ(std::isfinite(umap.embedding()[2 * row]), row != 5 && row != 9);
        EXPECT_EQ(std::isfinite(umap.embedding()[2 * row + 1]), row != 5 && row != 9);
    }
}

TEST(UmapInput, OddShapesGiveAResult) {
    const auto all_finite = [](const Umap& umap) {
        return std::ranges::all_of(umap.embedding(), [](float x) { return std::isfinite(x); });
    };
    EXPECT_TRUE(all_finite(finished({1, 3, {1, 2, 3}})));
    EXPECT_TRUE(all_finite(finished({2, 3, {1, 2, 3, 4, 5, 6}})));
    EXPECT_TRUE(all_finite(finished({3, 1, {1, 2, 3}})));
    EXPECT_TRUE(all_finite(finished({60, 4, std::vector<float>(240, 2.5f)})));
    PointSet line{200, 1, {}};
    for (int i = 0; i < 200; ++i) {
        line.values.push_back(static_cast<float>(i));
    }
    EXPECT_TRUE(all_finite(finished(line)));
    PointSet islands{300, 2, {}}; // many components, some of two points
    for (int i = 0; i < 300; ++i) {
        islands.values.push_back(static_cast<float>(i / 3 * 1000));
        islands.values.push_back(static_cast<float>(i % 3));
    }
    UmapOptions options;
    options.neighbors = 3;
    EXPECT_TRUE(all_finite(finished(islands, options)));
}

TEST(UmapInput, NothingToEmbedIsAnError) {
    JobContext job;
    const std::vector<float> none = {NAN, 1, INFINITY, 2};
    EXPECT_THROW(Umap::create(none, 2, 2, {}, job), Error);
    EXPECT_THROW(Umap::create({}, 0, 2, {}, job), Error);
    UmapOptions options;
    options.neighbors = 1;
    const std::vector<float> some = {0, 1, 3, 2};
    EXPECT_THROW(Umap::create(some, 2, 2, options, job), UsageError);
}

TEST(UmapTransform, PutsNewPointsAmongTheirKind) {
    const PointSet points = clusters(600, 10, 3, 8);
    const std::uint64_t known = 480;
    const std::span<const float> all(points.values);
    JobContext job;
    Umap umap = Umap::create(all.first(known * 10), known, 10, {}, job);
    umap.step(umap.epochs(), job);
    std::vector<float> fresh(all.begin() + known * 10, all.end());
    fresh[3] = NAN;
    const std::vector<float> placed = umap.transform(fresh, 120, job);
    ASSERT_EQ(placed.size(), 240u);
    EXPECT_TRUE(std::isnan(placed[0]));
    for (std::uint64_t row = 1; row < 120; ++row) {
        std::uint64_t nearest = 0;
        float best = INFINITY;
        for (std::uint64_t other = 0; other < known; ++other) {
            const float dx = umap.embedding()[2 * other] - placed[2 * row];
            const float dy = umap.embedding()[2 * other + 1] - placed[2 * row + 1];
            if (dx * dx + dy * dy < best) {
                best = dx * dx + dy * dy;
                nearest = other;
            }
        }
        EXPECT_EQ(nearest % 3, (known + row) % 3) << row;
    }
    EXPECT_EQ(placed[2], umap.transform(fresh, 120, job)[2]);
}

} // namespace
