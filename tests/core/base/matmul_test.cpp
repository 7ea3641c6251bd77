#include "core/base/matmul.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

std::vector<float> random_values(std::size_t count, unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    for (float& value : values) {
        value = normal(generator);
    }
    return values;
}

struct Shape {
    std::int64_t m, n, k;
};

class MatmulTest : public testing::TestWithParam<Shape> {};

TEST_P(MatmulTest, EveryPathAgreesWithSumsInDouble) {
    const auto [m, n, k] = GetParam();
    const auto a = random_values(static_cast<std::size_t>(m * k), 1);
    const auto b = random_values(static_cast<std::size_t>(k * n), 2);
    std::vector<float> portable(static_cast<std::size_t>(m * n)), best(portable), hooked(portable);
    ember::matmul_portable(m, n, k, a.data(), b.data(), portable.data());
    ember::matmul_eigen(m, n, k, a.data(), b.data(), best.data());
    ember::matmul(m, n, k, a.data(), b.data(), hooked.data());
    for (std::int64_t i = 0; i < m; ++i) {
        for (std::int64_t j = 0; j < n; ++j) {
            double sum = 0, size = 0;
            for (std::int64_t l = 0; l < k; ++l) {
                const double term = double(a[i * k + l]) * b[l * n + j];
                sum += term;
                size += std::abs(term);
            }
            const double tolerance = 1e-6 * size + 1e-7;
            ASSERT_NEAR(portable[i * n + j], sum, tolerance);
            ASSERT_NEAR(best[i * n + j], sum, tolerance);
            ASSERT_EQ(hooked[i * n + j], best[i * n + j]);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, MatmulTest,
                         testing::Values(Shape{1, 1, 1}, Shape{3, 5, 7}, Shape{64, 64, 64},
                                         Shape{257, 31, 100}, Shape{500, 130, 65}));

TEST(Matmul, AReplacementIsUsedUntilItIsTakenBack) {
    const float a = 2, b = 3;
    float c = 0;
    ember::set_matmul([](auto, auto, auto, const float*, const float*, float* out) { *out = -1; });
    ember::matmul(1, 1, 1, &a, &b, &c);
    EXPECT_EQ(c, -1);
    ember::set_matmul(nullptr);
    ember::matmul(1, 1, 1, &a, &b, &c);
    EXPECT_EQ(c, 6);
}

} // namespace
