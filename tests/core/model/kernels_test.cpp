#include "core/model/kernels.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

using namespace ember;

TEST(Kernels, SiluMultiplyAgreesWithTheFormula) {
    std::vector<float> gate, up;
    for (int i = -4000; i <= 4000; ++i) {
        gate.push_back(static_cast<float>(i) * 0.025f);
        up.push_back(static_cast<float>(i % 7) - 3.0f);
    }
    const std::vector<float> before = gate;
    kernels::silu_multiply(0, static_cast<std::int64_t>(gate.size()), gate.data(), up.data());
    for (std::size_t i = 0; i < gate.size(); ++i) {
        const double x = before[i];
        const double expected = x / (1.0 + std::exp(-x)) * up[i];
        ASSERT_NEAR(gate[i], expected, 1e-6 * std::max(1.0, std::abs(expected))) << x;
    }
}

TEST(Kernels, RmsNormHasUnitMeanSquare) {
    constexpr std::int64_t width = 37;
    std::vector<float> x(2 * width), weight(width), out(2 * width);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = std::sin(static_cast<float>(i)) * 3.0f;
    }
    for (std::size_t i = 0; i < weight.size(); ++i) {
        weight[i] = 1.0f + 0.01f * static_cast<float>(i);
    }
    kernels::rms_norm(0, 2, width, x.data(), weight.data(), 1e-6f, out.data());
    for (std::size_t row = 0; row < 2; ++row) {
        double square = 0;
        for (std::size_t i = 0; i < width; ++i) {
            square += std::pow(x[row * width + i], 2);
        }
        const double scale = 1.0 / std::sqrt(square / width + 1e-6);
        for (std::size_t i = 0; i < width; ++i) {
            ASSERT_NEAR(out[row * width + i], weight[i] * x[row * width + i] * scale, 1e-5);
        }
    }
}

TEST(Kernels, SiluMultiplyKeepsNaNAndSaturates) {
    std::vector<float> gate{std::numeric_limits<float>::quiet_NaN(), 500.0f, -500.0f, 0.0f}, up(4, 2.0f);
    kernels::silu_multiply(0, 4, gate.data(), up.data());
    EXPECT_TRUE(std::isnan(gate[0]));
    EXPECT_EQ(gate[1], 1000.0f);
    EXPECT_NEAR(gate[2], 0.0f, 1e-30);
    EXPECT_EQ(gate[3], 0.0f);
}
