#pragma once
// One table's worth of work, decided before any value is read, and done gene by gene.

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/rank_tests.hpp"
#include "core/genes/cell_design.hpp"
#include "core/genes/differential_expression.hpp"
#include "core/genes/gene_moments.hpp"
#include "core/genes/replicate_test.hpp"

namespace ember {

/// A cohort against another or against the rest of its stratum.
struct Comparison {
    std::uint32_t stratum = 0, group = 0; ///< group: cohort
    std::int32_t reference = -1;          ///< cohort; -1: rest
    GeneTest test = GeneTest::wilcoxon;
    TestUnit unit = TestUnit::cells;
    bool tested = false;
    ReplicatePlan replicates; ///< where unit is replicates
};

/// Seen while going through the values.
struct ValueTraits {
    std::atomic<bool> fractional = false; ///< some value is no whole number
    std::atomic<bool> negative = false, nonfinite = false;
    std::atomic<float> largest = 0;
};

/// Computes one gene for all comparisons. One object per thread.
class GeneComparer {
public:
    /// `tables` are parallel to `comparisons`, their vectors [genes]. Comparisons are in order of strata.
    GeneComparer(const CellDesign& design, const std::vector<Comparison>& comparisons,
                 std::vector<DifferentialTable>& tables, ValueTraits& traits, bool tie_correct,
                 double log_base);

    /// `words` as for_each_gene gives them; they are reordered.
    void compare(std::uint64_t gene, std::span<std::uint64_t> words);

private:
    void split_by_stratum(std::span<std::uint64_t> words);
    void compare_stratum(std::uint64_t gene, std::uint32_t stratum, std::size_t first, std::size_t last);
    void rank_stratum(std::uint32_t stratum, std::span<const std::uint64_t> words, std::size_t first);
    void compare_one(std::uint64_t gene, const Comparison& comparison, DifferentialTable& table);
    RankSums ranks_of(const Comparison& comparison);
    void note_traits(std::span<const std::uint64_t> sorted);

    const CellDesign& design_;
    const std::vector<Comparison>& comparisons_;
    std::vector<DifferentialTable>& tables_;
    ValueTraits& traits_;
    bool tie_correct_;
    double log_base_;
    GeneMoments moments_;
    std::vector<std::uint32_t> stratum_of_leaf_;
    std::vector<std::uint64_t> words_, scratch_;     ///< by stratum
    std::vector<std::size_t> stratum_end_;           ///< [strata + 1]
    std::vector<std::uint64_t> twice_ranks_, zeros_; ///< [cohorts] against the rest
    double rest_ties_ = 0;
    std::vector<std::uint32_t> keys_;     ///< [words of the stratum] by cohort
    std::vector<std::size_t> cohort_end_; ///< [cohorts + 1] into keys_
    std::int32_t ties_of_ = -1;           ///< the reference whose ties are known
    double reference_ties_ = 0;
    std::vector<double> profiles_;
};

} // namespace ember
