#pragma once
// Correction of p-values for the number of tests. NaN are left out of the count and stay NaN everywhere.

#include <span>
#include <vector>

namespace ember {

/// Benjamini and Hochberg (1995): the smallest false discovery rate at which each test counts. Ties keep
/// their order; NaN are left out of the count and stay NaN.
std::vector<double> benjamini_hochberg(std::span<const double> p);

/// Benjamini and Yekutieli (2001): the same under any dependence between the tests.
std::vector<double> benjamini_yekutieli(std::span<const double> p);

/// Bonferroni: p times the number of tests, at most 1.
std::vector<double> bonferroni(std::span<const double> p);

/// Holm (1979): stepwise Bonferroni, never less powerful.
std::vector<double> holm(std::span<const double> p);

} // namespace ember
