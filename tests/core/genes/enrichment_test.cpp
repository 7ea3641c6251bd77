#include "core/genes/enrichment.hpp"

#include <cmath>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/analysis/hypergeometric.hpp"
#include "core/analysis/multiple_testing.hpp"
#include "core/base/error.hpp"

namespace ember {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const json& fixture() {
    static const json read = json::parse(std::ifstream(EMBER_TEST_DATA "/analysis/enrich.json"));
    return read;
}

void expect_close(double found, const json& expected, double relative) {
    if (expected.is_null()) {
        EXPECT_FALSE(std::isfinite(found));
        return;
    }
    if (expected.is_string()) { // "inf", "nan"
        EXPECT_EQ(expected == "nan", std::isnan(found)) << expected;
        EXPECT_FALSE(std::isfinite(found));
        return;
    }
    const double value = expected.get<double>();
    EXPECT_NEAR(found, value, relative * std::abs(value) + 1e-300);
}

TEST(HypergeometricTest, MeetsScipy) {
    for (const json& row : fixture()["hypergeom"]) {
        const Hypergeometric draw{row["universe"], row["set_size"], row["draws"]};
        const std::uint64_t overlap = row["overlap"];
        SCOPED_TRACE(row.dump());
        expect_close(draw.at_least(overlap), row["p_over"], 1e-10);
        expect_close(draw.log_at_least(overlap) / std::log(10.0), row["log10_p_over"], 1e-10);
        expect_close(draw.at_most(overlap), row["p_under"], 1e-10);
        expect_close(draw.expected(), row["expected"], 1e-14);
        expect_close(std::exp(draw.log_probability(overlap)), row["pmf"], 1e-10);
        expect_close(draw.at_least(overlap), row["fisher_greater"], 1e-9);
        expect_close(draw.two_sided(overlap), row["fisher_two_sided"], 1e-9);
        expect_close(draw.odds_ratio(overlap), row["odds_ratio_sample"], 1e-12);
    }
}

TEST(HypergeometricTest, SumsToOneAtTheSizeOfAGenome) {
    const Hypergeometric draw{60'000, 2'000, 1'500};
    for (const std::uint64_t overlap : {0, 20, 50, 80, 200}) {
        EXPECT_NEAR(draw.at_least(overlap) + draw.at_most(overlap) - std::exp(draw.log_probability(overlap)),
                    1.0, 1e-12);
    }
    EXPECT_EQ(draw.at_least(0), 1.0);
    EXPECT_EQ(draw.at_least(1'501), 0.0);
    EXPECT_LT(draw.log_at_least(1'500), -3'000);
}

void expect_adjusted(std::vector<double> (*correct)(std::span<const double>), const json& row,
                     const char* name) {
    std::vector<double> p;
    for (const json& value : row["p"]) {
        p.push_back(value.is_number() ? value.get<double>() : std::nan(""));
    }
    const std::vector<double> adjusted = correct(p);
    ASSERT_EQ(adjusted.size(), row[name].size());
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
        const json& expected = row[name][i];
        if (!expected.is_number()) {
            EXPECT_TRUE(std::isnan(adjusted[i]));
        } else {
            EXPECT_NEAR(adjusted[i], expected.get<double>(), 1e-12) << row["name"] << " " << name << " " << i;
        }
    }
}

TEST(MultipleTesting, LeavesNanOut) {
    const double nan = std::nan("");
    const std::vector<double> p = {0.01, nan, 0.02};
    for (const auto correct : {benjamini_hochberg, benjamini_yekutieli, bonferroni, holm}) {
        const std::vector<double> adjusted = correct(p), without = correct(std::vector<double>{0.01, 0.02});
        EXPECT_TRUE(std::isnan(adjusted[1]));
        EXPECT_EQ(adjusted[0], without[0]);
        EXPECT_EQ(adjusted[2], without[1]);
    }
}

TEST(MultipleTesting, MeetsStatsmodels) {
    for (const json& row : fixture()["pvalue_adjustment"]) {
        if (row["name"] == "with_nan") {
            expect_adjusted(benjamini_hochberg, row, "fdr_bh_nan_dropped");
            continue;
        }
        expect_adjusted(benjamini_hochberg, row, "fdr_bh");
        expect_adjusted(benjamini_yekutieli, row, "fdr_by");
        expect_adjusted(bonferroni, row, "bonferroni");
        expect_adjusted(holm, row, "holm");
    }
}

OverRepresentationRequest fixture_request() {
    return {fixture()["ora"]["query"], fixture()["ora"]["universe"], 1, 5000, false};
}

TEST(OverRepresentation, MeetsScipyAndGseapy) {
    const GeneSets sets = read_gmt(EMBER_TEST_DATA "/analysis/sets.gmt");
    OverRepresentationRequest request = fixture_request();
    for (const bool overlapping : {false, true}) {
        request.overlapping_only = overlapping;
        JobContext job;
        const EnrichmentResult result = over_representation(sets, request, job);
        std::size_t compared = 0;
        for (const json& row : fixture()["ora"]["rows"]) {
            const auto found = std::find_if(result.sets.begin(), result.sets.end(),
                                            [&](const EnrichedSet& set) { return set.name == row["term"]; });
            if (found == result.sets.end()) {
                EXPECT_TRUE(overlapping && row["overlap"] == 0) << row["term"];
                continue;
            }
            ++compared;
            EXPECT_EQ(found->size, row["size_in_universe"]);
            EXPECT_EQ(found->overlap, row["overlap"]);
            EXPECT_THAT(found->genes,
                        testing::UnorderedElementsAreArray(row["members"].get<std::vector<std::string>>()));
            expect_close(found->fold, row["fold"], 1e-12);
            expect_close(found->pval, row["p"], 1e-10);
            EXPECT_NEAR(found->padj,
                        row[overlapping ? "q_overlapping_sets_only" : "q_all_sets"].get<double>(), 1e-12);
        }
        EXPECT_GE(compared, 11U);
    }
}

std::string error_of(const OverRepresentationRequest& request) {
    try {
        JobContext job;
        over_representation(read_gmt(EMBER_TEST_DATA "/analysis/sets.gmt"), request, job);
    } catch (const Error& error) {
        return error.class_name() + ": " + error.message();
    }
    return "none";
}

TEST(OverRepresentation, RefusesWhatHasNoAnswer) {
    OverRepresentationRequest request = fixture_request();
    request.query = {};
    EXPECT_THAT(error_of(request), HasSubstr("No genes were chosen"));
    request = fixture_request();
    request.background = {};
    EXPECT_THAT(error_of(request), HasSubstr("The background is empty"));
    request = fixture_request();
    request.query.push_back("Foreign");
    EXPECT_THAT(error_of(request), HasSubstr("1 chosen gene is not in the background: 'Foreign'"));
    request = {{"Krt5"}, {"Krt5", "Lum"}, 1, 5000, false};
    EXPECT_THAT(error_of(request), HasSubstr("NoSets: No gene of the sets is in the background"));
    request = fixture_request();
    request.smallest = 4000;
    EXPECT_THAT(error_of(request), HasSubstr("NoSets: No gene set has the size"));
}

TEST(OverRepresentation, RepeatsChangeNothing) {
    const GeneSets sets = read_gmt(EMBER_TEST_DATA "/analysis/sets.gmt");
    OverRepresentationRequest request = fixture_request();
    JobContext job;
    const std::string once = enrichment_csv(over_representation(sets, request, job));
    request.query.push_back(request.query.front());
    request.background.push_back(request.background.front());
    EXPECT_EQ(enrichment_csv(over_representation(sets, request, job)), once);
    EXPECT_TRUE(once.starts_with("set,description,size,overlap,fold,pval,padj,genes\n"));
}

TEST(MatchNaming, BringsQueryAndBackgroundToTheSets) {
    const GeneSets sets = bundled_reactome(Species::human);
    OverRepresentationRequest request{
        {"Gnai3", "Foreign"}, {"Gnai3", "Cdc45", "Ccl3", "Lum", "Syn0001"}, 1, 5000, false};
    EXPECT_THAT(match_naming(request, sets), HasSubstr("4 of 5 genes have a human counterpart"));
    EXPECT_THAT(request.background, ElementsAre("GNAI3", "CDC45", "CCL3", "LUM"));
    EXPECT_THAT(request.query, ElementsAre("GNAI3", "Foreign"));
}

TEST(MatchNaming, KeepsTheLargerScoreOfTwo) {
    const GeneSets sets = bundled_reactome(Species::mouse);
    RankedRequest request;
    request.genes = {"ENSMUSG00000000001", "ENSMUSG00000000001.4", "ENSMUSG00000000028"};
    request.scores = {1, -3, 2};
    EXPECT_FALSE(match_naming(request, sets).empty());
    EXPECT_THAT(request.genes, ElementsAre("Gnai3", "Cdc45"));
    EXPECT_THAT(request.scores, ElementsAre(-3, 2));
}

} // namespace
} // namespace ember
