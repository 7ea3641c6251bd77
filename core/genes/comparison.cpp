#include "core/genes/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/analysis/distributions.hpp"
#include "core/genes/gene_words.hpp"
#include "core/genes/rank_scan.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t looked_at = 64; ///< values of a gene that tell whether the data are counts

bool ranks_cells(const Comparison& comparison) {
    return comparison.tested && comparison.unit == TestUnit::cells && comparison.test == GeneTest::wilcoxon;
}

/// scanpy's, which takes the mean of the logarithms.
double log2_fold_change(double mean_group, double mean_reference, double log_base) {
    return std::log2((std::expm1(mean_group * log_base) + 1e-9) /
                     (std::expm1(mean_reference * log_base) + 1e-9));
}

/// Variance of log2(expm1(mean)) from that of the mean.
double log2_variance(const SampleMoments& cells, double log_base) {
    const double slope =
        log_base * std::exp(cells.mean * log_base) / std::expm1(cells.mean * log_base) / std::numbers::ln2;
    return slope * slope * cells.variance / cells.n;
}

void set_cell_interval(DifferentialTable& table, std::uint64_t gene, const SampleMoments& group,
                       const SampleMoments& reference, double log_base) {
    table.low[gene] = table.high[gene] = nan;
    if (group.mean <= 0 || reference.mean <= 0 || group.n < 2 || reference.n < 2) {
        return; // against nothing, a fold change has no spread
    }
    const double a = log2_variance(group, log_base), b = log2_variance(reference, log_base);
    const double df = (a + b) * (a + b) / (a * a / (group.n - 1) + b * b / (reference.n - 1));
    const double half = student_quantile_two_sided(0.05, df) * std::sqrt(a + b);
    table.low[gene] = table.log_fold_change[gene] - half;
    table.high[gene] = table.log_fold_change[gene] + half;
}

void set_all(DifferentialTable& table, std::uint64_t gene, double value) {
    for (std::vector<double>* column :
         {&table.score, &table.log_fold_change, &table.pval, &table.padj, &table.fraction_group,
          &table.fraction_reference, &table.mean_group, &table.mean_reference, &table.sd_group,
          &table.sd_reference, &table.low, &table.high}) {
        (*column)[gene] = value;
    }
}

} // namespace

GeneComparer::GeneComparer(const CellDesign& design, const std::vector<Comparison>& comparisons,
                           std::vector<DifferentialTable>& tables, ValueTraits& traits, bool tie_correct,
                           double log_base)
    : design_(design),
      comparisons_(comparisons),
      tables_(tables),
      traits_(traits),
      tie_correct_(tie_correct),
      log_base_(log_base),
      moments_(design, log_base,
               std::any_of(comparisons.begin(), comparisons.end(),
                           [](const Comparison& one) { return one.unit == TestUnit::replicates; })),
      stratum_end_(design.strata.size() + 1),
      twice_ranks_(design.cohorts.size()),
      zeros_(design.cohorts.size()),
      cohort_end_(design.cohorts.size() + 1) {
    for (const Leaf& leaf : design.leaves) {
        stratum_of_leaf_.push_back(design.cohorts[leaf.cohort].stratum);
    }
}

void GeneComparer::split_by_stratum(std::span<std::uint64_t> words) {
    if (design_.strata.size() == 1) {
        words_.assign(words.begin(), words.end());
        stratum_end_ = {0, words.size()};
        return;
    }
    std::fill(stratum_end_.begin(), stratum_end_.end(), 0);
    for (const std::uint64_t word : words) {
        ++stratum_end_[stratum_of_leaf_[word_leaf(word)] + 1];
    }
    for (std::size_t s = 1; s < stratum_end_.size(); ++s) {
        stratum_end_[s] += stratum_end_[s - 1];
    }
    words_.resize(words.size());
    std::vector<std::size_t> place(stratum_end_.begin(), stratum_end_.end() - 1);
    for (const std::uint64_t word : words) {
        words_[place[stratum_of_leaf_[word_leaf(word)]]++] = word;
    }
}

void GeneComparer::note_traits(std::span<const std::uint64_t> sorted) {
    if (sorted.empty() || !moments_.finite()) {
        traits_.nonfinite = traits_.nonfinite || !moments_.finite();
        return;
    }
    for (std::size_t i = 0; i < std::min(sorted.size(), looked_at) && !traits_.fractional; ++i) {
        const float value = word_value(sorted[i]);
        if (value != std::floor(value)) {
            traits_.fractional = true;
        }
    }
    if (word_key(sorted.front()) < zero_key && !traits_.negative) {
        traits_.negative = true;
    }
    const float largest = word_value(sorted.back());
    float known = traits_.largest;
    while (largest > known && !traits_.largest.compare_exchange_weak(known, largest)) {
    }
}

void GeneComparer::compare(std::uint64_t gene, std::span<std::uint64_t> words) {
    split_by_stratum(words);
    for (std::size_t first = 0; first < comparisons_.size();) {
        std::size_t last = first + 1;
        while (last < comparisons_.size() && comparisons_[last].stratum == comparisons_[first].stratum) {
            ++last;
        }
        compare_stratum(gene, comparisons_[first].stratum, first, last);
        first = last;
    }
}

void GeneComparer::compare_stratum(std::uint64_t gene, std::uint32_t stratum, std::size_t first,
                                   std::size_t last) {
    const std::span<std::uint64_t> words(words_.data() + stratum_end_[stratum],
                                         stratum_end_[stratum + 1] - stratum_end_[stratum]);
    sort_words(words, scratch_);
    moments_.measure(stratum, words);
    note_traits(words);
    if (!moments_.finite()) {
        for (std::size_t i = first; i < last; ++i) {
            set_all(tables_[i], gene, nan);
        }
        return;
    }
    if (std::any_of(comparisons_.begin() + static_cast<std::ptrdiff_t>(first),
                    comparisons_.begin() + static_cast<std::ptrdiff_t>(last), ranks_cells)) {
        rank_stratum(stratum, words, first);
    }
    for (std::size_t i = first; i < last; ++i) {
        compare_one(gene, comparisons_[i], tables_[i]);
    }
}

/// All comparisons of a run are of one kind: against the rest, or against one label.
void GeneComparer::rank_stratum(std::uint32_t stratum, std::span<const std::uint64_t> words,
                                std::size_t first) {
    const Stratum& at = design_.strata[stratum];
    const std::size_t cohorts = at.last_cohort - at.first_cohort;
    if (comparisons_[first].reference < 0) {
        std::fill(zeros_.begin(), zeros_.end(), 0);
        for (std::uint32_t c = at.first_cohort; c < at.last_cohort; ++c) {
            zeros_[c] = design_.cohorts[c].cells - moments_.nonzero(c);
            twice_ranks_[c] = 0;
        }
        rest_ties_ = rank_sums_of_all(words, moments_.cohort_of_leaf(), zeros_, twice_ranks_);
        return;
    }
    std::vector<std::size_t> place(cohorts);
    cohort_end_[at.first_cohort] = 0;
    for (std::uint32_t c = at.first_cohort; c < at.last_cohort; ++c) {
        place[c - at.first_cohort] = cohort_end_[c];
        cohort_end_[c + 1] = cohort_end_[c] + moments_.nonzero(c);
    }
    keys_.resize(words.size());
    for (const std::uint64_t word : words) {
        keys_[place[moments_.cohort_of_leaf()[word_leaf(word)] - at.first_cohort]++] = word_key(word);
    }
    ties_of_ = -1;
}

RankSums GeneComparer::ranks_of(const Comparison& comparison) {
    if (comparison.reference < 0) {
        RankSums sums;
        sums.n1 = static_cast<double>(design_.cohorts[comparison.group].cells);
        sums.n2 = static_cast<double>(design_.strata[comparison.stratum].cells) - sums.n1;
        sums.first = 0.5 * static_cast<double>(twice_ranks_[comparison.group]);
        sums.ties = rest_ties_;
        return sums;
    }
    const auto side = [&](std::uint32_t cohort) {
        const std::size_t count = cohort_end_[cohort + 1] - cohort_end_[cohort];
        return SortedSide{std::span(keys_).subspan(cohort_end_[cohort], count),
                          design_.cohorts[cohort].cells - count};
    };
    const SortedSide reference = side(static_cast<std::uint32_t>(comparison.reference));
    if (ties_of_ != comparison.reference) {
        ties_of_ = comparison.reference;
        reference_ties_ = tie_sum(reference);
    }
    return rank_sums(side(comparison.group), reference, reference_ties_);
}

void GeneComparer::compare_one(std::uint64_t gene, const Comparison& comparison, DifferentialTable& table) {
    const SideMoments group = moments_.cohort(comparison.group);
    const SideMoments reference = comparison.reference < 0
                                      ? moments_.others(comparison.group)
                                      : moments_.cohort(static_cast<std::uint32_t>(comparison.reference));
    table.mean_group[gene] = group.cells.mean;
    table.mean_reference[gene] = reference.cells.mean;
    table.sd_group[gene] = std::sqrt(group.cells.variance);
    table.sd_reference[gene] = std::sqrt(reference.cells.variance);
    table.fraction_group[gene] = group.fraction;
    table.fraction_reference[gene] = reference.fraction;
    if (comparison.unit == TestUnit::replicates) {
        const ReplicateOutcome outcome =
            test_replicates(comparison.replicates, {moments_.leaf_bulk(), moments_.replicate_bulk()},
                            comparison.test, profiles_);
        table.score[gene] = outcome.score;
        table.pval[gene] = outcome.p;
        table.log_fold_change[gene] = outcome.difference;
        table.low[gene] = outcome.low;
        table.high[gene] = outcome.high;
        return;
    }
    table.log_fold_change[gene] = log2_fold_change(group.cells.mean, reference.cells.mean, log_base_);
    set_cell_interval(table, gene, group.cells, reference.cells, log_base_);
    table.score[gene] = table.pval[gene] = nan;
    if (comparison.tested && comparison.test == GeneTest::wilcoxon) {
        table.score[gene] = rank_sum_z(ranks_of(comparison), tie_correct_);
        table.pval[gene] = normal_two_sided(table.score[gene]);
    } else if (comparison.tested) {
        const MeanTest test = welch(group.cells, reference.cells);
        const bool alike = std::isnan(test.t) && test.difference == 0;
        table.score[gene] = alike ? 0 : test.t;
        table.pval[gene] = alike ? 1 : test.p;
    }
}

} // namespace ember
