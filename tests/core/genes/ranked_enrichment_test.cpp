#include <cmath>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/threads.hpp"
#include "core/genes/enrichment.hpp"
#include "core/genes/running_sum.hpp"

namespace ember {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const json& peer() {
    static const json read = json::parse(std::ifstream(EMBER_TEST_DATA "/genes/gseapy_prerank.json"));
    return read;
}

GeneSets peer_sets() {
    GeneSets sets;
    for (const auto& [name, genes] : peer()["sets"].items()) {
        sets.sets.push_back({name, "", genes});
    }
    return sets;
}

RankedRequest peer_request() {
    RankedRequest request;
    request.genes = peer()["genes"].get<std::vector<std::string>>();
    request.scores = peer()["scores"].get<std::vector<double>>();
    return request;
}

const EnrichedSet& named(const EnrichmentResult& result, const std::string& name) {
    return *std::find_if(result.sets.begin(), result.sets.end(),
                         [&](const EnrichedSet& set) { return set.name == name; });
}

TEST(RunningSum, IsRightByHand) {
    // Ten genes, weights 5 4 3 2 1 1 2 3 4 5; hits at 0, 2, 9: total 13, down 1/7.
    const std::vector<double> weights = {5, 4, 3, 2, 1, 1, 2, 3, 4, 5};
    const std::vector<std::uint32_t> places = {0, 2, 9};
    const EnrichmentPeak peak = running_sum_peak(places, weights);
    EXPECT_NEAR(peak.score, 8.0 / 13 - 1.0 / 7, 1e-15);
    EXPECT_EQ(peak.place, 2U);
    const std::vector<std::uint32_t> last = {8, 9};
    EXPECT_DOUBLE_EQ(running_sum_peak(last, weights).score, -1.0);
    EXPECT_EQ(running_sum_peak(last, weights).place, 0U);
    const std::vector<std::uint32_t> first = {0, 1, 2};
    EXPECT_DOUBLE_EQ(running_sum_peak(first, weights).score, 1.0);
    const std::vector<double> none(4, 0.0);
    const std::vector<std::uint32_t> middle = {1};
    EXPECT_NEAR(running_sum_peak(middle, none).score, 1 - 1.0 / 3, 1e-15);
}

TEST(RankedEnrichment, MeetsGseapy) {
    for (const char* weight : {"0", "1", "2"}) {
        RankedRequest request = peer_request();
        request.weight = std::stod(weight);
        request.permutations = 20'000;
        JobContext job;
        const EnrichmentResult result = ranked_enrichment(peer_sets(), request, job);
        EXPECT_EQ(result.sets_tested, peer()["results"][weight].size());
        EXPECT_EQ(result.sets_left_out, 1U); // SMALL
        for (const auto& [name, expected] : peer()["results"][weight].items()) {
            SCOPED_TRACE(name + " with weight " + weight);
            const EnrichedSet& set = named(result, name);
            const double p = expected["pval"];
            EXPECT_EQ(set.size, expected["size"]);
            EXPECT_NEAR(set.es, expected["es"].get<double>(), 1e-9);
            // Two runs of 20,000 random sets differ by chance; some half of them are on one side.
            EXPECT_NEAR(set.nes, expected["nes"].get<double>(), 0.02 * std::abs(set.nes));
            EXPECT_NEAR(set.pval, p, 6 * std::sqrt(2 * p * (1 - p) / 8'000) + 3e-4);
            EXPECT_THAT(set.genes,
                        testing::UnorderedElementsAreArray(expected["lead"].get<std::vector<std::string>>()));
        }
    }
}

TEST(RankedEnrichment, FindsWhatWasPlanted) {
    JobContext job;
    const EnrichmentResult result = ranked_enrichment(peer_sets(), peer_request(), job);
    EXPECT_EQ(result.sets[0].name, "UP");
    EXPECT_GT(result.sets[0].nes, 2);
    EXPECT_EQ(result.sets[1].name, "DOWN");
    EXPECT_LT(result.sets[1].nes, -1.5);
    EXPECT_LT(result.sets[1].padj, 0.05);
    for (const EnrichedSet& set : result.sets) {
        EXPECT_GE(set.pval, 1.0 / 1001);
        EXPECT_LE(set.pval, set.padj);
    }
    EXPECT_TRUE(enrichment_csv(result).starts_with("set,description,size,overlap,es,nes,pval,padj,genes\n"));
}

TEST(RankedEnrichment, TurnsOverWithTheScores) {
    RankedRequest request = peer_request();
    JobContext job;
    const EnrichmentResult one = ranked_enrichment(peer_sets(), request, job);
    for (double& score : request.scores) {
        score = -score;
    }
    const EnrichmentResult other = ranked_enrichment(peer_sets(), request, job);
    for (const EnrichedSet& set : one.sets) {
        EXPECT_NEAR(set.es, -named(other, set.name).es, 1e-12);
    }
}

TEST(RankedEnrichment, IsTheSameForAnyNumberOfThreads) {
    JobContext job;
    set_thread_budget(1);
    const std::string one = enrichment_csv(ranked_enrichment(peer_sets(), peer_request(), job));
    set_thread_budget(4);
    EXPECT_EQ(enrichment_csv(ranked_enrichment(peer_sets(), peer_request(), job)), one);
    set_thread_budget(0);
    RankedRequest other = peer_request();
    other.seed = 43;
    EXPECT_NE(enrichment_csv(ranked_enrichment(peer_sets(), other, job)), one);
}

TEST(RankedEnrichment, RandomSetsAreRarelyFound) {
    GeneSets sets;
    const RankedRequest request = peer_request();
    for (int i = 0; i < 200; ++i) {
        GeneSet set{"R" + std::to_string(i), "", {}};
        for (int gene = 0; gene < 15; ++gene) {
            set.genes.push_back(
                request.genes[static_cast<std::size_t>((i * 97 + gene * gene * 31 + gene * 7) % 600)]);
        }
        std::sort(set.genes.begin(), set.genes.end());
        set.genes.erase(std::unique(set.genes.begin(), set.genes.end()), set.genes.end());
        sets.sets.push_back(std::move(set));
    }
    JobContext job;
    const EnrichmentResult result = ranked_enrichment(sets, request, job);
    const auto below = std::count_if(result.sets.begin(), result.sets.end(),
                                     [](const EnrichedSet& set) { return set.pval < 0.05; });
    EXPECT_LT(below, 30);
}

std::string error_of(const RankedRequest& request) {
    try {
        JobContext job;
        ranked_enrichment(peer_sets(), request, job);
    } catch (const Error& error) {
        return error.message();
    }
    return "none";
}

TEST(RankedEnrichment, HandlesBadScores) {
    RankedRequest request = peer_request();
    request.scores.pop_back();
    EXPECT_THAT(error_of(request), HasSubstr("600 genes and 599 scores"));
    request = {};
    EXPECT_THAT(error_of(request), HasSubstr("The ranking is empty"));
    request = peer_request();
    std::fill(request.scores.begin(), request.scores.end(), 1.0);
    EXPECT_THAT(error_of(request), HasSubstr("All scores are the same"));
    std::fill(request.scores.begin(), request.scores.end(), std::nan(""));
    EXPECT_THAT(error_of(request), HasSubstr("All scores are the same"));
    request = peer_request();
    request.smallest = 400;
    EXPECT_THAT(error_of(request), HasSubstr("between 400 and 500 genes"));

    request = peer_request();
    request.scores[3] = std::nan("");
    request.genes.push_back(request.genes[0]);
    request.scores.push_back(0.0);
    JobContext job;
    const EnrichmentResult result = ranked_enrichment(peer_sets(), request, job);
    EXPECT_EQ(result.background, 599U);
    EXPECT_THAT(result.warnings,
                ElementsAre(HasSubstr("1 gene has no score"), HasSubstr("in the ranking twice")));
}

TEST(RankedEnrichment, InfiniteScoresCountAsTheLargest) {
    RankedRequest request = peer_request();
    const auto top = std::max_element(request.scores.begin(), request.scores.end());
    JobContext job;
    request.weight = 2;
    const EnrichmentResult finite = ranked_enrichment(peer_sets(), request, job);
    const double second = [&] {
        double found = 0;
        for (const double score : request.scores) {
            found = score < *top ? std::max(found, std::abs(score)) : found;
        }
        return found;
    }();
    *top = second;
    const double expected = named(ranked_enrichment(peer_sets(), request, job), "UP").es;
    *top = std::numeric_limits<double>::infinity();
    const EnrichmentResult infinite = ranked_enrichment(peer_sets(), request, job);
    EXPECT_NEAR(named(infinite, "UP").es, expected, 1e-12);
    EXPECT_NE(named(finite, "UP").es, expected);
    EXPECT_THAT(infinite.warnings, ElementsAre(HasSubstr("1 score is infinite")));
}

TEST(RankedEnrichment, StopsWhenAsked) {
    std::stop_source stop;
    JobContext job(nullptr, stop.get_token());
    stop.request_stop();
    EXPECT_THROW(ranked_enrichment(peer_sets(), peer_request(), job), Cancelled);
}

} // namespace
} // namespace ember
