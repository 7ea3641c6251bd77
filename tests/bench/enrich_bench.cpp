// Gene set enrichment of a random ranking, and over-representation of its head.
// usage: enrich_bench [GENES [SETS [PERMUTATIONS]]]      20,000 genes, 2,500 sets, 1,000 permutations
// Prints one JSON object.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>

#include "core/genes/enrichment.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Sizes from 5 to 500, small ones more often, as Reactome has them.
GeneSets random_sets(const std::vector<std::string>& genes, std::size_t count, std::mt19937_64& random) {
    GeneSets sets;
    std::vector<std::string> deck = genes;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = std::uniform_real_distribution<double>(0, 1)(random);
        const auto size =
            std::min<std::size_t>(5 + static_cast<std::size_t>(495 * x * x * x), genes.size() / 2);
        for (std::size_t gene = 0; gene < size; ++gene) {
            std::swap(deck[gene], deck[gene + random() % (deck.size() - gene)]);
        }
        sets.sets.push_back(
            {"S" + std::to_string(i), "", {deck.begin(), deck.begin() + static_cast<std::ptrdiff_t>(size)}});
    }
    return sets;
}

} // namespace

int main(int argc, char** argv) {
    const auto number = [&](int at, std::size_t fallback) {
        return argc > at ? static_cast<std::size_t>(std::stoull(argv[at])) : fallback;
    };
    std::mt19937_64 random(1);
    RankedRequest ranked;
    for (std::size_t i = 0; i < number(1, 20'000); ++i) {
        ranked.genes.push_back("G" + std::to_string(i));
        ranked.scores.push_back(std::normal_distribution<double>()(random));
    }
    ranked.permutations = static_cast<int>(number(3, 1'000));
    const GeneSets sets = random_sets(ranked.genes, number(2, 2'500), random);
    JobContext job;
    auto start = Clock::now();
    const EnrichmentResult result = ranked_enrichment(sets, ranked, job);
    const double ranked_seconds = seconds_since(start);
    OverRepresentationRequest chosen;
    chosen.background = ranked.genes;
    chosen.query.assign(ranked.genes.begin(), ranked.genes.begin() + 500);
    start = Clock::now();
    over_representation(sets, chosen, job);
    std::cout << "{\"genes\": " << ranked.genes.size() << ", \"sets\": " << result.sets_tested
              << ", \"permutations\": " << ranked.permutations << ", \"ranked_s\": " << ranked_seconds
              << ", \"over_representation_s\": " << seconds_since(start) << "}\n";
}
