#include "core/model/control_draws.hpp"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ember;
using testing::ElementsAre;

// The numbers are numpy's: np.random.RandomState(42).choice(…).
TEST(LegacyRandom, ChoiceWithReplacement) {
    EXPECT_THAT(LegacyRandom(42).choose_with_replacement(100, 8),
                ElementsAre(51, 92, 14, 71, 60, 20, 82, 86));
    EXPECT_THAT(LegacyRandom(42).choose_with_replacement(1000, 6), ElementsAre(102, 435, 860, 270, 106, 71));
}

TEST(LegacyRandom, ChoiceWithoutReplacement) {
    EXPECT_THAT(LegacyRandom(42).choose_without_replacement(10, 10),
                ElementsAre(8, 1, 5, 0, 7, 2, 9, 4, 3, 6));
    EXPECT_THAT(LegacyRandom(7).choose_without_replacement(50, 5), ElementsAre(13, 15, 22, 42, 30));
}

TEST(LegacyRandom, OneChoiceConsumesNothing) {
    LegacyRandom some(3), same(3);
    EXPECT_THAT(some.choose_with_replacement(1, 5), testing::Each(0u));
    EXPECT_EQ(some.choose_with_replacement(1u << 30, 4), same.choose_with_replacement(1u << 30, 4));
}
