#include "core/analysis/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

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

/// The x > 0 whose two-sided tail is `p`, from `x`; `tail` gives the tail and its density. A tail is convex,
/// so that Newton's steps come from the left and never pass the root again.
template<typename Tail>
double solve_tail(double p, double x, Tail tail) {
    for (int step = 0; step < 200; ++step) {
        const auto [above, density] = tail(x);
        const double next = x + (above - p) / density;
        const double moved = next > 0 ? next - x : -x / 2;
        x += moved;
        if (!(std::abs(moved) > 1e-13 * x)) {
            break;
        }
    }
    return x;
}

/// Student's quantile from the normal one: Abramowitz and Stegun 26.7.5, a series in 1/df.
double quantile_near_normal(double z, double df) {
    if (std::isinf(df)) {
        return z;
    }
    const double z2 = z * z;
    const double g1 = z * (z2 + 1) / 4, g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    const double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df;
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
    const double z = solve_tail(p, 1, [](double x) {
        return std::pair(normal_two_sided(x), std::sqrt(2 / std::numbers::pi) * std::exp(-x * x / 2));
    });
    const double start = quantile_near_normal(z, df);
    if (df > 300 && p >= 0.01) {
        return start; // the next term is below 1e-12
    }
    const double log_scale = log_gamma_step(df / 2) - 0.5 * std::log(df * std::numbers::pi);
    return solve_tail(p, start, [&](double t) {
        const double density = std::exp(log_scale - (df + 1) / 2 * std::log1p(t * t / df));
        return std::pair(student_two_sided(t, df).p, 2 * density);
    });
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
