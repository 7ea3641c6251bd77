#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "widgets/category_palette.hpp"
#include "widgets/point_order.hpp"

using namespace ember;

namespace {

using Codes = std::vector<std::int32_t>;

PointColors threeTypes(const Codes& codes) {
    return categoryPointColors("Type", {"a", "b", "c"}, std::make_shared<const Codes>(codes),
                               {QColor("#ff0000"), QColor("#00ff00"), QColor("#0000ff")});
}

std::vector<std::uint32_t> inksOf(const PointColors& colors, const CellSelection* selection = nullptr) {
    const std::size_t count = colors.codes ? colors.codes->size() : colors.values->size();
    auto order = std::make_shared<std::vector<std::uint32_t>>(count);
    std::iota(order->begin(), order->end(), 0U);
    PointInks inks;
    return inks.update(order, colors, selection, lightThemeColors());
}

/// Lightness of CIELAB (ISO/CIE 11664-4).
double lightness(QRgb color) {
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double y =
        0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color)) + 0.0722 * linear(qBlue(color));
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

TEST(ColorMap, HasThePublishedColours) {
    const auto near = [](QRgb color, int red, int green, int blue, int tolerance) {
        return std::abs(qRed(color) - red) <= tolerance && std::abs(qGreen(color) - green) <= tolerance &&
               std::abs(qBlue(color) - blue) <= tolerance;
    };
    // Rows 0, 64, 128, 200 and 255 of the published tables.
    const auto& viridis = colorMapTable(ColorMap::viridis);
    EXPECT_TRUE(near(viridis[0], 68, 1, 84, 0) && near(viridis[64], 59, 82, 139, 1) &&
                near(viridis[128], 33, 145, 140, 1) && near(viridis[200], 112, 207, 87, 1) &&
                near(viridis[255], 253, 231, 37, 0));
    const auto& magma = colorMapTable(ColorMap::magma);
    EXPECT_TRUE(near(magma[0], 0, 0, 4, 0) && near(magma[64], 81, 18, 124, 1) &&
                near(magma[128], 183, 55, 121, 1) && near(magma[255], 252, 253, 191, 0));
    const auto& cividis = colorMapTable(ColorMap::cividis);
    EXPECT_TRUE(near(cividis[0], 0, 34, 78, 0) && near(cividis[128], 125, 124, 120, 1) &&
                near(cividis[255], 254, 232, 56, 0));
}

TEST(ColorMap, LightnessRisesEvenlyOrTurnsOnce) {
    for (const ColorMap map : {ColorMap::viridis, ColorMap::magma, ColorMap::cividis}) {
        const auto& table = colorMapTable(map);
        for (std::size_t i = 8; i < 256; i += 8)
            EXPECT_GT(lightness(table[i]), lightness(table[i - 8])) << toString(map).toStdString() << i;
    }
    const auto& diverging = colorMapTable(ColorMap::diverging);
    for (std::size_t i = 8; i < 128; i += 8) {
        EXPECT_GT(lightness(diverging[i]), lightness(diverging[i - 8]));
        EXPECT_NEAR(lightness(diverging[i]), lightness(diverging[255 - i]), 6) << i;
    }
    EXPECT_GT(qBlue(diverging[0]), qRed(diverging[0]));
    EXPECT_GT(qRed(diverging[255]), qBlue(diverging[255]));
    EXPECT_LT(std::abs(qRed(diverging[127]) - qBlue(diverging[127])), 12) << "the middle is grey";
}

TEST(ColorMap, WordsGoThereAndBack) {
    for (const ColorMap map : colorMaps())
        EXPECT_EQ(colorMapFrom(toString(map)), map);
    EXPECT_EQ(colorMapFrom("rainbow"), ColorMap::viridis);
    EXPECT_EQ(colorMapAt(ColorMap::magma, -3), colorMapTable(ColorMap::magma)[0]);
    EXPECT_EQ(colorMapAt(ColorMap::magma, 7), colorMapTable(ColorMap::magma)[255]);
}

TEST(PointColors, RangeIsFromTheFirstToTheLastPercentile) {
    std::vector<float> values(1001);
    std::iota(values.begin(), values.end(), 0.0F);
    values.push_back(std::nanf(""));
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(valueRange(values, 1, 99), (ValueRange{10, 990}));
    EXPECT_EQ(valueRange(values, 0, 100), (ValueRange{0, 1000}));
    EXPECT_EQ(valueRange(values, 1, 99, true), (ValueRange{-990, 990}));
    EXPECT_EQ(valueRange(std::vector<float>{5, 5, 5}, 1, 99), (ValueRange{2.5, 7.5}));
    EXPECT_EQ(valueRange({}, 1, 99), (ValueRange{0, 1}));
    std::vector<float> rare(1000);
    rare[7] = 3;
    EXPECT_EQ(valueRange(rare, 1, 99), (ValueRange{0, 3})) << "equal percentiles fall back on the extremes";
}

TEST(PointColors, MissingLiesBelowSelectedAbove) {
    const PointColors colors = threeTypes({0, 1, 2, -1, 7});
    EXPECT_EQ(inksOf(colors),
              (std::vector<std::uint32_t>{
                  pointInk(0xff0000, PointLayer::normal), pointInk(0x00ff00, PointLayer::normal),
                  pointInk(0x0000ff, PointLayer::normal),
                  pointInk(missingPointColor(lightThemeColors()).rgb(), PointLayer::below),
                  pointInk(missingPointColor(lightThemeColors()).rgb(), PointLayer::below)}));
    CellSelection selection(5);
    EXPECT_EQ(inksOf(colors, &selection), inksOf(colors)) << "an empty selection fades nothing";
    selection.insert(1);
    selection.insert(3);
    const auto inks = inksOf(colors, &selection);
    EXPECT_EQ(inks[1], pointInk(0x00ff00, PointLayer::above));
    EXPECT_EQ(inks[3] >> 24, static_cast<std::uint32_t>(PointLayer::above));
    EXPECT_NE(inks[0] & 0xffffff, 0xff0000U) << "faded";
    EXPECT_EQ(inks[0] >> 24, static_cast<std::uint32_t>(PointLayer::normal));
}

TEST(PointColors, HiddenCategoriesAreNotDrawn) {
    PointColors colors = threeTypes({0, 1, 2, -1});
    colors.hidden = {0, 1, 0};
    colors.missingHidden = true;
    const auto inks = inksOf(colors);
    EXPECT_EQ(inks[1], hiddenInk);
    EXPECT_EQ(inks[3], hiddenInk);
    EXPECT_NE(inks[0], hiddenInk);
    const std::vector<float> xy = {0, 0, 1, 1, std::nanf(""), 2, 3, 3};
    EXPECT_EQ(drawnPoints(xy, colors).indices(), (std::vector<std::uint64_t>{0}));
}

TEST(PointColors, ValuesBeyondTheRangeGetTheEndColours) {
    PointColors colors = valuePointColors("v", std::make_shared<const std::vector<float>>(
                                                   std::vector<float>{-100, 0, 5, 10, 1e9F, std::nanf("")}));
    colors.low = 0;
    colors.high = 10;
    const auto inks = inksOf(colors);
    const auto& table = colorMapTable(ColorMap::viridis);
    const auto normal = [](QRgb color) { return pointInk(color, PointLayer::normal); };
    EXPECT_EQ(inks, (std::vector<std::uint32_t>{
                        normal(table[0]), normal(table[0]), normal(table[128]), normal(table[255]),
                        normal(table[255]),
                        pointInk(missingPointColor(lightThemeColors()).rgb(), PointLayer::below)}));
}

TEST(PointColors, ChangedColoursNeedNoNewCodes) {
    PointColors colors = threeTypes({0, 1, 2});
    const auto order = drawOrder(3);
    PointInks inks;
    inks.update(order, colors, nullptr, lightThemeColors());
    colors.colors[1] = QColor("#123456");
    const auto second = inks.update(order, colors, nullptr, lightThemeColors());
    EXPECT_EQ(second, PointInks().update(order, colors, nullptr, lightThemeColors()));
    EXPECT_EQ(std::count(second.begin(), second.end(), pointInk(0x123456, PointLayer::normal)), 1);
    const PointColors others = threeTypes({2, 2, 2});
    EXPECT_EQ(inks.update(order, others, nullptr, lightThemeColors())[0],
              pointInk(0x0000ff, PointLayer::normal));
}

TEST(PointOrder, IsAFixedPermutation) {
    const auto order = drawOrder(1000);
    EXPECT_EQ(order, drawOrder(1000)) << "shared by clouds of one size";
    std::vector<std::uint32_t> sorted = *order;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t i = 0; i < 1000; ++i)
        ASSERT_EQ(sorted[i], i);
    // A block of the file is spread over the whole order.
    const auto late =
        std::count_if(order->begin() + 500, order->end(), [](auto point) { return point < 500; });
    EXPECT_NEAR(static_cast<double>(late), 250, 60);
    EXPECT_EQ(drawOrder(0)->size(), 0u);
}

TEST(PointOrder, BoundsAreThoseOfFinitePoints) {
    const std::vector<float> xy = {1, 2, std::nanf(""), 50, -3, 4, 7, std::numeric_limits<float>::infinity()};
    const OrderedPoints points = orderPoints(xy);
    EXPECT_EQ(points.size(), 4u);
    EXPECT_EQ(points.finite, 2u);
    EXPECT_EQ(points.bounds, QRectF(-3, 2, 4, 2));
    EXPECT_TRUE(orderPoints({}).bounds.isNull());
}

TEST(PointOrder, OneCoordinateIsDrawnAgainstItsRank) {
    const float none = std::nanf("");
    const auto xy = std::make_shared<const std::vector<float>>(
        std::vector<float>{5, none, 1, none, 3, none, 3, none, none, none});
    bool ranked = false;
    const SharedPoints with = withRanks(xy, ranked);
    EXPECT_TRUE(ranked);
    EXPECT_EQ((*with)[1], 1);
    EXPECT_EQ((*with)[3], 0.25F);
    EXPECT_EQ((*with)[5], 0.75F);
    EXPECT_EQ((*with)[7], 0.75F);
    EXPECT_TRUE(std::isnan((*with)[9]));
    const auto two = std::make_shared<const std::vector<float>>(std::vector<float>{5, none, 1, 2});
    EXPECT_EQ(withRanks(two, ranked), two);
    EXPECT_FALSE(ranked);
}

TEST(PointColors, LegendOrderIsAsNamedUntilThereAreMany) {
    PointColors few = threeTypes({2, 2, 1});
    EXPECT_EQ(legendOrder(few, categoryCounts(few)), (std::vector<int>{0, 1, 2}));
    few.order = {2, 0, 1};
    EXPECT_EQ(legendOrder(few, categoryCounts(few)), few.order);
    few.order = {2, 2, 1};
    EXPECT_EQ(legendOrder(few, categoryCounts(few)), (std::vector<int>{0, 1, 2})) << "no permutation";
    QStringList names;
    for (int i = 0; i < 40; ++i)
        names << QString::number(i);
    const PointColors many = categoryPointColors("m", names, std::make_shared<const Codes>(Codes{39, 39, 5}));
    const std::vector<int> order = legendOrder(many, categoryCounts(many));
    EXPECT_EQ((std::vector<int>{order[0], order[1], order[2]}), (std::vector<int>{39, 5, 0}));
}

} // namespace
