#include "core/analysis/label_shuffle.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace {

using namespace ember;
using Codes = std::vector<std::int32_t>;

Codes labels_of_cells(const ShufflePlan& plan, const Codes& unit_labels) {
    Codes labels;
    for (const std::int32_t unit : plan.unit) {
        labels.push_back(unit_labels[static_cast<std::size_t>(unit)]);
    }
    return labels;
}

TEST(LabelShuffle, CellsStayWithinTheirTypeAndKeepTheCounts) {
    const Codes condition = {0, 0, 1, 1, 0, 1, 1, 1}, type = {0, 1, 0, 1, 0, 1, 0, 1};
    const ShufflePlan plan = shuffle_cells(condition, type, 2);
    EXPECT_FALSE(plan.replicates);
    EXPECT_EQ(plan.relabelings, 24); // 4 of 2 of 4, times 4 of 1 of 4
    bool moved = false;
    for (std::uint64_t shuffle = 1; shuffle < 50; ++shuffle) {
        const Codes found = labels_of_cells(plan, plan.shuffled(3, shuffle));
        moved = moved || found != condition;
        for (const std::int32_t t : {0, 1}) {
            int before = 0, after = 0;
            for (std::size_t i = 0; i < type.size(); ++i) {
                before += type[i] == t ? condition[i] : 0;
                after += type[i] == t ? found[i] : 0;
            }
            EXPECT_EQ(after, before);
        }
    }
    EXPECT_TRUE(moved);
    EXPECT_EQ(plan.shuffled(3, 7), plan.shuffled(3, 7));
}

TEST(LabelShuffle, EveryRelabelingIsEquallyLikely) {
    const Codes condition = {0, 0, 1, 1}, type(4, 0);
    const ShufflePlan plan = shuffle_cells(condition, type, 2);
    EXPECT_EQ(plan.relabelings, 3);
    std::map<Codes, int> seen;
    for (std::uint64_t shuffle = 0; shuffle < 6000; ++shuffle) {
        ++seen[plan.shuffled(1, shuffle)];
    }
    ASSERT_EQ(seen.size(), 6u);
    for (const auto& [labels, times] : seen) {
        EXPECT_NEAR(times, 1000, 130); // 4.5 standard deviations
    }
}

TEST(LabelShuffle, WholeReplicatesExchangeLabelsInsideTheirTimePoint) {
    // Replicates 0-3 at time 0, 4-7 at time 1, two cells each.
    Codes condition, replicate, block;
    for (std::int32_t r = 0; r < 8; ++r) {
        for (int cell = 0; cell < 2; ++cell) {
            condition.push_back(r % 2);
            replicate.push_back(r);
            block.push_back(r / 4);
        }
    }
    const ShufflePlan plan = shuffle_replicates(condition, replicate, block, 2);
    EXPECT_TRUE(plan.replicates);
    EXPECT_EQ(plan.replicates_per_label, (std::vector<std::uint64_t>{4, 4}));
    EXPECT_EQ(plan.blocks.size(), 2u);
    EXPECT_EQ(plan.relabelings, 18);
    for (std::uint64_t shuffle = 1; shuffle < 30; ++shuffle) {
        const Codes found = labels_of_cells(plan, plan.shuffled(0, shuffle));
        for (std::size_t cell = 0; cell < found.size(); cell += 2) {
            EXPECT_EQ(found[cell], found[cell + 1]);
        }
        EXPECT_EQ(std::count(found.begin(), found.begin() + 8, 1), 4);
    }
}

TEST(LabelShuffle, BlocksThatCannotMixAreIgnored) {
    const Codes condition = {0, 0, 1, 1}, replicate = {0, 1, 2, 3}, block = {0, 0, 1, 1};
    EXPECT_EQ(shuffle_replicates(condition, replicate, block, 2).blocks.size(), 1u);
}

TEST(LabelShuffle, LabelsChangePlacesInsideReplicatesThatHaveBoth) {
    const Codes condition = {0, 1, 0, 1, 0, 1}, replicate = {0, 0, 1, 1, 2, 2};
    const ShufflePlan plan = shuffle_replicates(condition, replicate, {}, 2);
    EXPECT_EQ(plan.blocks.size(), 3u);
    EXPECT_EQ(plan.relabelings, 4); // 2³, halved: all swapped is the same comparison
    const Codes found = labels_of_cells(plan, plan.shuffled(0, 5));
    for (std::size_t cell = 0; cell < found.size(); cell += 2) {
        EXPECT_NE(found[cell], found[cell + 1]);
    }
}

} // namespace
