#include <cmath>

#include <gtest/gtest.h>

#include "../analysis/memory_anndata.hpp"
#include "core/base/error.hpp"
#include "core/embedding/gram.hpp"
#include "core/embedding/pca.hpp"
#include "point_sets.hpp"

namespace {

using namespace ember;
using namespace ember::test;

MatrixPtr matrix_of(const PointSet& points, bool sparse = false, std::uint64_t block_rows = 7) {
    MemoryAnnData data(points.rows, points.dims);
    data.set_x({points.rows, points.dims, std::vector<double>(points.values.begin(), points.values.end()),
                sparse, false, block_rows});
    return data.matrix({});
}

PcaResult pca_of(const PointSet& points, int components, bool sparse = false) {
    JobContext job;
    return pca(*matrix_of(points, sparse), {components, true, 0}, job);
}

class PcaStorage : public testing::TestWithParam<bool> {};

TEST_P(PcaStorage, OfTheFixtureIsTheReferences) {
    const PointSet points = points_of("svd_X.npy");
    const auto reference = fixture("svd.json")["pca"];
    const PointSet components = points_of("pca_components6.npy");
    const PcaResult found = pca_of(points, 6, GetParam());
    ASSERT_EQ(found.genes, points.dims);
    for (std::uint64_t c = 0; c < 6; ++c) {
        const double variance = reference["explained_variance_ddof1"][c].get<double>();
        EXPECT_NEAR(found.variance[c], variance, 1e-6 * variance + 1e-6);
        EXPECT_NEAR(found.variance_ratio[c], reference["explained_variance_ratio"][c].get<double>(), 1e-6);
        for (std::uint64_t gene = 0; gene < points.dims; ++gene) {
            EXPECT_NEAR(found.components[c * points.dims + gene], components.values[c * points.dims + gene],
                        1e-4);
        }
        for (std::uint64_t row = 0; row < points.rows; ++row) {
            EXPECT_NEAR(found.scores[row * 6 + c], reference["scores"][row][c].get<double>(), 2e-4);
        }
    }
    for (std::uint64_t gene = 0; gene < points.dims; ++gene) {
        EXPECT_NEAR(found.mean[gene], reference["mean"][gene].get<double>(), 1e-5);
    }
}

INSTANTIATE_TEST_SUITE_P(All, PcaStorage, testing::Bool(),
                         [](const auto& info) { return info.param ? "sparse" : "dense"; });

TEST(Gram, KernelsGiveTheSumsOfProducts) {
    const PointSet points = clusters(300, 45, 3, 5); // neither rows nor columns fill the tiles
    for (const GramKernel& kernel : {gram_kernel_portable(), gram_kernel()}) {
        Gram gram(45, kernel);
        gram.add(points.values.data(), 270);
        gram.add(points.values.data() + 270 * 45, 30);
        const std::vector<double> sums = gram.finish();
        for (std::uint64_t i = 0; i < 45; ++i) {
            for (std::uint64_t j = 0; j < 45; ++j) {
                double wanted = 0, size = 0;
                for (std::uint64_t row = 0; row < 300; ++row) {
                    const double product =
                        static_cast<double>(points.values[row * 45 + i]) * points.values[row * 45 + j];
                    wanted += product;
                    size += std::abs(product);
                }
                ASSERT_NEAR(sums[i * 45 + j], wanted, 1e-6 * size) << i << " " << j;
            }
        }
    }
}

TEST(Pca, SignsAreFixed) {
    const PcaResult found = pca_of(clusters(200, 12, 3, 5), 5);
    for (std::uint64_t c = 0; c < 5; ++c) {
        float largest = 0;
        for (std::uint64_t gene = 0; gene < 12; ++gene) {
            const float entry = found.components[c * 12 + gene];
            largest = std::abs(entry) > std::abs(largest) ? entry : largest;
        }
        EXPECT_GT(largest, 0);
    }
}

TEST(Pca, DuplicatedCellsHaveTheSameComponents) {
    const PointSet points = clusters(150, 20, 3, 5);
    PointSet twice = points;
    twice.rows *= 2;
    twice.values.insert(twice.values.end(), points.values.begin(), points.values.end());
    const PcaResult once = pca_of(points, 3), found = pca_of(twice, 3);
    for (std::size_t i = 0; i < once.components.size(); ++i) {
        EXPECT_NEAR(once.components[i], found.components[i], 1e-5);
    }
    EXPECT_NEAR(found.variance[0], once.variance[0] * (2.0 * 149) / 299, 1e-4 * once.variance[0]);
}

TEST(Pca, AShiftChangesTheMeanAlone) {
    const PointSet points = clusters(300, 10, 2, 5);
    PointSet shifted = points;
    for (float& x : shifted.values) {
        x += 1000;
    }
    const PcaResult before = pca_of(points, 4), after = pca_of(shifted, 4);
    for (std::uint64_t c = 0; c < 4; ++c) {
        EXPECT_NEAR(before.variance[c], after.variance[c], 1e-3 * before.variance[c]);
    }
    EXPECT_NEAR(after.mean[3], before.mean[3] + 1000, 1e-3);
}

TEST(Pca, RowsThatAreNotFiniteAreLeftOut) {
    PointSet points = clusters(100, 6, 2, 5);
    PointSet rest{98, 6, {}};
    for (std::uint64_t row = 0; row < 100; ++row) {
        if (row != 0 && row != 50) {
            rest.values.insert(rest.values.end(),
                               points.values.begin() + static_cast<std::ptrdiff_t>(row * 6),
                               points.values.begin() + static_cast<std::ptrdiff_t>(row * 6 + 6));
        }
    }
    points.values[2] = NAN;
    points.values[50 * 6 + 5] = -INFINITY;
    const PcaResult found = pca_of(points, 3), clean = pca_of(rest, 3);
    EXPECT_EQ(found.left_out, (std::vector<std::uint64_t>{0, 50}));
    EXPECT_TRUE(std::isnan(found.scores[0]));
    EXPECT_TRUE(std::isnan(found.scores[50 * 3 + 2]));
    for (std::uint64_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(found.variance[c], clean.variance[c], 1e-5 * clean.variance[c]);
        EXPECT_NEAR(found.scores[3 + c], clean.scores[c], 1e-3);
    }
}

TEST(Pca, WithoutCentringItIsTheUncentredProducts) {
    const PointSet points{4, 2, {3, 0, 3, 0, 0, 1, 0, 1}};
    JobContext job;
    const PcaResult found = pca(*matrix_of(points), {2, false, 0}, job);
    EXPECT_NEAR(found.variance[0], 18.0 / 3, 1e-6);
    EXPECT_NEAR(found.variance[1], 2.0 / 3, 1e-6);
    EXPECT_NEAR(found.scores[0], 3, 1e-6);
    EXPECT_EQ(found.mean, (std::vector<float>{0, 0}));
}

TEST(Pca, ManyGenesGiveTheSame) {
    // 12 informative genes among 5,200, so that the products are streamed instead of the covariance.
    const PointSet few = clusters(240, 12, 4, 5);
    PointSet many{240, 5200, std::vector<float>(240 * 5200)};
    for (std::uint64_t row = 0; row < 240; ++row) {
        for (std::uint64_t gene = 0; gene < 12; ++gene) {
            many.values[row * 5200 + gene * 400] = few.values[row * 12 + gene];
        }
    }
    JobContext job;
    const PcaResult found = pca(*matrix_of(many, true, 64), {5, true, 0}, job), wanted = pca_of(few, 5);
    for (std::uint64_t c = 0; c < 5; ++c) {
        EXPECT_NEAR(found.variance[c], wanted.variance[c], 1e-4 * wanted.variance[c]);
        EXPECT_NEAR(found.variance_ratio[c], wanted.variance_ratio[c], 1e-5);
        for (std::uint64_t gene = 0; gene < 12; ++gene) {
            EXPECT_NEAR(found.components[c * 5200 + gene * 400], wanted.components[c * 12 + gene], 1e-4);
        }
    }
}

TEST(Pca, ConstantDataHaveNoVariance) {
    const PcaResult found = pca_of({5, 3, std::vector<float>(15, 2.0f)}, 2);
    EXPECT_EQ(found.variance, (std::vector<double>{0, 0}));
    EXPECT_EQ(found.variance_ratio, (std::vector<double>{0, 0}));
    EXPECT_EQ(found.scores, std::vector<float>(10));
}

TEST(Pca, TooManyComponentsAreRefused) {
    EXPECT_THROW(pca_of(clusters(5, 8, 1, 1), 6), UsageError);
    EXPECT_THROW(pca_of(clusters(8, 5, 1, 1), 6), UsageError);
    EXPECT_THROW(pca_of(clusters(8, 5, 1, 1), 0), UsageError);
    PointSet one = clusters(3, 4, 1, 1);
    one.values[0] = one.values[4] = NAN;
    EXPECT_THROW(pca_of(one, 1), Error);
}

} // namespace
