#pragma once
// The curve 1 / (1 + a d^2b) by which UMAP turns distances in the plane into memberships.

namespace ember {

struct MembershipCurve {
    double a = 0, b = 0;
};

/// Least squares fit to 1 below min_dist and exp(−(d − min_dist) / spread) beyond, at 300 distances up to
/// 3 · spread, as umap-learn's find_ab_params. Throws UsageError unless 0 <= min_dist <= spread and spread >
/// 0.
MembershipCurve fit_membership_curve(double min_dist, double spread);

} // namespace ember
