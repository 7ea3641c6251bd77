#include "core/analysis/rank_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/analysis/correlation.hpp"
#include "core/analysis/distributions.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
using Count = unsigned __int128;

bool has_nan(std::span<const double> values) {
    return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

/// Σ (t³ − t) over runs of equal values; sorts them.
double tie_sum(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    double sum = 0;
    for (std::size_t first = 0; first < values.size();) {
        std::size_t end = first + 1;
        while (end < values.size() && values[end] == values[first]) {
            ++end;
        }
        const auto t = static_cast<double>(end - first);
        sum += t * t * t - t;
        first = end;
    }
    return sum;
}

/// Whether C(n1 + n2, n1) stays below 2^127, where the counts below are exact.
bool countable(double n1, double n2) {
    const double log_count = std::lgamma(n1 + n2 + 1) - std::lgamma(n1 + 1) - std::lgamma(n2 + 1);
    return log_count < 126 * std::log(2.0) && n1 * n2 < 1e7;
}

/// P(U >= u) without ties. Arrangements with statistic u are the coefficients of the Gaussian binomial
/// Π (1 − q^(n+i)) / (1 − q^i), i = 1 … m, in exact whole numbers.
double exact_at_least(std::size_t n1, std::size_t n2, double u) {
    const std::size_t m = std::min(n1, n2), n = std::max(n1, n2), most = n1 * n2;
    std::vector<Count> count(most + 1, 0);
    count[0] = 1;
    for (std::size_t i = 1; i <= m; ++i) {
        for (std::size_t k = most + 1; k-- > n + i;) {
            count[k] -= count[k - n - i];
        }
        for (std::size_t k = i; k <= most; ++k) {
            count[k] += count[k - i];
        }
    }
    Count all = 0, tail = 0;
    for (std::size_t k = 0; k <= most; ++k) {
        all += count[k];
        tail += static_cast<double>(k) >= u ? count[k] : 0;
    }
    return static_cast<double>(tail) / static_cast<double>(all);
}

/// P(W >= w) of the signed rank statistic of n differences without ties or zeros.
double signed_at_least(std::size_t n, double w) {
    const std::size_t most = n * (n + 1) / 2;
    std::vector<double> share(most + 1, 0);
    share[0] = 1;
    for (std::size_t rank = 1; rank <= n; ++rank) {
        for (std::size_t k = most + 1; k-- > 0;) {
            share[k] = 0.5 * (share[k] + (k >= rank ? share[k - rank] : 0));
        }
    }
    double tail = 0;
    for (std::size_t k = most + 1; k-- > 0 && static_cast<double>(k) >= w;) {
        tail += share[k];
    }
    return std::min(1.0, tail);
}

/// The larger of U and its mirror image decides a two-sided p.
double statistic_for(const RankSums& sums, Alternative alternative) {
    const double other = sums.n1 * sums.n2 - sums.u();
    return alternative == Alternative::greater ? sums.u()
           : alternative == Alternative::less  ? other
                                               : std::max(sums.u(), other);
}

double asymptotic_p(const RankSums& sums, Alternative alternative, bool continuity) {
    const double n = sums.n1 + sums.n2;
    const double sd = std::sqrt(sums.n1 * sums.n2 / 12 * ((n + 1) - sums.ties / std::max(1.0, n * (n - 1))));
    const double above = statistic_for(sums, alternative) - sums.n1 * sums.n2 / 2 - (continuity ? 0.5 : 0);
    const double p = normal_above(above / sd);
    return alternative == Alternative::two_sided ? std::min(2 * p, 1.0) : p;
}

/// What the signed ranks amount to.
struct SignedSums {
    double plus = 0, minus = 0;
    double mean = 0, sd = 0; ///< of `plus` under the null
};

SignedSums signed_sums(std::span<const double> kept) {
    std::vector<double> sizes;
    double zeros = 0;
    for (const double d : kept) {
        sizes.push_back(std::abs(d));
        zeros += d == 0;
    }
    const std::vector<double> ranks = average_ranks(sizes);
    SignedSums sums;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        sums.plus += kept[i] > 0 ? ranks[i] : 0;
        sums.minus += kept[i] < 0 ? ranks[i] : 0;
    }
    std::erase(sizes, 0.0);
    const auto n = static_cast<double>(kept.size());
    sums.mean = (n * (n + 1) - zeros * (zeros + 1)) / 4;
    const double squares = n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1);
    sums.sd = std::sqrt((squares - tie_sum(sizes) / 2) / 24);
    return sums;
}

double signed_asymptotic_p(const SignedSums& sums, Alternative alternative, bool continuity) {
    const double above = sums.plus - sums.mean;
    const double direction = alternative == Alternative::greater ? 1
                             : alternative == Alternative::less  ? -1
                             : above > 0                         ? 1
                             : above < 0                         ? -1
                                                                 : 0;
    const double z = (above - (continuity ? 0.5 * direction : 0)) / sums.sd;
    return alternative == Alternative::two_sided ? normal_two_sided(z)
           : alternative == Alternative::greater ? normal_above(z)
                                                 : normal_above(-z);
}

double signed_exact_p(const SignedSums& sums, std::size_t n, Alternative alternative) {
    if (alternative == Alternative::two_sided) {
        return std::min(1.0, 2 * signed_at_least(n, std::max(sums.plus, sums.minus)));
    }
    return signed_at_least(n, alternative == Alternative::greater ? sums.plus : sums.minus);
}

} // namespace

double RankSums::tie_coefficient() const noexcept {
    const double n = n1 + n2;
    return n < 2 ? 1 : 1 - ties / (n * n * n - n);
}

RankSums rank_sums(std::span<const double> x, std::span<const double> y) {
    std::vector<double> all(x.begin(), x.end());
    all.insert(all.end(), y.begin(), y.end());
    RankSums sums;
    sums.n1 = static_cast<double>(x.size());
    sums.n2 = static_cast<double>(y.size());
    const std::vector<double> ranks = average_ranks(all);
    for (std::size_t i = 0; i < x.size(); ++i) {
        sums.first += ranks[i];
    }
    if (has_nan(all)) {
        sums.first = sums.ties = nan;
    } else {
        sums.ties = tie_sum(all);
    }
    return sums;
}

double rank_sum_z(const RankSums& sums, bool tie_correct) noexcept {
    const double n = sums.n1 + sums.n2;
    const double spread = sums.n1 * sums.n2 * (n + 1) / 12 * (tie_correct ? sums.tie_coefficient() : 1);
    const double z = (sums.first - sums.n1 * (n + 1) / 2) / std::sqrt(spread);
    return std::isnan(z) || !(spread > 0) ? 0 : z;
}

MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y, Alternative alternative,
                         RankMethod method, bool continuity) {
    const RankSums sums = rank_sums(x, y);
    if (x.empty() || y.empty() || std::isnan(sums.first)) {
        return {nan, nan, nan, nan, false};
    }
    MannWhitney test{sums.u(), 1, sums.auc(), 2 * sums.auc() - 1, false};
    test.exact = method == RankMethod::exact ||
                 (method == RankMethod::automatic && sums.ties == 0 && std::min(x.size(), y.size()) <= 8);
    test.exact = test.exact && countable(sums.n1, sums.n2);
    if (test.exact) {
        const double p = exact_at_least(x.size(), y.size(), statistic_for(sums, alternative));
        test.p = alternative == Alternative::two_sided ? std::min(2 * p, 1.0) : p;
    } else {
        test.p = asymptotic_p(sums, alternative, continuity);
    }
    return test;
}

RankSumTest rank_sum_test(std::span<const double> x, std::span<const double> y, Alternative alternative) {
    const RankSums sums = rank_sums(x, y);
    if (x.empty() || y.empty() || std::isnan(sums.first)) {
        return {nan, nan};
    }
    const double z = rank_sum_z(sums, false);
    return {z, alternative == Alternative::two_sided ? normal_two_sided(z)
               : alternative == Alternative::greater ? normal_above(z)
                                                     : normal_above(-z)};
}

SignedRank signed_rank(std::span<const double> differences, Alternative alternative, RankMethod method,
                       ZeroDifferences zeros, bool continuity) {
    std::vector<double> kept(differences.begin(), differences.end());
    std::vector<double> sizes;
    for (const double d : kept) {
        sizes.push_back(std::abs(d));
    }
    const bool any_zero = std::find(kept.begin(), kept.end(), 0.0) != kept.end();
    if (zeros == ZeroDifferences::drop) {
        std::erase(kept, 0.0);
    }
    if (kept.empty() || has_nan(kept)) {
        return {nan, nan, false};
    }
    const SignedSums sums = signed_sums(kept);
    SignedRank test;
    test.w = alternative == Alternative::two_sided ? std::min(sums.plus, sums.minus) : sums.plus;
    test.exact = method == RankMethod::exact ||
                 (method == RankMethod::automatic && kept.size() <= 50 && !any_zero && tie_sum(sizes) == 0);
    test.p = test.exact ? signed_exact_p(sums, kept.size(), alternative)
                        : signed_asymptotic_p(sums, alternative, continuity);
    return test;
}

} // namespace ember
