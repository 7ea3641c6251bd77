#include <algorithm>

#include <gtest/gtest.h>

#include "widgets/category_palette.hpp"

using namespace ember;

namespace {

TEST(CategoryPalette, StartsWithOkabeAndIto) {
    EXPECT_EQ(categoryColor(0), QColor("#0072B2"));
    EXPECT_EQ(categoryColor(1), QColor("#E69F00"));
    EXPECT_EQ(categoryColor(2), QColor("#009E73"));
}

TEST(CategoryPalette, FirstColoursDoNotDependOnTheNumber) {
    const auto few = categoryColors(5), many = categoryColors(60);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(CategoryPalette, ColoursCanBeToldApart) {
    const auto nearest = [](int count) {
        const auto colors = categoryColors(count);
        double least = 10;
        for (std::size_t i = 0; i < colors.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j)
                least = std::min(least, colorDistance(colors[i], colors[j]));
        }
        return least;
    };
    EXPECT_GT(nearest(7), 0.1);
    EXPECT_GT(nearest(20), 0.09);
    EXPECT_GT(nearest(60), 0.05);
}

TEST(CategoryPalette, NeverRunsOut) {
    EXPECT_EQ(categoryColors(2000).size(), 2000u);
}

TEST(CategoryPalette, ColoursOfTheFileWinWhenTheyFit) {
    const std::vector<QColor> own = {QColor("#112233"), QColor("#445566")};
    EXPECT_EQ(categoryColors(2, own), own);
    EXPECT_EQ(categoryColors(3, own), categoryColors(3));
    EXPECT_EQ(categoryColors(2, {QColor("#112233"), QColor()}), categoryColors(2));
}

} // namespace
