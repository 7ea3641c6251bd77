// Properties that must hold for any data: uniform p under no difference, small p under one, the same result
// for any seed of threads, and a verdict in every odd case.

#include "core/analysis/condition_difference.hpp"

#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/analysis/energy_distance.hpp"
#include "core/base/threads.hpp"
#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using testing::HasSubstr;

struct Cells {
    std::uint64_t genes = 6;
    std::vector<double> values;
    std::vector<std::string> condition, type, mouse, day;

    MemoryAnnData data() const {
        MemoryAnnData made(condition.size(), genes);
        made.set_obsm("X_pred", {condition.size(), genes, values, false, false, 50});
        made.add_text("condition", condition).add_text("type", type);
        if (!mouse.empty()) {
            made.add_text("mouse", mouse).add_text("day", day);
        }
        return made;
    }
};

/// `shift` standard deviations between Burn and Sham in type "A" only; types have centres far apart.
Cells draw(unsigned seed, std::size_t count, double shift, double mouse_effect = 0) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> of_mouse(12);
    for (double& value : of_mouse) {
        value = mouse_effect * normal(random);
    }
    Cells cells;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t mouse = random() % 12;
        const bool burn = mouse % 2 == 1, a = random() % 4 != 0;
        cells.condition.push_back(burn ? "Burn" : "Sham");
        cells.type.push_back(a ? "A" : "B");
        cells.mouse.push_back("m" + std::to_string(mouse));
        cells.day.push_back("day" + std::to_string(mouse / 4));
        for (std::uint64_t gene = 0; gene < cells.genes; ++gene) {
            cells.values.push_back(normal(random) + (a ? 0 : 20) + of_mouse[mouse] + (burn && a ? shift : 0));
        }
    }
    return cells;
}

ConditionDifferenceRequest request_for(bool replicates) {
    ConditionDifferenceRequest request;
    request.source = {MatrixSource::Kind::obsm, "X_pred"};
    request.group_col = "condition";
    request.within_col = "type";
    request.permutations = 199;
    if (replicates) {
        request.replicate_col = "mouse";
        request.block_col = "day";
    }
    return request;
}

ConditionDifferenceResult compare(const AnnData& data, const ConditionDifferenceRequest& request) {
    JobContext job;
    return compare_conditions(data, request, job);
}

ConditionDifferenceResult compare(const Cells& cells, const ConditionDifferenceRequest& request) {
    const MemoryAnnData data = cells.data();
    return compare(data, request);
}

/// How many of 60 data sets without a difference have p up to 0.1, and up to 0.5.
std::pair<int, int> small_p(bool replicates, double mouse_effect) {
    std::pair<int, int> found;
    ConditionDifferenceRequest request = request_for(replicates);
    request.permutations = 99;
    for (unsigned seed = 0; seed < 60; ++seed) {
        const double p = compare(draw(seed, 150, 0, mouse_effect), request).p;
        found.first += p <= 0.1;
        found.second += p <= 0.5;
    }
    return found;
}

TEST(ConditionDifference, PIsUniformWithoutADifference) {
    const auto [tenth, half] = small_p(false, 0);
    EXPECT_LE(tenth, 14); // 6 expected, sd 2.3
    EXPECT_NEAR(half, 30, 14);
}

TEST(ConditionDifference, ShuffledReplicatesAreNotFooledByDifferencesBetweenMice) {
    const auto [tenth, half] = small_p(true, 0.5);
    EXPECT_LE(tenth, 14);
    EXPECT_NEAR(half, 30, 14);
    EXPECT_GE(small_p(false, 0.5).first, 30)
        << "shuffled cells are fooled: this is why replicates are the unit";
}

TEST(ConditionDifference, AShiftIsFoundWhereItIs) {
    for (const bool replicates : {false, true}) {
        const ConditionDifferenceResult found = compare(draw(1, 1200, 1.5), request_for(replicates));
        EXPECT_EQ(found.verdict, DifferenceVerdict::differs);
        EXPECT_EQ(found.replicates_shuffled, replicates);
        EXPECT_LE(found.p, 0.03);
        EXPECT_GT(found.effect, found.shuffled_mean + 0.1);
        ASSERT_EQ(found.groups.size(), 2u);
        EXPECT_EQ(found.groups[0].verdict, DifferenceVerdict::differs);
        EXPECT_EQ(found.groups[1].verdict, DifferenceVerdict::does_not_differ);
    }
}

TEST(ConditionDifference, ALargerShiftHasALargerEffect) {
    double before = -1;
    for (const double shift : {0.0, 0.5, 1.0, 2.0, 20.0}) {
        const double effect = compare(draw(5, 400, shift), request_for(false)).effect;
        EXPECT_GT(effect, before);
        before = effect;
    }
    EXPECT_LE(before, 1);
}

TEST(ConditionDifference, TheEffectIsTheNormalisedEnergyDistanceOfTheSample) {
    Cells cells = draw(2, 120, 1);
    std::fill(cells.type.begin(), cells.type.end(), "A");
    std::vector<float> sham, burn;
    for (std::size_t i = 0; i < cells.condition.size(); ++i) {
        std::vector<float>& to = cells.condition[i] == "Burn" ? burn : sham;
        for (std::uint64_t gene = 0; gene < cells.genes; ++gene) {
            to.push_back(static_cast<float>(cells.values[i * cells.genes + gene]));
        }
    }
    JobContext job;
    const double expected =
        energy_distance(std::span<const float>(sham), std::span<const float>(burn), cells.genes, job)
            .normalised();
    for (const bool replicates : {false, true}) {
        const ConditionDifferenceResult found = compare(cells, request_for(replicates));
        EXPECT_EQ(found.sampled, 120u);
        EXPECT_NEAR(found.effect, expected, 1e-6);
        EXPECT_NEAR(found.groups.at(0).effect, expected, 1e-6);
    }
}

TEST(ConditionDifference, MovingScalingAndThreadsLeaveNoTrace) {
    const Cells cells = draw(9, 300, 0.3);
    const ConditionDifferenceResult before = compare(cells, request_for(true));
    Cells moved = cells;
    for (double& value : moved.values) {
        value = 1000 + 4 * value;
    }
    const ConditionDifferenceResult after = compare(moved, request_for(true));
    EXPECT_NEAR(after.effect, before.effect, 1e-4);
    EXPECT_NEAR(after.p, before.p, 0.011);
    const int budget = thread_budget();
    set_thread_budget(1);
    const ConditionDifferenceResult alone = compare(cells, request_for(true));
    set_thread_budget(budget);
    EXPECT_EQ(alone.effect, before.effect);
    EXPECT_EQ(alone.shuffled_mean, before.shuffled_mean);
    EXPECT_EQ(alone.p, before.p);
}

TEST(ConditionDifference, TheSampleIsBoundedAndEven) {
    ConditionDifferenceRequest request = request_for(false);
    request.max_cells = 200;
    const ConditionDifferenceResult found = compare(draw(3, 3000, 0), request);
    EXPECT_LE(found.sampled, 200u);
    EXPECT_GE(found.sampled, 190u);
    EXPECT_EQ(found.cells, 3000u);
    EXPECT_NEAR(static_cast<double>(found.groups[0].cells), static_cast<double>(found.groups[1].cells), 2);
}

TEST(ConditionDifference, SeveralConditionsAreComparedPairwise) {
    Cells cells = draw(4, 400, 0);
    for (std::size_t i = 0; i < cells.condition.size(); ++i) {
        cells.condition[i] = "c" + std::to_string(i % 3);
        cells.values[i * cells.genes] += i % 3 == 2 ? 8 : 0;
    }
    const ConditionDifferenceResult found = compare(cells, request_for(false));
    EXPECT_EQ(found.verdict, DifferenceVerdict::differs);
    EXPECT_EQ(found.labels.size(), 3u);
    EXPECT_GT(found.eta_squared, 0.1);
    EXPECT_GT(found.largest_d, 1);
}

TEST(ConditionDifference, OddDataGetAVerdict) {
    ConditionDifferenceRequest request = request_for(false);
    Cells one = draw(1, 50, 0);
    std::fill(one.condition.begin(), one.condition.end(), "Burn");
    EXPECT_EQ(compare(one, request).verdict, DifferenceVerdict::one_group);
    EXPECT_EQ(compare(draw(1, 8, 0), request).verdict, DifferenceVerdict::too_few_cells);
    Cells numbers = draw(1, 300, 0); // a column of numbers: a few of them happen to be frequent
    for (std::size_t i = 0; i < numbers.condition.size(); ++i) {
        numbers.condition[i] = i % 3 ? std::to_string(i) : std::to_string(i % 2);
    }
    EXPECT_EQ(compare(numbers, request).verdict, DifferenceVerdict::too_few_cells);
    Cells nothing = draw(1, 60, 0);
    std::fill(nothing.values.begin(), nothing.values.end(), NAN);
    EXPECT_EQ(compare(nothing, request).verdict, DifferenceVerdict::too_few_cells);
    Cells equal = draw(1, 60, 0);
    std::fill(equal.values.begin(), equal.values.end(), 2.0);
    const ConditionDifferenceResult same = compare(equal, request);
    EXPECT_EQ(same.verdict, DifferenceVerdict::does_not_differ);
    EXPECT_EQ(same.effect, 0);
    EXPECT_EQ(same.p, 1);
    request.group_col.clear();
    EXPECT_EQ(compare(draw(1, 50, 0), request).verdict, DifferenceVerdict::not_tested);
    request.group_col = "nowhere";
    EXPECT_THROW(compare(draw(1, 50, 0), request), Error);
}

TEST(ConditionDifference, MissingLabelsAndValuesAreLeftOutAndCounted) {
    Cells cells = draw(6, 300, 1.5);
    cells.values[4] = INFINITY;
    MemoryAnnData data = cells.data();
    CategoricalColumn labels{{"Sham", "Burn"}, {}, false};
    for (std::size_t i = 0; i < cells.condition.size(); ++i) {
        labels.codes.push_back(i % 50 == 7 ? -1 : cells.condition[i] == "Burn");
    }
    data.add_categories("gapped", labels);
    ConditionDifferenceRequest request = request_for(true);
    request.group_col = "gapped";
    const ConditionDifferenceResult found = compare(data, request);
    EXPECT_EQ(found.without_label, 6u);
    EXPECT_EQ(found.nonfinite_rows, 1u);
    EXPECT_EQ(found.sampled, 293u);
    EXPECT_EQ(found.verdict, DifferenceVerdict::differs);
    EXPECT_THAT(describe(request, found).details, HasSubstr("6 cells lack a label"));
}

TEST(ConditionDifference, TooFewReplicatesAreSaidAndCellsShuffled) {
    Cells cells = draw(7, 300, 1.5);
    for (std::size_t i = 0; i < cells.mouse.size(); ++i) {
        cells.mouse[i] = cells.condition[i] + (i % 2 ? "1" : "2");
    }
    const ConditionDifferenceRequest request = request_for(true);
    const ConditionDifferenceResult found = compare(cells, request);
    EXPECT_FALSE(found.replicates_shuffled);
    EXPECT_EQ(found.replicates, (std::vector<std::uint64_t>{2, 2}));
    EXPECT_THAT(describe(request, found).sentence, HasSubstr("cells are not replicates"));
}

TEST(ConditionDifference, ATypeOfOneConditionIsLeftOut) {
    Cells cells = draw(8, 300, 1);
    for (std::size_t i = 0; i < cells.type.size(); ++i) {
        if (cells.type[i] == "B") {
            cells.condition[i] = "Sham";
        }
    }
    const ConditionDifferenceResult found = compare(cells, request_for(false));
    EXPECT_EQ(found.groups.size(), 1u);
    EXPECT_EQ(found.left_out, std::vector<std::string>{"B"});
}

TEST(ConditionDifference, CancelStopsIt) {
    std::stop_source stop;
    stop.request_stop();
    JobContext job(nullptr, stop.get_token());
    const MemoryAnnData data = draw(1, 300, 0).data();
    EXPECT_THROW(compare_conditions(data, request_for(false), job), Cancelled);
}

TEST(ConditionDifference, TheWordsAndTablesSayTheSame) {
    const ConditionDifferenceRequest request = request_for(true);
    const ConditionDifferenceResult found = compare(draw(1, 1200, 1.5), request);
    const DifferenceText text = describe(request, found);
    EXPECT_EQ(text.title, "Predictions differ between Burn and Sham");
    EXPECT_THAT(text.sentence, HasSubstr("Unit of replication: mouse (6 Burn and 6 Sham)"));
    EXPECT_THAT(text.sentence, HasSubstr("In A; not in B."));
    EXPECT_TRUE(text.remedy.empty());
    const nlohmann::json json = difference_json(request, found);
    EXPECT_EQ(json["verdict"], "differs");
    EXPECT_EQ(json["groups"]["B"]["verdict"], "does_not_differ");
    EXPECT_EQ(json["unit"], "replicates");
    const std::string csv = difference_csv(found);
    EXPECT_EQ(csv.substr(0, csv.find('\n')), "group,verdict,cells,effect,shuffled_mean,p,p_adjusted");
    EXPECT_THAT(csv, HasSubstr("\nall,differs,1200,"));
    EXPECT_THAT(csv, HasSubstr("\nB,does_not_differ,"));
    const ConditionDifferenceResult same = compare(draw(2, 1200, 0), request);
    EXPECT_EQ(describe(request, same).title, "Predictions do not differ between Burn and Sham");
    EXPECT_THAT(describe(request, same).remedy, HasSubstr("this is a negative control"));
    const DifferenceText data = describe(request, same, "Values of X");
    EXPECT_EQ(data.title, "Values of X do not differ between Burn and Sham");
    EXPECT_TRUE(data.remedy.empty()) << "measured values are no negative control";
    ConditionDifferenceResult small = same;
    small.p = 0.001;
    EXPECT_EQ(describe(request, small).title, "Predictions hardly differ between Burn and Sham");
}

TEST(ConditionDifference, TimePointsAreShuffledWithinConditionsAndCellTypesWithinReplicates) {
    const MemoryAnnData data = draw(3, 900, 1.5).data();
    Schema schema;
    schema.pert_col.value = "condition";
    schema.celltype_col.value = "type";
    schema.replicate_col.value = "mouse";
    schema.timepoint_col.value = "day";
    const MatrixSource source{MatrixSource::Kind::obsm, "X_pred"};
    const ConditionDifferenceRequest conditions = difference_request(data, source, schema);
    EXPECT_EQ(conditions.block_col, "day");
    const ConditionDifferenceRequest days = difference_request(data, source, schema, "day");
    EXPECT_EQ(days.within_col, "type");
    EXPECT_EQ(days.block_col, "condition");
    const ConditionDifferenceResult by_day = compare(data, days);
    EXPECT_EQ(by_day.verdict, DifferenceVerdict::does_not_differ);
    EXPECT_THAT(describe_briefly(days, by_day), testing::StartsWith("By day: no difference (effect "));
    const ConditionDifferenceRequest types = difference_request(data, source, schema, "type");
    EXPECT_TRUE(types.within_col.empty());
    const ConditionDifferenceResult by_type = compare(data, types);
    EXPECT_EQ(by_type.verdict, DifferenceVerdict::differs);
    EXPECT_TRUE(by_type.replicates_shuffled);
    EXPECT_EQ(by_type.replicates, (std::vector<std::uint64_t>{12, 12}));
}

TEST(ConditionDifference, AThousandConditionsOfEqualSizeAreSampled) {
    Cells cells = draw(5, 6000, 0);
    for (std::size_t i = 0; i < cells.condition.size(); ++i) {
        cells.condition[i] = "drug" + std::to_string(i % 1000);
        cells.type[i] = "A";
    }
    ConditionDifferenceRequest request = request_for(false);
    request.permutations = 19;
    const ConditionDifferenceResult found = compare(cells, request);
    EXPECT_EQ(found.labels.size(), 200u);
    EXPECT_LE(found.sampled, 2000u);
    EXPECT_THAT(describe(request, found).title, HasSubstr("the 200 labels of condition"));
}

} // namespace
