#include "core/evaluation/clustering_agreement.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace {

using namespace ember;
using Labels = std::vector<std::int32_t>;

struct Case {
    Labels a, b;
    double expected;
};

/// By scikit-learn 1.9.1, adjusted_mutual_info_score.
const std::vector<Case> cases = {
    {{2, 3, 0, 3, 1, 2, 2, 1, 3, 0, 1, 1, 2, 1, 0, 0, 0, 0, 0, 3, 0, 2, 3, 0, 1, 1, 1, 3, 0, 3},
     {2, 3, 0, 3, 1, 2, 2, 0, 3, 0, 4, 1, 4, 4, 0, 1, 0, 0, 0, 3, 0, 4, 3, 0, 1, 1, 1, 3, 0, 3},
     0.68401291767545935},
    {{2, 2, 1, 1, 2, 0, 1, 1, 1, 0, 0, 2, 2, 1, 2, 1, 0, 2, 0, 0, 0, 1, 0, 2, 2},
     {2, 0, 4, 0, 3, 1, 5, 4, 5, 3, 4, 2, 4, 0, 0, 2, 4, 2, 5, 5, 2, 2, 3, 3, 2},
     0.028892873994065611},
    {{0, 0, 0, 0, 0, 0, 0, 0}, {1, 2, 2, 0, 1, 1, 0, 0}, 0},
    {{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, 1},
    {{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, 1},
    {{0, 1, 2, 3, 4, 5}, {0, 0, 1, 1, 2, 2}, 6.4068530076298382e-16},
};

TEST(AdjustedMutualInformation, AgreesWithScikitLearn) {
    for (const Case& one : cases) {
        EXPECT_NEAR(adjusted_mutual_information(one.a, one.b), one.expected, 1e-12);
        EXPECT_NEAR(adjusted_mutual_information(one.b, one.a), one.expected, 1e-12);
    }
    EXPECT_THROW(adjusted_mutual_information(Labels{0, 1}, Labels{0}), UsageError);
}

std::vector<std::vector<double>> three_families(double spread) {
    std::vector<std::vector<double>> profiles;
    for (int i = 0; i < 36; ++i) {
        profiles.emplace_back(20, 0.0);
        for (int g = 0; g < 20; ++g) {
            profiles.back()[static_cast<std::size_t>(g)] =
                (g % 3 == i % 3 ? 3.0 : 0.0) + spread * std::sin(i * 12.9898 + g * 78.233);
        }
    }
    return profiles;
}

TEST(ClusteringAgreement, FindsFamiliesOfPerturbations) {
    JobContext job;
    EXPECT_NEAR(clustering_agreement(three_families(0.3), three_families(0.4), job), 1, 1e-12);
    auto mixed = three_families(0.3);
    for (std::size_t i = 0; i < mixed.size(); ++i) {
        std::swap(mixed[i], mixed[(i * 5 + 1) % mixed.size()]);
    }
    EXPECT_LT(clustering_agreement(mixed, three_families(0.4), job), 0.8);
}

TEST(ClusteringAgreement, OfFewPerturbations) {
    JobContext job;
    EXPECT_TRUE(std::isnan(clustering_agreement({{1, 2}}, {{1, 2}}, job)));
    EXPECT_EQ(clustering_agreement({{1, 2}, {2, 1}}, {{1, 2}, {2, 1}}, job), 1);
    EXPECT_EQ(clustering_agreement({{1, 1}, {1, 1}, {1, 1}}, {{1, 1}, {1, 1}, {1, 1}}, job), 1);
}

} // namespace
