// What must be known before a prediction is read.

#include <gtest/gtest.h>

#include "views/embedding/prediction_banner.hpp"

namespace ember {
namespace {

PredictionDocument predictionOf(std::uint64_t cells, std::vector<UnknownPerturbation> unknown,
                                std::vector<std::string> warnings = {}) {
    PredictionDocument prediction;
    prediction.result.cells = cells;
    prediction.result.unknown = std::move(unknown);
    prediction.result.warnings = std::move(warnings);
    return prediction;
}

TEST(PredictionBanner, NoneWhenAllIsKnown) {
    EXPECT_TRUE(bannersFor(predictionOf(100, {})).empty());
}

TEST(PredictionBanner, AllUnknownIsANegativeControl) {
    const auto banners = bannersFor(predictionOf(4000, {{"Burn", 1765}, {"Sham", 2235}}));
    ASSERT_EQ(banners.size(), 1u);
    EXPECT_EQ(banners[0].kind, BarKind::warning);
    EXPECT_TRUE(banners[0].title.contains("Burn, Sham"));
    EXPECT_TRUE(banners[0].text.contains("negative control"));
    EXPECT_TRUE(banners[0].details.contains("1,765"));
}

TEST(PredictionBanner, SomeUnknownCountsTheirCells) {
    const auto banners = bannersFor(predictionOf(4000, {{"Burn", 1765}}));
    ASSERT_EQ(banners.size(), 1u);
    EXPECT_TRUE(banners[0].text.contains("1,765")) << banners[0].text.toStdString();
    EXPECT_FALSE(banners[0].text.contains("negative control"));
}

TEST(PredictionBanner, ManyNamesAreCutShort) {
    std::vector<UnknownPerturbation> unknown;
    for (int at = 0; at < 30; ++at) {
        unknown.push_back({"drug" + std::to_string(at), 1});
    }
    EXPECT_TRUE(bannersFor(predictionOf(100, unknown))[0].title.contains("24 more"));
}

TEST(PredictionBanner, WarningsAboutTheUnknownAreNotToldTwice) {
    const auto banners = bannersFor(predictionOf(100, {{"Burn", 5}},
                                                 {"The model never saw the perturbation 'Burn': 5 cells …",
                                                  "The genes were put into the model's order"}));
    ASSERT_EQ(banners.size(), 2u);
    EXPECT_EQ(banners[1].kind, BarKind::information);
    EXPECT_TRUE(banners[1].text.contains("model's order"));
}

ConditionDifferenceResult differenceOf(DifferenceVerdict verdict) {
    ConditionDifferenceResult result;
    result.verdict = verdict;
    result.labels = {"Sham", "Burn"};
    result.effect = 0.74;
    result.shuffled_mean = 0.083;
    result.p = 0.001;
    result.permutations = 999;
    result.replicates_shuffled = true;
    result.replicates = {9, 9};
    return result;
}

TEST(PredictionBanner, TheVerdictNamesEffectPAndUnit) {
    ConditionDifferenceRequest request;
    request.replicate_col = "mouse";
    const BarMessage differs = conditionDifferenceBanner(request, differenceOf(DifferenceVerdict::differs));
    EXPECT_EQ(differs.kind, BarKind::success);
    EXPECT_EQ(differs.title, "Predictions differ between Sham and Burn");
    EXPECT_EQ(differs.text,
              "Effect 0.74 of at most 1, against 0.083 with shuffled labels; p = 0.001. Unit of "
              "replication: mouse (9 Sham and 9 Burn).");
    const BarMessage same =
        conditionDifferenceBanner(request, differenceOf(DifferenceVerdict::does_not_differ));
    EXPECT_EQ(same.kind, BarKind::warning);
    EXPECT_TRUE(same.remedy.contains("negative control"));
    for (const auto verdict :
         {DifferenceVerdict::one_group, DifferenceVerdict::too_few_cells, DifferenceVerdict::not_tested}) {
        const BarMessage other = conditionDifferenceBanner(request, differenceOf(verdict));
        EXPECT_EQ(other.kind, BarKind::information);
        EXPECT_FALSE(other.text.isEmpty());
        EXPECT_FALSE(other.remedy.isEmpty());
    }
}

} // namespace
} // namespace ember
