#pragma once
// Wilcoxon's tests on ranks: two samples (Mann–Whitney) and paired differences (signed rank). Definitions as
// scipy.stats and scanpy.

#include <cstdint>
#include <span>

namespace ember {

enum class Alternative { two_sided, greater, less }; ///< of the first sample

/// automatic: exact without ties where the smaller sample has at most 8 values (signed rank: at most 50
/// differences, none zero).
enum class RankMethod { automatic, exact, asymptotic };

/// Ranks of two samples taken together.
struct RankSums {
    double first = 0;      ///< sum of the first sample's average ranks
    double n1 = 0, n2 = 0; ///< sizes
    double ties = 0;       ///< Σ (t³ − t) over runs of equal values
    double u() const noexcept { return first - n1 * (n1 + 1) / 2; } ///< of the first sample
    /// 1 − Σ(t³ − t) / (N³ − N): 1 without ties, 0 when all values are equal.
    double tie_coefficient() const noexcept;
    /// Share of pairs in which the first sample's value is larger, ties half.
    double auc() const noexcept { return u() / (n1 * n2); }
};

/// NaN values make `first` NaN.
RankSums rank_sums(std::span<const double> x, std::span<const double> y);

/// (R − n₁(N+1)/2) / √(c·n₁n₂(N+1)/12) without continuity correction, c = tie coefficient or 1: the score of
/// scanpy's rank_genes_groups and of scipy's ranksums; 0 where it is not defined.
double rank_sum_z(const RankSums& sums, bool tie_correct) noexcept;

struct MannWhitney {
    double u = 0;             ///< of the first sample
    double p = 1;             ///< NaN when all values are equal and there is no continuity correction
    double auc = 0.5;         ///< u / (n₁n₂)
    double rank_biserial = 0; ///< 2·auc − 1
    bool exact = false;
};

/// As scipy.stats.mannwhitneyu. NaN for an empty sample or NaN values. Exact p-values assume no ties and need
/// fewer than 2^127 arrangements; beyond that the normal approximation answers.
MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y,
                         Alternative alternative = Alternative::two_sided,
                         RankMethod method = RankMethod::automatic, bool continuity = true);

struct RankSumTest {
    double z = 0, p = 1;
};

/// scipy.stats.ranksums: neither tie nor continuity correction.
RankSumTest rank_sum_test(std::span<const double> x, std::span<const double> y,
                          Alternative alternative = Alternative::two_sided);

enum class ZeroDifferences {
    drop, ///< "wilcox"
    rank, ///< "pratt": they take the lowest ranks, which then count on neither side
};

struct SignedRank {
    double w = 0; ///< two-sided: the smaller of the two rank sums; else that of the positive differences
    double p = 1;
    bool exact = false;
};

/// As scipy.stats.wilcoxon. NaN when no difference is left or one is NaN.
SignedRank signed_rank(std::span<const double> differences, Alternative alternative = Alternative::two_sided,
                       RankMethod method = RankMethod::automatic,
                       ZeroDifferences zeros = ZeroDifferences::drop, bool continuity = false);

} // namespace ember
