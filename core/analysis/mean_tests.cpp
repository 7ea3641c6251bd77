#include "core/analysis/mean_tests.hpp"

#include <cmath>
#include <limits>

#include "core/analysis/distributions.hpp"

namespace ember {

namespace {

MeanTest test_of(double difference, double squared_error, double df) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (!(squared_error > 0) || !(df > 0)) {
        return {nan, df, nan, difference, squared_error >= 0 ? std::sqrt(squared_error) : nan};
    }
    const double error = std::sqrt(squared_error), t = difference / error;
    return {t, df, student_two_sided(t, df).p, difference, error};
}

} // namespace

SampleMoments moments_of(std::span<const double> values) {
    const auto n = static_cast<double>(values.size());
    double sum = 0, squares = 0;
    for (const double value : values) {
        sum += value;
    }
    const double mean = sum / n;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    return {n, mean, n < 2 ? std::numeric_limits<double>::quiet_NaN() : squares / (n - 1)};
}

MeanTest welch(const SampleMoments& first, const SampleMoments& second) {
    const double a = first.variance / first.n, b = second.variance / second.n;
    const double df = (a + b) * (a + b) / (a * a / (first.n - 1) + b * b / (second.n - 1));
    return test_of(first.mean - second.mean, a + b, df);
}

MeanTest paired_t(std::span<const double> differences) {
    const SampleMoments moments = moments_of(differences);
    return test_of(moments.mean, moments.variance / moments.n, moments.n - 1);
}

} // namespace ember
