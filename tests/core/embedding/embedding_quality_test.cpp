#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/embedding/embedding_quality.hpp"
#include "point_sets.hpp"

namespace {

using namespace ember;
using namespace ember::test;

TEST(EmbeddingQuality, TrustworthinessOfTwoColumnsIsTheReferences) {
    const PointSet points = points_of("umap_X.npy");
    PointSet two{points.rows, 2, {}};
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        two.values.push_back(points.values[row * points.dims]);
        two.values.push_back(points.values[row * points.dims + 1]);
    }
    JobContext job;
    const EmbeddingQuality found =
        measure_embedding(points.values, points.dims, two.values, 2, points.rows, {}, job);
    EXPECT_NEAR(found.trustworthiness,
                fixture("umap.json")["trustworthiness_of_first_two_columns"].get<double>(), 1e-4);
    EXPECT_EQ(found.points, points.rows);
}

TEST(EmbeddingQuality, PointsKeepTheirOwnNeighbourhoods) {
    const PointSet points = clusters(300, 5, 3, 1);
    JobContext job;
    const EmbeddingQuality found =
        measure_embedding(points.values, 5, points.values, 5, points.rows, {10, 50, 3}, job);
    EXPECT_EQ(found.trustworthiness, 1);
    EXPECT_EQ(found.neighbor_overlap, 1);
    EXPECT_EQ(found.points, 50u);
    EXPECT_THROW(measure_embedding(points.values, 5, points.values, 5, points.rows, {150, 50, 3}, job),
                 UsageError);
}

TEST(EmbeddingQuality, ASampleIsNearTheWhole) {
    const PointSet points = clusters(1200, 6, 3, 1);
    PointSet two{points.rows, 2, {}};
    for (std::uint64_t row = 0; row < points.rows; ++row) {
        two.values.push_back(points.values[row * 6]);
        two.values.push_back(points.values[row * 6 + 1]);
    }
    JobContext job;
    const EmbeddingQuality all = measure_embedding(points.values, 6, two.values, 2, points.rows, {}, job);
    const EmbeddingQuality part =
        measure_embedding(points.values, 6, two.values, 2, points.rows, {15, 400, 0}, job);
    EXPECT_NEAR(all.trustworthiness, part.trustworthiness, 0.02);
    EXPECT_NEAR(all.neighbor_overlap, part.neighbor_overlap, 0.02);
}

TEST(Procrustes, DisparityIsTheReferences) {
    const auto reference = fixture("procrustes.json");
    std::vector<float> a, b;
    for (const auto& row : reference["a"]) {
        a.insert(a.end(), {row[0].get<float>(), row[1].get<float>()});
    }
    for (const auto& row : reference["b"]) {
        b.insert(b.end(), {row[0].get<float>(), row[1].get<float>()});
    }
    EXPECT_NEAR(procrustes_disparity(a, b, a.size() / 2, 2), reference["disparity"].get<double>(), 1e-7);
    EXPECT_NEAR(procrustes_disparity(a, a, a.size() / 2, 2), 0, 1e-12);
    EXPECT_THROW(procrustes_disparity(a, std::vector<float>(a.size(), 1.0f), a.size() / 2, 2), Error);
    EXPECT_THROW(procrustes_disparity(a, b, 3, 2), Error);
}

} // namespace
