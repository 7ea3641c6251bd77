// Which words a prediction has earned.

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "core/evaluation/verdict_rules.hpp"
#include "core/evaluation/verdict_words.hpp"

namespace {

using namespace ember;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

ModelAgreement agreement(double r, double reach, double over, double p = 0.001) {
    ModelAgreement made;
    made.pearson = {r, r - reach, r + reach};
    made.over_baseline = {over, over - reach, over + reach};
    made.p = p;
    return made;
}

/// One model; r of each type, all judged; baseline 0.3.
PerturbationChange change_of(const std::vector<double>& by_type, double reach = 0.05) {
    PerturbationChange change;
    double sum = 0;
    for (const double r : by_type) {
        TypeChange type;
        type.type = "T" + std::to_string(change.types.size());
        type.judged = true;
        type.models = {agreement(r, reach, r - 0.3)};
        change.types.push_back(type);
        sum += r;
    }
    change.judged = by_type.size();
    const double mean = sum / static_cast<double>(by_type.size());
    change.overall = {agreement(mean, reach, mean - 0.3)};
    return change;
}

TEST(VerdictRules, GoodEverywhere) {
    const Assessment found = assess(change_of({0.9, 0.95, 0.97}), 0, {});
    EXPECT_EQ(found.overall, Predicts::yes);
    EXPECT_THAT(found.blind, IsEmpty());
    EXPECT_TRUE(found.beyond_average);
}

TEST(VerdictRules, ABlindSpotIsFound) {
    const Assessment found = assess(change_of({0.9, 0.05, 0.97, 0.8}), 0, {});
    EXPECT_THAT(found.blind, ElementsAre(1u));
    EXPECT_THAT(found.sound, ElementsAre(0u, 2u, 3u));
}

TEST(VerdictRules, WideIntervalsAreNoBlindSpot) {
    EXPECT_THAT(assess(change_of({0.9, 0.05, 0.97, 0.8}, 0.8), 0, {}).blind, IsEmpty());
}

TEST(VerdictRules, WhatIsNotJudgedIsNoBlindSpot) {
    PerturbationChange change = change_of({0.9, 0.05, 0.97, 0.8});
    change.types[1].judged = false;
    const Assessment found = assess(change, 0, {});
    EXPECT_THAT(found.blind, IsEmpty());
    EXPECT_THAT(found.unjudged, ElementsAre(1u));
}

TEST(VerdictRules, AModelThatFailsEverywhereHasNoBlindSpots) {
    const Assessment found = assess(change_of({0.02, -0.05, 0.2}), 0, {});
    EXPECT_EQ(found.overall, Predicts::no);
    EXPECT_THAT(found.blind, IsEmpty());
}

TEST(VerdictRules, BetterThanTheBaselineIsNoBlindSpot) {
    PerturbationChange change = change_of({0.9, 0.4, 0.97});
    change.types[1].models[0].over_baseline = {0.3, 0.2, 0.4};
    EXPECT_THAT(assess(change, 0, {}).blind, IsEmpty());
}

TEST(VerdictRules, ChanceIsNoPrediction) {
    PerturbationChange change = change_of({0.5, 0.6});
    change.overall[0].p = 0.4;
    EXPECT_EQ(assess(change, 0, {}).overall, Predicts::no);
}

TEST(VerdictRules, AnAverageChangeIsCalledThat) {
    PerturbationChange change = change_of({0.8, 0.8});
    change.overall[0].over_baseline = {0.01, -0.03, 0.05};
    const Assessment found = assess(change, 0, {});
    EXPECT_TRUE(found.average_only);
    EXPECT_FALSE(found.beyond_average);
}

TEST(VerdictRules, NothingJudgedNothingSaid) {
    PerturbationChange change = change_of({0.8});
    change.types[0].judged = false;
    change.judged = 0;
    change.overall = {agreement(nan, nan, nan)};
    const Assessment found = assess(change, 0, {});
    EXPECT_EQ(found.overall, Predicts::not_judged);
    EXPECT_FALSE(found.average_only);
    EXPECT_TRUE(std::isnan(found.median));
}

TEST(VerdictWords, Numbers) {
    EXPECT_EQ(in_words(-0.024), "−0.02");
    EXPECT_EQ(in_words(-0.001), "0.00");
    EXPECT_EQ(in_words(nan), "–");
    EXPECT_EQ(in_words(Estimate{0.97, 0.95, 0.98}), "0.97 (95 % 0.95 to 0.98)");
    EXPECT_EQ(count_in_words(57298), "57,298");
}

TEST(VerdictWords, Names) {
    EXPECT_EQ(list_in_words({"A", "B", "C"}), "A, B and C");
    EXPECT_EQ(list_in_words({"A", "B", "C", "D"}, 3), "A, B and 2 more");
    EXPECT_EQ(replicates_in_words("mouse"), "mice");
    EXPECT_EQ(replicates_in_words("Donor_ID"), "donors");
    EXPECT_EQ(replicates_in_words("gem_group"), "replicates");
    EXPECT_EQ(set_in_words("Respiratory-electron-transport"), "Respiratory electron transport");
    EXPECT_EQ(set_in_words("IL-6"), "IL-6");
}

} // namespace
