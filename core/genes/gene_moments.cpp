#include "core/genes/gene_moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/genes/gene_words.hpp"

namespace ember {

namespace {

double variance_of(double squares, double n) {
    return n < 2 ? std::numeric_limits<double>::quiet_NaN() : std::max(0.0, squares) / (n - 1);
}

} // namespace

GeneMoments::GeneMoments(const CellDesign& design, double log_base, bool bulk)
    : design_(design),
      log_base_(log_base),
      bulk_(bulk),
      leaf_sum_(design.leaves.size()),
      leaf_bulk_(bulk ? design.leaves.size() : 0),
      replicate_bulk_(bulk ? design.replicates.size() : 0),
      leaf_nonzero_(design.leaves.size()),
      nonzero_(design.cohorts.size()),
      sum_(design.cohorts.size()),
      mean_(design.cohorts.size()),
      squares_(design.cohorts.size()) {
    for (const Leaf& leaf : design.leaves) {
        cohort_of_leaf_.push_back(leaf.cohort);
    }
}

void GeneMoments::measure(std::uint32_t stratum, std::span<const std::uint64_t> words) {
    const Stratum& at = design_.strata[stratum];
    finite_ = words.empty() ||
              (std::isfinite(word_value(words.front())) && std::isfinite(word_value(words.back())));
    add_up(at, words);
    spread(at, words);
}

void GeneMoments::add_up(const Stratum& stratum, std::span<const std::uint64_t> words) {
    for (std::uint32_t leaf = stratum.first_leaf; leaf < stratum.last_leaf; ++leaf) {
        leaf_sum_[leaf] = 0;
        leaf_nonzero_[leaf] = 0;
    }
    for (const std::uint64_t word : words) {
        const std::uint32_t leaf = word_leaf(word);
        leaf_sum_[leaf] += static_cast<double>(word_value(word));
        ++leaf_nonzero_[leaf];
    }
    if (bulk_) {
        std::fill(leaf_bulk_.begin() + stratum.first_leaf, leaf_bulk_.begin() + stratum.last_leaf, 0.0);
        std::fill(replicate_bulk_.begin(), replicate_bulk_.end(), 0.0);
        for (const std::uint64_t word : words) {
            leaf_bulk_[word_leaf(word)] += std::expm1(static_cast<double>(word_value(word)) * log_base_);
        }
        for (std::uint32_t leaf = stratum.first_leaf; leaf < stratum.last_leaf; ++leaf) {
            replicate_bulk_[static_cast<std::size_t>(design_.leaves[leaf].replicate)] += leaf_bulk_[leaf];
        }
    }
    all_sum_ = 0;
    all_nonzero_ = 0;
    for (std::uint32_t c = stratum.first_cohort; c < stratum.last_cohort; ++c) {
        sum_[c] = 0;
        nonzero_[c] = 0;
        for (std::uint32_t leaf = design_.cohorts[c].first_leaf; leaf < design_.cohorts[c].last_leaf;
             ++leaf) {
            sum_[c] += leaf_sum_[leaf];
            nonzero_[c] += leaf_nonzero_[leaf];
        }
        mean_[c] = sum_[c] / static_cast<double>(design_.cohorts[c].cells);
        all_sum_ += sum_[c];
        all_nonzero_ += nonzero_[c];
    }
}

void GeneMoments::spread(const Stratum& stratum, std::span<const std::uint64_t> words) {
    for (std::uint32_t c = stratum.first_cohort; c < stratum.last_cohort; ++c) {
        const auto zeros = static_cast<double>(design_.cohorts[c].cells - nonzero_[c]);
        squares_[c] = zeros * mean_[c] * mean_[c];
    }
    for (const std::uint64_t word : words) {
        const std::uint32_t c = cohort_of_leaf_[word_leaf(word)];
        const double d = static_cast<double>(word_value(word)) - mean_[c];
        squares_[c] += d * d;
    }
    const double mean = all_sum_ / static_cast<double>(stratum.cells);
    all_squares_ = 0;
    for (std::uint32_t c = stratum.first_cohort; c < stratum.last_cohort; ++c) {
        const double apart = mean_[c] - mean;
        all_squares_ += squares_[c] + static_cast<double>(design_.cohorts[c].cells) * apart * apart;
    }
}

SideMoments GeneMoments::cohort(std::uint32_t index) const {
    const auto n = static_cast<double>(design_.cohorts[index].cells);
    return {{n, mean_[index], variance_of(squares_[index], n)}, static_cast<double>(nonzero_[index]) / n};
}

SideMoments GeneMoments::others(std::uint32_t cohort) const {
    const auto all = static_cast<double>(design_.strata[design_.cohorts[cohort].stratum].cells);
    const auto own = static_cast<double>(design_.cohorts[cohort].cells);
    const double n = all - own;
    if (all_nonzero_ == nonzero_[cohort]) {
        return {{n, 0, variance_of(0, n)}, 0}; // exactly: differences of sums would leave rounding
    }
    const double mean = (all_sum_ - sum_[cohort]) / n, all_mean = all_sum_ / all;
    const double squares = all_squares_ - squares_[cohort] -
                           own * (mean_[cohort] - all_mean) * (mean_[cohort] - all_mean) -
                           n * (mean - all_mean) * (mean - all_mean);
    return {{n, mean, variance_of(squares, n)}, static_cast<double>(all_nonzero_ - nonzero_[cohort]) / n};
}

} // namespace ember
