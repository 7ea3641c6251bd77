#pragma once
// Distributions of one value, for violins: quartiles and a Gaussian kernel density.

#include <cstdint>
#include <span>
#include <vector>

namespace ember {

/// Of the values that are not NaN; all but the counts are NaN without one.
struct FiveNumbers {
    std::uint64_t n = 0, missing = 0;
    double minimum = 0, q1 = 0, median = 0, q3 = 0, maximum = 0, mean = 0;
};

/// Quartiles by linear interpolation, as numpy.percentile.
FiveNumbers five_numbers(std::span<const double> values);

/// Quantile 0 … 1 of rising values by linear interpolation; NaN without values.
double quantile_of_sorted(std::span<const double> rising, double share);

/// Gaussian kernel density with Scott's bandwidth n^(-1/5)·sd (ddof 1; Scott 1992), as
/// scipy.stats.gaussian_kde. NaN are left out.
struct DensityCurve {
    double bandwidth = 0;            ///< in the unit of the values
    std::vector<double> at, density; ///< [points]; empty for fewer than two values or when all are alike
};

/// At `points` places of equal distance from the least to the greatest value: cut at the range of the data.
DensityCurve density_curve(std::span<const double> values, std::size_t points = 128);

/// At the places given.
DensityCurve density_at(std::span<const double> values, std::span<const double> places);

} // namespace ember
