#include "core/genes/rank_scan.hpp"

#include <algorithm>

#include "core/genes/gene_words.hpp"

namespace ember {

namespace {

double cubed_less(std::uint64_t run) {
    const auto t = static_cast<double>(run);
    return t * t * t - t;
}

/// The first place from `at` whose key is not below `key`, found in steps that double.
std::size_t gallop(std::span<const std::uint32_t> keys, std::size_t at, std::uint64_t key) {
    std::size_t step = 1, low = at;
    while (at < keys.size() && keys[at] < key) {
        low = at + 1;
        at += step;
        step *= 2;
    }
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(at, keys.size()));
    const auto from = keys.begin() + static_cast<std::ptrdiff_t>(std::min(low, keys.size()));
    return static_cast<std::size_t>(std::lower_bound(from, end, key) - keys.begin());
}

std::size_t run_end(std::span<const std::uint32_t> keys, std::size_t first) {
    std::size_t end = first + 1;
    while (end < keys.size() && keys[end] == keys[first]) {
        ++end;
    }
    return end;
}

/// Takes the runs of the first side in rising order, between the values of the second.
class PairedRanks {
public:
    PairedRanks(const SortedSide& second, double second_ties) : second_(second) {
        sums_.n2 = static_cast<double>(second.size());
        sums_.ties = second_ties;
    }

    void take(std::uint32_t key, std::uint64_t run) {
        if (key > zero_key && !zeros_passed_) {
            zeros_passed_ = true;
            before_second_ += second_.zeros;
        }
        const std::size_t below = gallop(second_.keys, at_, key);
        std::size_t end = below;
        while (end < second_.keys.size() && second_.keys[end] == key) {
            ++end;
        }
        const std::uint64_t same = key == zero_key ? second_.zeros : end - below;
        const std::uint64_t before = before_first_ + before_second_ + below;
        sums_.first += static_cast<double>(run) * 0.5 * static_cast<double>(2 * before + run + same + 1);
        sums_.ties += cubed_less(run + same) - cubed_less(same);
        at_ = end;
        before_first_ += run;
    }

    RankSums result() {
        sums_.n1 = static_cast<double>(before_first_);
        return sums_;
    }

private:
    const SortedSide& second_;
    RankSums sums_;
    std::size_t at_ = 0;
    std::uint64_t before_first_ = 0, before_second_ = 0;
    bool zeros_passed_ = false;
};

} // namespace

double tie_sum(const SortedSide& side) {
    double sum = cubed_less(side.zeros);
    for (std::size_t first = 0; first < side.keys.size();) {
        const std::size_t end = run_end(side.keys, first);
        sum += cubed_less(end - first);
        first = end;
    }
    return sum;
}

RankSums rank_sums(const SortedSide& first, const SortedSide& second, double second_ties) {
    PairedRanks ranks(second, second_ties);
    bool zeros_taken = first.zeros == 0;
    for (std::size_t at = 0; at < first.keys.size();) {
        if (!zeros_taken && first.keys[at] > zero_key) {
            ranks.take(zero_key, first.zeros);
            zeros_taken = true;
        }
        const std::size_t end = run_end(first.keys, at);
        ranks.take(first.keys[at], end - at);
        at = end;
    }
    if (!zeros_taken) {
        ranks.take(zero_key, first.zeros);
    }
    return ranks.result();
}

double rank_sums_of_all(std::span<const std::uint64_t> words, std::span<const std::uint32_t> group_of_leaf,
                        std::span<const std::uint64_t> zeros, std::span<std::uint64_t> twice) {
    std::uint64_t below = 0;
    double ties = 0;
    const auto take_runs = [&](std::size_t first, std::size_t last) {
        while (first < last) {
            const std::uint32_t key = word_key(words[first]);
            std::size_t end = first + 1;
            while (end < last && word_key(words[end]) == key) {
                ++end;
            }
            const std::uint64_t run = end - first, rank = 2 * below + run + 1;
            ties += run > 1 ? cubed_less(run) : 0;
            below += run;
            for (; first < end; ++first) {
                twice[group_of_leaf[word_leaf(words[first])]] += rank;
            }
        }
    };
    const auto positive = std::partition_point(words.begin(), words.end(),
                                               [](std::uint64_t word) { return word_key(word) < zero_key; });
    const auto negatives = static_cast<std::size_t>(positive - words.begin());
    take_runs(0, negatives);
    std::uint64_t all_zeros = 0;
    for (const std::uint64_t count : zeros) {
        all_zeros += count;
    }
    for (std::size_t group = 0; group < zeros.size(); ++group) {
        twice[group] += zeros[group] * (2 * below + all_zeros + 1);
    }
    ties += cubed_less(all_zeros);
    below += all_zeros;
    take_runs(negatives, words.size());
    return ties;
}

} // namespace ember
