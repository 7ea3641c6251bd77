#pragma once
// Correction of p-values for the number of tests.

#include <span>
#include <vector>

namespace ember {

/// Benjamini and Hochberg (1995): the smallest false discovery rate at which each test counts. Ties keep
/// their order; NaN are left out of the count and stay NaN.
std::vector<double> benjamini_hochberg(std::span<const double> p);

} // namespace ember
