#pragma once
// Pearson's and Spearman's correlation.

#include <span>
#include <vector>

#include "core/analysis/distributions.hpp"

namespace ember {

/// Average ranks from 1, ties share their mean rank (scipy.stats.rankdata). NaN values get NaN ranks, and so
/// do all others.
std::vector<double> average_ranks(std::span<const double> values);

/// Centred in double precision in two passes, −1 … 1; NaN when one side is constant, has NaN, or n < 2.
double pearson(std::span<const double> x, std::span<const double> y);
double pearson(std::span<const float> x, std::span<const float> y);

/// Pearson's of the average ranks.
double spearman(std::span<const double> x, std::span<const double> y);
double spearman(std::span<const float> x, std::span<const float> y);

struct Correlation {
    double r = 0;
    SmallProbability p; ///< two-sided, t with n − 2 degrees of freedom; NaN where r is, or n < 3
};

/// As scipy.stats.pearsonr (for n = 2: p = 1) and spearmanr (for n = 2: NaN).
Correlation pearson_test(std::span<const double> x, std::span<const double> y);
Correlation spearman_test(std::span<const double> x, std::span<const double> y);

} // namespace ember
