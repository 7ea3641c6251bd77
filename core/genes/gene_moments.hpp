#pragma once
// What a gene's values amount to in every leaf, cohort and stratum.

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/mean_tests.hpp"
#include "core/genes/cell_design.hpp"

namespace ember {

/// A side of a comparison: cells of a cohort, or of all others of its stratum.
struct SideMoments {
    SampleMoments cells; ///< mean and variance (n − 1) over cells, zeros included
    double fraction = 0; ///< share of values that are not zero
};

/// Scratch of one thread; arrays stay as long as the largest design needs.
class GeneMoments {
public:
    /// `log_base` is ln of the base of the log1p values; `bulk`: Σ expm1 is wanted.
    GeneMoments(const CellDesign& design, double log_base, bool bulk);

    /// Words of one stratum, sorted, so that sums do not depend on the order of the cells.
    void measure(std::uint32_t stratum, std::span<const std::uint64_t> words);

    bool finite() const noexcept { return finite_; } ///< of the stratum measured last
    SideMoments cohort(std::uint32_t index) const;
    SideMoments others(std::uint32_t cohort) const; ///< all of its stratum but this one
    std::uint64_t nonzero(std::uint32_t cohort) const { return nonzero_[cohort]; }
    std::span<const double> leaf_bulk() const noexcept { return leaf_bulk_; }
    std::span<const double> replicate_bulk() const noexcept { return replicate_bulk_; }
    std::span<const std::uint32_t> cohort_of_leaf() const noexcept { return cohort_of_leaf_; }

private:
    void add_up(const Stratum& stratum, std::span<const std::uint64_t> words);
    void spread(const Stratum& stratum, std::span<const std::uint64_t> words);

    const CellDesign& design_;
    double log_base_;
    bool bulk_, finite_ = true;
    std::vector<std::uint32_t> cohort_of_leaf_;
    std::vector<double> leaf_sum_, leaf_bulk_, replicate_bulk_; ///< [leaves], [leaves], [replicates]
    std::vector<std::uint64_t> leaf_nonzero_, nonzero_;         ///< [leaves], [cohorts]
    std::vector<double> sum_, mean_, squares_;                  ///< [cohorts]; squares about the mean
    double all_sum_ = 0, all_squares_ = 0;                      ///< of the stratum; about its mean
    std::uint64_t all_nonzero_ = 0;
};

} // namespace ember
