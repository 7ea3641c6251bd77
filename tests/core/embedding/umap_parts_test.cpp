// The parts of UMAP against umap-learn's numbers.

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/embedding/fuzzy_graph.hpp"
#include "core/embedding/layout_moves.hpp"
#include "core/embedding/membership_curve.hpp"
#include "point_sets.hpp"

namespace {

using namespace ember;
using namespace ember::test;

TEST(UmapParts, CurvesAreTheReferences) {
    const auto expected = fixture("umap.json");
    for (const auto& row : expected["find_ab_params"]) {
        const MembershipCurve curve = fit_membership_curve(row["min_dist"], row["spread"]);
        EXPECT_NEAR(curve.a, row["a"].get<double>(), 1e-3 * (1 + row["a"].get<double>())) << row;
        EXPECT_NEAR(curve.b, row["b"].get<double>(), 1e-3) << row;
    }
    EXPECT_THROW(fit_membership_curve(2, 1), UsageError);
    EXPECT_THROW(fit_membership_curve(-0.1, 1), UsageError);
    EXPECT_THROW(fit_membership_curve(0.1, 0), UsageError);
}

class Graph : public testing::Test {
protected:
    void SetUp() override {
        const PointSet distances = points_of("umap_knn_dist.npy"), indices = points_of("umap_knn_idx.npy");
        table.rows = distances.rows;
        table.k = static_cast<int>(distances.dims);
        table.distance = distances.values;
        table.index.assign(indices.values.begin(), indices.values.end());
        smooth = smooth_distances(table, true, job);
        graph = fuzzy_union(table, memberships(table, smooth, true), job);
    }

    nlohmann::json reference = fixture("umap.json");
    JobContext job;
    NeighborTable table;
    SmoothDistances smooth;
    FuzzyGraph graph;
};

TEST_F(Graph, SmoothDistancesAreTheReferences) {
    for (std::size_t i = 0; i < smooth.rho.size(); ++i) {
        EXPECT_NEAR(smooth.rho[i], reference["rho"][i].get<double>(), 1e-5) << i;
        const double sigma = reference["sigma"][i].get<double>();
        EXPECT_NEAR(smooth.sigma[i], sigma, 1e-3 * sigma) << i;
    }
}

TEST_F(Graph, WeightsAreTheReferences) {
    const auto& wanted = reference["graph"];
    ASSERT_EQ(graph.index.size(), wanted["col"].size());
    std::uint64_t row = 0;
    for (std::size_t i = 0; i < graph.index.size(); ++i) {
        while (i >= graph.indptr[row + 1]) {
            ++row;
        }
        EXPECT_EQ(row, wanted["row"][i].get<std::uint64_t>());
        EXPECT_EQ(graph.index[i], wanted["col"][i].get<std::uint32_t>());
        EXPECT_NEAR(graph.weight[i], wanted["weight"][i].get<double>(), 2e-4) << i;
    }
}

TEST_F(Graph, EpochsPerSampleAreTheReferences) {
    const float largest = prune(graph, 500);
    const auto& wanted = reference["epochs_per_sample_500_first50"];
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        EXPECT_NEAR(largest / graph.weight[i], wanted[i].get<double>(), 2e-3 * wanted[i].get<double>()) << i;
    }
}

TEST_F(Graph, PruningTakesWhatIsNeverSampled) {
    const std::size_t all = graph.index.size();
    prune(graph, 5);
    EXPECT_LT(graph.index.size(), all);
    EXPECT_EQ(graph.indptr.back(), graph.index.size());
    for (const float weight : graph.weight) {
        EXPECT_GE(weight, 0.2f);
    }
}

/// One step of one point among others, by the formulas.
struct Step {
    double x, y;
    void attract(double ox, double oy, double a, double b, double step) {
        const double dx = x - ox, dy = y - oy, square = dx * dx + dy * dy;
        const double pull = -2 * a * b * std::pow(square, b - 1) / (1 + a * std::pow(square, b));
        x += step * std::clamp(pull * dx, -4.0, 4.0);
        y += step * std::clamp(pull * dy, -4.0, 4.0);
    }
    void repel(double ox, double oy, double a, double b, double step) {
        const double dx = x - ox, dy = y - oy, square = dx * dx + dy * dy;
        const double push = 2 * b / ((0.001 + square) * (1 + a * std::pow(square, b)));
        x += step * std::clamp(push * dx, -4.0, 4.0);
        y += step * std::clamp(push * dy, -4.0, 4.0);
    }
};

/// A point that is pulled to the only other one and pushed away from it, whatever the draws.
TEST(LayoutMoves, FollowTheGradients) {
    for (const LayoutMoves moves : {&move_points_portable, layout_moves()}) {
        for (const auto& [ox, oy] :
             {std::pair(0.7f, -0.2f), std::pair(0.01f, 0.02f), std::pair(9.0f, 3.0f)}) {
            const std::vector<std::uint64_t> indptr = {0, 1};
            const std::vector<std::uint32_t> index = {0}, which = {0};
            const std::vector<float> rate = {1}, points = {0.1f, 0.3f}, others = {ox, oy};
            std::vector<std::uint32_t> scratch(2 * layout_lanes);
            std::vector<float> moved(2);
            const LayoutView view{indptr.data(), index.data(),
                                  rate.data(),   points.data(),
                                  others.data(), 1,
                                  1.577f,        0.895f,
                                  true,          7};
            moves(view, which.data(), 0, 1, 3, 0.05f, scratch.data(), moved.data());
            Step step{0.1f, 0.3f};
            step.attract(ox, oy, 1.577, 0.895, 0.05);
            for (int i = 0; i < 5; ++i) {
                step.repel(ox, oy, 1.577, 0.895, 0.05);
            }
            step.attract(ox, oy, 1.577, 0.895, 0.05);
            EXPECT_NEAR(moved[0], step.x, 2e-5 * (1 + std::abs(step.x)));
            EXPECT_NEAR(moved[1], step.y, 2e-5 * (1 + std::abs(step.y)));
        }
    }
}

TEST(LayoutMoves, SampleAnEdgeAtItsRate) {
    const std::vector<std::uint64_t> indptr = {0, 1};
    const std::vector<std::uint32_t> index = {0}, which = {0};
    const std::vector<float> rate = {0.3f}, points = {0, 0}, others = {1, 1};
    int sampled = 0;
    for (int epoch = 0; epoch <= 100; ++epoch) {
        std::vector<std::uint32_t> scratch(2 * layout_lanes);
        std::vector<float> moved(2);
        layout_moves()({indptr.data(), index.data(), rate.data(), points.data(), others.data(), 1, 1.577f,
                        0.895f, true, 7},
                       which.data(), 0, 1, epoch, 0.05f, scratch.data(), moved.data());
        sampled += moved[0] != 0;
    }
    EXPECT_EQ(sampled, 30);
}

} // namespace
