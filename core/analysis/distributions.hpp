#pragma once
// Tail probabilities of the normal and of Student's t distribution, also where they are too small for a
// double.

namespace ember {

/// P(Z > z) for a standard normal Z.
double normal_above(double z) noexcept;
/// P(|Z| > |z|); NaN for NaN.
double normal_two_sided(double z) noexcept;

/// A probability that may be smaller than any double.
struct SmallProbability {
    double p = 1;       ///< 0 below 1e-308
    double log10_p = 0; ///< stays exact there
};

/// P(|T| > |t|) for Student's t with `df` > 0 degrees of freedom, not necessarily whole; NaN for NaN.
/// I_x(df/2, ½) at x = df / (df + t²): https://dlmf.nist.gov/8.17
SmallProbability student_two_sided(double t, double df) noexcept;

/// The t that |T| exceeds with probability `p`, 0 < p < 1: half a confidence interval in standard errors.
double student_quantile_two_sided(double p, double df) noexcept;

/// P(|R| > |r|) for the correlation of `n` pairs of independent normal values: as student_two_sided of
/// r·√((n−2)/(1−r²)) without losing digits near |r| = 1. NaN for n < 3.
SmallProbability correlation_two_sided(double r, double n) noexcept;

} // namespace ember
