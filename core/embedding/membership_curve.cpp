#include "core/embedding/membership_curve.hpp"

#include <array>
#include <cmath>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr int samples = 300;

struct Fit {
    double error = 0;                  ///< Σ r²
    std::array<double, 3> curvature{}; ///< JᵀJ: aa, ab, bb
    std::array<double, 2> slope{};     ///< Jᵀr
};

Fit fit_of(const MembershipCurve& curve, double min_dist, double spread) {
    Fit fit;
    for (int i = 0; i < samples; ++i) {
        const double x = 3 * spread * i / (samples - 1);
        const double wanted = x < min_dist ? 1.0 : std::exp(-(x - min_dist) / spread);
        const double power = x > 0 ? std::pow(x, 2 * curve.b) : 0.0;
        const double value = 1 / (1 + curve.a * power);
        const double rest = value - wanted;
        const double by_a = -value * value * power;
        const double by_b = x > 0 ? by_a * curve.a * 2 * std::log(x) : 0.0;
        fit.error += rest * rest;
        fit.curvature[0] += by_a * by_a;
        fit.curvature[1] += by_a * by_b;
        fit.curvature[2] += by_b * by_b;
        fit.slope[0] += by_a * rest;
        fit.slope[1] += by_b * rest;
    }
    return fit;
}

MembershipCurve improved(const MembershipCurve& curve, const Fit& fit, double damping) {
    const double aa = fit.curvature[0] * (1 + damping), bb = fit.curvature[2] * (1 + damping);
    const double ab = fit.curvature[1], determinant = aa * bb - ab * ab;
    return {curve.a - (bb * fit.slope[0] - ab * fit.slope[1]) / determinant,
            curve.b - (aa * fit.slope[1] - ab * fit.slope[0]) / determinant};
}

} // namespace

MembershipCurve fit_membership_curve(double min_dist, double spread) {
    if (!(spread > 0) || !std::isfinite(spread)) {
        throw UsageError("The spread must be above 0");
    }
    if (!(min_dist >= 0 && min_dist <= spread)) {
        throw UsageError("The minimal distance must lie between 0 and the spread");
    }
    // Levenberg and Marquardt from (1, 1).
    MembershipCurve curve{1, 1};
    Fit fit = fit_of(curve, min_dist, spread);
    double damping = 1e-3;
    for (int i = 0; i < 1000 && damping < 1e12; ++i) {
        const MembershipCurve next = improved(curve, fit, damping);
        const bool possible = std::isfinite(next.a) && std::isfinite(next.b) && next.a > 0 && next.b > 0;
        const Fit next_fit = possible ? fit_of(next, min_dist, spread) : fit;
        if (!possible || !(next_fit.error < fit.error)) {
            damping *= 10;
            continue;
        }
        const double step = std::abs(next.a - curve.a) / curve.a + std::abs(next.b - curve.b) / curve.b;
        curve = next;
        fit = next_fit;
        damping /= 10;
        if (step < 1e-10) {
            break;
        }
    }
    return curve;
}

} // namespace ember
