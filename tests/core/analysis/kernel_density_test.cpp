#include "core/analysis/kernel_density.hpp"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace ember;

namespace {

TEST(KernelDensity, ViolinsOfRealCellsAreThoseOfScipy) {
    std::ifstream file(EMBER_TEST_DATA "/analysis/violins.json");
    const nlohmann::json violins = nlohmann::json::parse(file);
    ASSERT_EQ(violins.size(), 12u);
    for (const auto& [name, expected] : violins.items()) {
        SCOPED_TRACE(name);
        const auto values = expected["values"].get<std::vector<double>>();
        const FiveNumbers five = five_numbers(values);
        EXPECT_EQ(five.n, expected["n"].get<std::uint64_t>());
        EXPECT_NEAR(five.minimum, expected["min"].get<double>(), 1e-12);
        EXPECT_NEAR(five.q1, expected["q25"].get<double>(), 1e-6) << "in single precision there";
        EXPECT_NEAR(five.median, expected["median"].get<double>(), 1e-6);
        EXPECT_NEAR(five.q3, expected["q75"].get<double>(), 1e-6);
        EXPECT_NEAR(five.maximum, expected["max"].get<double>(), 1e-12);
        EXPECT_NEAR(five.mean, expected["mean"].get<double>(), 1e-6);
        const auto grid = expected["kde_grid"].get<std::vector<double>>();
        const DensityCurve curve = density_at(values, grid);
        ASSERT_EQ(curve.density.size(), grid.size());
        for (std::size_t i = 0; i < grid.size(); ++i)
            EXPECT_NEAR(curve.density[i], expected["kde_density"][i].get<double>(), 1e-8);
    }
}

TEST(KernelDensity, CurveSpansTheDataAndHoldsAlmostAllOfIt) {
    std::vector<double> values;
    for (int i = 0; i < 2001; ++i)
        values.push_back(std::tan((i - 1000) * 1.2e-3));
    values.push_back(std::nan(""));
    const DensityCurve curve = density_curve(values, 400);
    EXPECT_DOUBLE_EQ(curve.at.front(), values[0]);
    EXPECT_DOUBLE_EQ(curve.at.back(), values[2000]);
    double area = 0;
    for (std::size_t i = 1; i < curve.at.size(); ++i)
        area += (curve.density[i] + curve.density[i - 1]) / 2 * (curve.at[i] - curve.at[i - 1]);
    EXPECT_GT(area, 0.95);
    EXPECT_LE(area, 1);
    EXPECT_EQ(five_numbers(values).missing, 1u);
}

TEST(KernelDensity, FewOrEqualValuesHaveNoCurve) {
    for (const std::vector<double>& values : {std::vector<double>{}, {3.0}, {2.0, 2.0, 2.0}, {std::nan("")}})
        EXPECT_TRUE(density_curve(values).at.empty());
    EXPECT_TRUE(std::isnan(five_numbers({}).median));
    const FiveNumbers same = five_numbers(std::vector<double>{2, 2, 2});
    EXPECT_EQ(same.q1, 2);
    EXPECT_EQ(same.q3, 2);
    EXPECT_DOUBLE_EQ(quantile_of_sorted(std::vector<double>{1, 2, 4, 8}, 0.25), 1.75);
    EXPECT_EQ(quantile_of_sorted(std::vector<double>{1, INFINITY}, 1), INFINITY);
}

} // namespace
