#pragma once
// Maximum mean discrepancy (Gretton et al. 2012) with Gaussian kernels k = exp(−γ d²), the biased estimate.

#include <span>
#include <vector>

namespace ember {

/// Squared distances within and between two groups of cells.
struct PairDistances {
    std::span<const float> xx, yy, xy; ///< [x × x], [y × y], [x × y]
};

/// The median distance of two different cells of both groups together; 0 when all coincide.
double median_distance(const PairDistances& squared);

/// MMD² of one γ.
double mmd2(const PairDistances& squared, double gamma);

/// Mean over CellOT's γ 2, 1, 0.5, 0.1, 0.01, 0.005.
double mmd2_cellot(const PairDistances& squared);

/// Mean over γ = 1 / (2 (f·median)²), f = 0.25, 0.5, 1, 2, 4; 0 when all cells coincide.
double mmd2_median(const PairDistances& squared);

} // namespace ember
