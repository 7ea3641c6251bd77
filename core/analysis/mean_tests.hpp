#pragma once
// Tests on means, from what is needed of the samples.

#include <cstdint>
#include <span>

namespace ember {

/// Count, mean and variance (divided by n − 1) of a sample.
struct SampleMoments {
    double n = 0, mean = 0, variance = 0; ///< variance: NaN for n < 2
};

SampleMoments moments_of(std::span<const double> values);

struct MeanTest {
    double t = 0, df = 0, p = 1;
    double difference = 0, standard_error = 0; ///< of the means, first less second
};

/// Welch's t-test with Satterthwaite's degrees of freedom (scipy.stats.ttest_ind_from_stats,
/// equal_var=False). NaN t and p when a sample has fewer than two values or neither varies.
MeanTest welch(const SampleMoments& first, const SampleMoments& second);

/// Student's t-test of paired differences against zero. NaN as above.
MeanTest paired_t(std::span<const double> differences);

} // namespace ember
