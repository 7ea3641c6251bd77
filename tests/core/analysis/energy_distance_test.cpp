#include "core/analysis/energy_distance.hpp"

#include <cmath>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"

namespace {

using namespace ember;

std::vector<double> flat(const nlohmann::json& rows) {
    std::vector<double> values;
    for (const auto& row : rows) {
        for (const auto& value : row) {
            values.push_back(value.get<double>());
        }
    }
    return values;
}

TEST(EnergyDistance, EqualsTheReferenceInEveryCase) {
    std::ifstream file(EMBER_TEST_DATA "/analysis/distances.json");
    const nlohmann::json cases = nlohmann::json::parse(file)["cases"];
    ASSERT_EQ(cases.size(), 5u);
    JobContext job;
    for (const auto& one : cases) {
        const std::vector<double> x = flat(one["x"]), y = flat(one["y"]);
        const EnergyDistance found =
            energy_distance(std::span<const double>(x), std::span<const double>(y), one["x"][0].size(), job);
        EXPECT_NEAR(found.value(), one["edistance_V_cell_eval"].get<double>(), 1e-10) << one["name"];
        const EnergyDistance swapped =
            energy_distance(std::span<const double>(y), std::span<const double>(x), one["x"][0].size(), job);
        EXPECT_NEAR(swapped.value(), found.value(), 1e-12);
        EXPECT_GE(found.normalised(), -1e-15);
        EXPECT_LE(found.normalised(), 1);
    }
}

TEST(EnergyDistance, IsOneForTwoPointsAndZeroForOne) {
    const std::vector<float> x = {0, 0, 0, 0}, y = {3, 4, 3, 4};
    JobContext job;
    EXPECT_EQ(energy_distance(std::span<const float>(x), std::span<const float>(y), 2, job).normalised(), 1);
    EXPECT_EQ(energy_distance(std::span<const float>(x), std::span<const float>(y), 2, job).value(), 10);
    EXPECT_EQ(energy_distance(std::span<const float>(x), std::span<const float>(x), 2, job).normalised(), 0);
    EXPECT_THROW(energy_distance(std::span<const float>(x), std::span<const float>(), 2, job), UsageError);
    EXPECT_THROW(energy_distance(std::span<const float>(x), std::span<const float>(y), 3, job), UsageError);
}

TEST(EnergyDistance, DistancesFarFromZeroLoseNoDigits) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(1e4F, 1);
    std::vector<float> values(7 * 33);
    for (float& value : values) {
        value = normal(random);
    }
    JobContext job;
    const std::vector<std::uint32_t> rows = {6, 2, 3};
    const std::vector<float> found = distances_among(values, 33, rows, job);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < 33; ++k) {
                sum += std::pow(double(values[rows[i] * 33 + k]) - double(values[rows[j] * 33 + k]), 2);
            }
            EXPECT_FLOAT_EQ(found[i * 3 + j], static_cast<float>(std::sqrt(sum)));
        }
    }
}

TEST(BenjaminiHochberg, FollowsTheDefinition) {
    const std::vector<double> p = {0.01, 0.04, 0.03, NAN, 0.5};
    const std::vector<double> found = benjamini_hochberg(p);
    EXPECT_DOUBLE_EQ(found[0], 0.04);
    EXPECT_DOUBLE_EQ(found[1], 0.04 * 4 / 3);
    EXPECT_DOUBLE_EQ(found[2], 0.04 * 4 / 3);
    EXPECT_TRUE(std::isnan(found[3]));
    EXPECT_DOUBLE_EQ(found[4], 0.5);
    EXPECT_TRUE(benjamini_hochberg({}).empty());
}

} // namespace
