#pragma once
// Principal components of a matrix that is streamed from its file.

#include <cstdint>
#include <vector>

#include "core/base/job.hpp"
#include "core/data/matrix.hpp"

namespace ember {

struct PcaOptions {
    int components = 50;
    bool center = true;     ///< take each gene's mean off
    std::uint64_t seed = 0; ///< of the start vectors; changes nothing but rounding
};

struct PcaResult {
    std::uint64_t cells = 0, genes = 0;
    int count = 0;                       ///< components
    std::vector<float> scores;           ///< [cells × count]; NaN for rows that were left out
    std::vector<float> components;       ///< [count × genes], orthonormal; largest |entry| of each positive
    std::vector<float> mean;             ///< [genes]; zeros without centring
    std::vector<double> variance;        ///< [count], divided by cells − 1
    std::vector<double> variance_ratio;  ///< [count], of the total variance of all genes
    std::vector<std::uint64_t> left_out; ///< rows with NaN or infinite values
};

/// Throws UsageError for fewer than 1 component or more than min(cells, genes).
void check_components(std::uint64_t cells, std::uint64_t genes, const PcaOptions& options);

/// Two passes over the matrix up to 5,000 genes (covariance); block Lanczos beyond, one pass per step. Throws
/// UsageError for fewer than 1 component or more than min(cells, genes), Error `NoPoints` when fewer than 2
/// rows are finite.
PcaResult pca(const Matrix& matrix, const PcaOptions& options, JobContext& job);

} // namespace ember
