#include "core/analysis/row_statistics.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace {

using namespace ember;

/// The definitions, in extended precision.
RowStatistics plainly(const std::vector<double>& row, double threshold, double shift) {
    RowStatistics expected;
    long double sum = 0, power = 0, squares = 0;
    expected.min = std::numeric_limits<double>::infinity();
    expected.max = -expected.min;
    for (const double x : row) {
        if (!std::isfinite(x)) {
            ++expected.nonfinite;
            continue;
        }
        ++expected.finite;
        expected.below += std::abs(x) <= threshold;
        expected.min = std::min(expected.min, x);
        expected.max = std::max(expected.max, x);
        sum += static_cast<long double>(x) - shift;
        power += static_cast<long double>(x) * x;
    }
    for (const double x : row) {
        if (std::isfinite(x)) {
            const long double apart = x - shift - sum / static_cast<long double>(expected.finite);
            squares += apart * apart;
        }
    }
    expected.sum = static_cast<double>(sum);
    expected.squares = static_cast<double>(squares);
    expected.magnitude = static_cast<double>(std::sqrt(power));
    return expected;
}

void expect_equal(const RowStatistics& found, const RowStatistics& expected) {
    EXPECT_EQ(found.finite, expected.finite);
    EXPECT_EQ(found.nonfinite, expected.nonfinite);
    EXPECT_EQ(found.below, expected.below);
    EXPECT_EQ(found.min, expected.min);
    EXPECT_EQ(found.max, expected.max);
    const double scale = std::abs(expected.magnitude) + 1;
    EXPECT_NEAR(found.sum, expected.sum, 1e-13 * scale * std::sqrt(static_cast<double>(expected.finite)));
    EXPECT_NEAR(found.squares, expected.squares, 1e-13 * expected.squares + 1e-300);
    EXPECT_NEAR(found.magnitude, expected.magnitude, 1e-14 * scale);
}

std::vector<double> random_row(std::size_t size, std::mt19937& random) {
    std::vector<double> row(size);
    std::normal_distribution<double> normal(0.3, 2);
    for (double& x : row) {
        x = static_cast<float>(random() % 3 == 0 ? normal(random) : 0);
    }
    return row;
}

template<typename T>
std::vector<T> as(const std::vector<double>& row) {
    return {row.begin(), row.end()};
}

TEST(RowStatistics, DenseRowsOfEveryLengthFollowTheDefinition) {
    std::mt19937 random(1);
    for (std::size_t size = 1; size < 70; ++size) {
        const std::vector<double> row = random_row(size, random);
        const RowStatistics expected = plainly(row, 0.25, 0.5);
        expect_equal(measure_dense_row<double>(row, 0.25, 0.5), expected);
        expect_equal(measure_dense_row<float>(as<float>(row), 0.25F, 0.5), expected);
    }
}

TEST(RowStatistics, NonFiniteValuesAreCountedAndLeftOut) {
    std::mt19937 random(2);
    std::vector<double> row = random_row(41, random);
    row[0] = std::numeric_limits<double>::quiet_NaN();
    row[17] = std::numeric_limits<double>::infinity();
    row[40] = -std::numeric_limits<double>::infinity();
    expect_equal(measure_dense_row<float>(as<float>(row), 0, 0.1), plainly(row, 0, 0.1));
}

TEST(RowStatistics, SparseRowsEqualTheirDenseForm) {
    std::mt19937 random(3);
    for (std::size_t size = 1; size < 40; ++size) {
        const std::vector<double> row = random_row(size, random);
        std::vector<std::uint32_t> indices;
        std::vector<float> values;
        for (std::size_t col = size; col-- > 0;) { // descending: order does not matter
            if (row[col] != 0) {
                indices.push_back(static_cast<std::uint32_t>(col));
                values.push_back(static_cast<float>(row[col]));
            }
        }
        expect_equal(measure_sparse_row<float>(indices, values, size, 0, 0), plainly(row, 0, 0));
    }
}

TEST(RowStatistics, RepeatedColumnsOfASparseRowAddUp) {
    const std::vector<std::uint32_t> indices = {3, 1, 3, 1};
    const std::vector<float> values = {2, 1, 5, -1};
    expect_equal(measure_sparse_row<float>(indices, values, 5, 0, 0), plainly({0, 0, 0, 7, 0}, 0, 0));
}

TEST(RowStatistics, ValuesFarFromZeroLoseNoDigits) {
    const std::vector<double> row = {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4};
    EXPECT_DOUBLE_EQ(measure_dense_row<double>(row, 0, 1e9).squares, 5.0);
    EXPECT_EQ(middle_of<double>(row), 1e9 + 3);
}

TEST(RowStatistics, MiddleIgnoresWhatIsNotFinite) {
    const std::vector<float> row = {NAN, 5, INFINITY, 1, 3};
    EXPECT_EQ(middle_of<float>(row), 3);
    EXPECT_EQ(middle_of<float>(std::vector<float>{NAN}), 0);
}

} // namespace
