#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <unordered_map>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/enrichment.hpp"
#include "core/genes/running_sum.hpp"

namespace ember {

namespace {

/// Largest score first.
struct Ranking {
    std::vector<std::string> genes;
    std::vector<double> weights; ///< |score|^weight
    std::unordered_map<std::string_view, std::uint32_t> place;
    std::vector<std::string> warnings;
};

void check(const RankedRequest& request) {
    if (request.genes.empty()) {
        throw UsageError("The ranking is empty", "Give all tested genes with their scores");
    }
    if (request.genes.size() != request.scores.size()) {
        throw UsageError("There are " + count_text(request.genes.size()) + " genes and " +
                             count_text(request.scores.size()) + " scores",
                         "Give one score per gene");
    }
    if (request.permutations < 1) {
        throw UsageError("At least one permutation is needed", "Ask for 1,000 or more");
    }
}

double largest_finite(const std::vector<double>& scores) {
    double largest = 0;
    for (const double score : scores) {
        largest = std::isfinite(score) ? std::max(largest, std::abs(score)) : largest;
    }
    return largest;
}

Ranking rank_genes(const RankedRequest& request) {
    check(request);
    std::vector<std::uint32_t> order(request.genes.size());
    std::iota(order.begin(), order.end(), 0U);
    const std::uint64_t all = order.size();
    std::erase_if(order, [&](std::uint32_t i) { return std::isnan(request.scores[i]); });
    Ranking ranking;
    if (order.size() < all) {
        ranking.warnings.push_back(counted(all - order.size(), "gene has", "genes have") +
                                   " no score and were left out");
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return request.scores[a] > request.scores[b]; });
    std::uint64_t repeated = 0;
    // Of a gene that stands twice the score farther from 0 counts.
    std::unordered_map<std::string_view, std::uint32_t> best;
    for (const std::uint32_t i : order) {
        const auto [found, fresh] = best.try_emplace(request.genes[i], i);
        repeated += !fresh;
        if (std::abs(request.scores[i]) > std::abs(request.scores[found->second])) {
            found->second = i;
        }
    }
    const double largest = largest_finite(request.scores);
    std::uint64_t infinite = 0;
    for (const std::uint32_t i : order) {
        if (best.at(request.genes[i]) == i) {
            infinite += std::isinf(request.scores[i]);
            ranking.genes.push_back(request.genes[i]);
            ranking.weights.push_back(
                std::pow(std::min(std::abs(request.scores[i]), largest), request.weight));
        }
    }
    if (infinite != 0) {
        ranking.warnings.push_back(counted(infinite, "score is", "scores are") +
                                   " infinite and count as much as the largest finite one");
    }
    if (repeated != 0) {
        ranking.warnings.push_back(counted(repeated, "gene stands", "genes stand") +
                                   " in the ranking twice; the score farther from 0 counts");
    }
    if (order.empty() || request.scores[order.front()] == request.scores[order.back()]) {
        throw UsageError("All scores are the same: there is no ranking", "Choose another column of scores");
    }
    for (std::uint32_t i = 0; i < ranking.genes.size(); ++i) {
        ranking.place.emplace(ranking.genes[i], i);
    }
    return ranking;
}

/// A gene set inside the ranking.
struct Candidate {
    const GeneSet* set = nullptr;
    std::vector<std::uint32_t> places; ///< ascending
};

std::vector<Candidate> candidates_of(const GeneSets& sets, const Ranking& ranking,
                                     const RankedRequest& request) {
    std::vector<Candidate> candidates;
    bool any = false;
    const std::uint64_t smallest = std::max<std::uint64_t>(request.smallest, 1);
    // A set of all genes cannot lie at an end.
    const std::uint64_t largest = std::min<std::uint64_t>(request.largest, ranking.genes.size() - 1);
    for (const GeneSet& set : sets.sets) {
        Candidate candidate{&set, {}};
        for (const std::string& gene : set.genes) {
            if (const auto found = ranking.place.find(gene); found != ranking.place.end()) {
                candidate.places.push_back(found->second);
            }
        }
        any = any || !candidate.places.empty();
        if (candidate.places.size() >= smallest && candidate.places.size() <= largest) {
            std::sort(candidate.places.begin(), candidate.places.end());
            candidates.push_back(std::move(candidate));
        }
    }
    if (candidates.empty()) {
        throw Error("NoSets",
                    any ? "No gene set has between " + count_text(smallest) + " and " + count_text(largest) +
                              " genes in the ranking"
                        : "No gene of the sets is in the ranking",
                    {sets.source, {}, {}},
                    any ? "Widen the sizes"
                        : "Check that both name genes alike: symbols or Ensembl ids, human or mouse");
    }
    return candidates;
}

/// A generator of its own for every permutation, so that threads change nothing.
std::mt19937_64 generator_of(std::uint64_t seed, std::uint64_t permutation) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U),
                        static_cast<std::uint32_t>(permutation), 0x656e7269U};
    return std::mt19937_64(words);
}

/// `count` different places of `genes`, in random order: each set size takes the first ones.
std::vector<std::uint32_t> random_places(std::size_t count, std::size_t genes, std::mt19937_64& random,
                                         std::vector<std::uint32_t>& deck) {
    for (std::size_t i = 0; i < count; ++i) {
        // Multiply and shift: the bias of 2^-64 · genes is far below anything that permutations can see.
        const auto wide = static_cast<unsigned __int128>(random()) * (genes - i);
        std::swap(deck[i], deck[i + static_cast<std::size_t>(wide >> 64U)]);
    }
    return {deck.begin(), deck.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// Scores of random sets, [sizes × permutations]; `sizes` ascending.
std::vector<double> null_scores(const std::vector<std::size_t>& sizes, const Ranking& ranking,
                                const RankedRequest& request, JobContext& job) {
    const auto permutations = static_cast<std::size_t>(request.permutations);
    std::vector<double> scores(sizes.size() * permutations);
    std::atomic<std::uint64_t> done = 0;
    job.begin("Shuffling genes", permutations, "permutations");
    const auto work = [&](const tbb::blocked_range<std::size_t>& range) {
        std::vector<std::uint32_t> deck(ranking.genes.size()), sorted;
        for (std::size_t permutation = range.begin(); permutation != range.end(); ++permutation) {
            if (job.cancel_requested()) {
                return;
            }
            std::iota(deck.begin(), deck.end(), 0U);
            std::mt19937_64 random = generator_of(request.seed, permutation);
            const auto places = random_places(sizes.back(), deck.size(), random, deck);
            sorted.clear();
            for (std::size_t s = 0; s < sizes.size(); ++s) {
                const auto middle = static_cast<std::ptrdiff_t>(sorted.size());
                sorted.insert(sorted.end(), places.begin() + middle,
                              places.begin() + static_cast<std::ptrdiff_t>(sizes[s]));
                std::sort(sorted.begin() + middle, sorted.end());
                std::inplace_merge(sorted.begin(), sorted.begin() + middle, sorted.end());
                scores[s * permutations + permutation] = running_sum_peak(sorted, ranking.weights).score;
            }
            job.advance_to(++done);
        }
    };
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, permutations, 4), work);
    job.check_cancelled();
    return scores;
}

/// Normalised score and p-value of a score in its null.
void judge(EnrichedSet& set, std::span<const double> null) {
    const bool positive = set.es >= 0;
    double sum = 0;
    std::uint64_t side = 0, extreme = 0;
    for (const double score : null) {
        if ((score >= 0) != positive) {
            continue;
        }
        ++side;
        sum += std::abs(score);
        extreme += std::abs(score) >= std::abs(set.es);
    }
    set.pval = static_cast<double>(extreme + 1) / static_cast<double>(side + 1);
    set.nes = side == 0 || sum == 0 ? std::numeric_limits<double>::quiet_NaN()
                                    : set.es * static_cast<double>(side) / sum;
}

EnrichedSet scored(const Candidate& candidate, const Ranking& ranking) {
    EnrichedSet made;
    made.name = candidate.set->name;
    made.description = candidate.set->description;
    made.size = candidate.places.size();
    const EnrichmentPeak peak = running_sum_peak(candidate.places, ranking.weights);
    made.es = peak.score;
    const auto begin = static_cast<std::ptrdiff_t>(made.es >= 0 ? 0 : peak.place),
               end = static_cast<std::ptrdiff_t>(made.es >= 0 ? peak.place : candidate.places.size());
    for (auto at = begin; at < end; ++at) {
        made.genes.push_back(ranking.genes[candidate.places[static_cast<std::size_t>(at)]]);
    }
    if (made.es < 0) {
        std::reverse(made.genes.begin(), made.genes.end()); // the lowest score first
    }
    made.overlap = made.genes.size();
    return made;
}

std::vector<std::size_t> sizes_of(const std::vector<Candidate>& candidates) {
    std::vector<std::size_t> sizes;
    for (const Candidate& candidate : candidates) {
        sizes.push_back(candidate.places.size());
    }
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

/// Sets that no random set reaches have p-values that only tell how many were on their side: after the
/// correction most of these are equal, and the stronger one comes first.
void correct_and_order(std::vector<EnrichedSet>& sets) {
    std::vector<double> p;
    for (const EnrichedSet& set : sets) {
        p.push_back(set.pval);
    }
    p = benjamini_hochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
        sets[i].padj = p[i];
    }
    std::stable_sort(sets.begin(), sets.end(), [](const EnrichedSet& a, const EnrichedSet& b) {
        return a.padj != b.padj ? a.padj < b.padj : std::abs(a.nes) > std::abs(b.nes);
    });
}

} // namespace

EnrichmentResult ranked_enrichment(const GeneSets& sets, const RankedRequest& request, JobContext& job) {
    const Ranking ranking = rank_genes(request);
    const std::vector<Candidate> candidates = candidates_of(sets, ranking, request);
    const std::vector<std::size_t> sizes = sizes_of(candidates);
    const std::vector<double> null = null_scores(sizes, ranking, request, job);

    EnrichmentResult result;
    result.method = "ranked";
    result.query = result.background = ranking.genes.size();
    result.sets_tested = candidates.size();
    result.sets_left_out = sets.sets.size() - candidates.size();
    result.warnings = sets.warnings;
    result.warnings.insert(result.warnings.end(), ranking.warnings.begin(), ranking.warnings.end());
    const auto permutations = static_cast<std::size_t>(request.permutations);
    for (const Candidate& candidate : candidates) {
        EnrichedSet set = scored(candidate, ranking);
        const auto row = static_cast<std::size_t>(
            std::lower_bound(sizes.begin(), sizes.end(), candidate.places.size()) - sizes.begin());
        judge(set, std::span(null).subspan(row * permutations, permutations));
        result.sets.push_back(std::move(set));
    }
    correct_and_order(result.sets);
    return result;
}

} // namespace ember
