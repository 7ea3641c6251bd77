#include "core/analysis/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// ln(Γ(a + ½) / Γ(a)): the difference of two large logarithms would lose digits.
double log_gamma_step(double a) {
    if (a < 30) {
        return std::lgamma(a + 0.5) - std::lgamma(a);
    }
    const double u = 1 / a, u2 = u * u;
    return 0.5 * std::log(a) - u / 8 + u * u2 / 192 - u * u2 * u2 / 640 + 17 * u * u2 * u2 * u2 / 14336;
}

/// Continued fraction of I_x(a, b), https://dlmf.nist.gov/8.17.E22, by the modified Lentz method.
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    const auto guarded = [](double value) { return std::abs(value) < tiny ? tiny : value; };
    double c = 1, d = 1 / guarded(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < 100000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / guarded(1 + even * d);
        c = guarded(1 + even / c);
        value *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / guarded(1 + odd * d);
        c = guarded(1 + odd / c);
        value *= d * c;
        if (std::abs(d * c - 1) < 1e-16) {
            break;
        }
    }
    return value;
}

/// I_x(a, ½) from x, 1 − x and ln x, each given so that none is rounded off.
SmallProbability half_beta(double a, double x, double one_minus_x, double log_x) {
    // 1/B(a, ½) = Γ(a + ½) / (Γ(a)·√π)
    const double log_front =
        a * log_x + 0.5 * std::log(one_minus_x) + log_gamma_step(a) - 0.5 * std::log(std::numbers::pi);
    if (x < (a + 1) / (a + 2.5)) {
        const double log_p = log_front - std::log(a) + std::log(beta_fraction(a, 0.5, x));
        return {std::min(1.0, std::exp(log_p)), std::min(0.0, log_p / std::numbers::ln10)};
    }
    const double below = std::exp(log_front) * 2 * beta_fraction(0.5, a, one_minus_x);
    const double complement = std::clamp(below, 0.0, 1.0);
    return {1 - complement, std::log1p(-complement) / std::numbers::ln10};
}

} // namespace

double normal_above(double z) noexcept {
    return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

double normal_two_sided(double z) noexcept {
    return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

SmallProbability student_two_sided(double t, double df) noexcept {
    if (std::isnan(t) || !(df > 0)) {
        return {nan, nan};
    }
    if (t == 0) {
        return {1, 0};
    }
    if (std::isinf(t)) {
        return {0, -std::numeric_limits<double>::infinity()};
    }
    if (std::isinf(df)) {
        const double p = normal_two_sided(t);
        return {p, std::log10(p)};
    }
    const double ratio = t * t / df;
    return half_beta(df / 2, 1 / (1 + ratio), ratio / (1 + ratio), -std::log1p(ratio));
}

double student_quantile_two_sided(double p, double df) noexcept {
    if (!(p > 0 && p < 1) || !(df > 0)) {
        return nan;
    }
    double low = 0, high = 1;
    while (student_two_sided(high, df).p > p) {
        low = high;
        high *= 2;
    }
    for (int step = 0; step < 200 && high - low > 1e-14 * high; ++step) {
        const double middle = 0.5 * (low + high);
        (student_two_sided(middle, df).p > p ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

SmallProbability correlation_two_sided(double r, double n) noexcept {
    if (std::isnan(r) || n < 3) {
        return {nan, nan};
    }
    const double x = (1 - std::abs(r)) * (1 + std::abs(r));
    if (x >= 1) {
        return {1, 0};
    }
    if (x <= 0) {
        return {0, -std::numeric_limits<double>::infinity()};
    }
    const double log_x = std::abs(r) < 0.5 ? std::log1p(-r * r) : std::log(x);
    return half_beta(n / 2 - 1, x, r * r, log_x);
}

} // namespace ember
