#include "core/analysis/hypergeometric.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <math.h> // lgammal_r, which leaves the global sign alone

namespace ember {

namespace {

/// In long double: at 20,000 genes the terms are 10⁵ times their sum.
long double log_factorial(std::uint64_t n) {
    int sign = 0;
    return lgammal_r(static_cast<long double>(n) + 1, &sign);
}

long double log_choose(std::uint64_t n, std::uint64_t k) {
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

} // namespace

std::uint64_t Hypergeometric::least() const noexcept {
    return marked + draws > universe ? marked + draws - universe : 0;
}

std::uint64_t Hypergeometric::most() const noexcept {
    return std::min(marked, draws);
}

double Hypergeometric::expected() const noexcept {
    return static_cast<double>(marked) * static_cast<double>(draws) / static_cast<double>(universe);
}

double Hypergeometric::log_probability(std::uint64_t overlap) const {
    if (overlap < least() || overlap > most()) {
        return -std::numeric_limits<double>::infinity();
    }
    return static_cast<double>(log_choose(marked, overlap) + log_choose(universe - marked, draws - overlap) -
                               log_choose(universe, draws));
}

/// log of the sum of P(first … last), both possible; each term from the one before.
double Hypergeometric::log_sum(std::uint64_t first, std::uint64_t last) const {
    // Relative to the mode's neighbourhood nothing overflows: terms are scaled by the first one's logarithm.
    const long double start = log_choose(marked, first) + log_choose(universe - marked, draws - first) -
                              log_choose(universe, draws);
    long double term = 1, sum = 1, scale = start;
    for (std::uint64_t k = first; k < last; ++k) {
        const long double ratio =
            static_cast<long double>(marked - k) * static_cast<long double>(draws - k) /
            (static_cast<long double>(k + 1) * static_cast<long double>(universe + k + 1 - marked - draws));
        term *= ratio;
        sum += term;
        if (sum > 1e4000L) {
            term /= sum;
            scale += std::log(sum);
            sum = 1;
        }
        if (ratio < 1 && term < sum * 1e-22L) {
            break;
        }
    }
    return static_cast<double>(scale + std::log(sum));
}

double Hypergeometric::log_at_least(std::uint64_t overlap) const {
    if (overlap > most()) {
        return -std::numeric_limits<double>::infinity();
    }
    return overlap <= least() ? 0.0 : std::min(0.0, log_sum(overlap, most()));
}

double Hypergeometric::at_least(std::uint64_t overlap) const {
    return std::exp(log_at_least(overlap));
}

double Hypergeometric::at_most(std::uint64_t overlap) const {
    if (overlap < least()) {
        return 0;
    }
    return overlap >= most() ? 1.0 : std::exp(std::min(0.0, log_sum(least(), overlap)));
}

double Hypergeometric::two_sided(std::uint64_t overlap) const {
    constexpr double tolerance = 1e-7;
    const double observed = log_probability(overlap) + tolerance;
    long double sum = 0;
    for (std::uint64_t k = least(); k <= most(); ++k) {
        const double term = log_probability(k);
        if (term <= observed) {
            sum += std::exp(static_cast<long double>(term));
        }
    }
    return std::min(1.0, static_cast<double>(sum));
}

double Hypergeometric::odds_ratio(std::uint64_t overlap) const noexcept {
    const auto a = static_cast<double>(overlap), b = static_cast<double>(marked - overlap),
               c = static_cast<double>(draws - overlap),
               d = static_cast<double>(universe + overlap - marked - draws);
    return b * c == 0 ? std::numeric_limits<double>::infinity() : a * d / (b * c);
}

} // namespace ember
