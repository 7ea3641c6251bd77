#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "widgets/formatting.hpp"

using namespace ember;

namespace {

std::string plain(QString text) {
    return text.replace(QChar(u'\u00a0'), QLatin1Char(' ')).toStdString();
}

TEST(Formatting, CountsHaveThousandsSeparators) {
    EXPECT_EQ(plain(formatCount(0)), "0");
    EXPECT_EQ(plain(formatCount(999)), "999");
    EXPECT_EQ(plain(formatCount(57298)), "57,298");
    EXPECT_EQ(plain(formatCount(-1234567)), "−1,234,567");
    EXPECT_EQ(plain(formatCount(1, "cell", "cells")), "1 cell");
    EXPECT_EQ(plain(formatCount(57298, "cell", "cells")), "57,298 cells");
    EXPECT_EQ(plain(formatShape(57298, 2000)), "57,298 × 2,000");
}

TEST(Formatting, NumbersHaveAtMostFourSignificantFigures) {
    EXPECT_EQ(plain(formatNumber(0)), "0");
    EXPECT_EQ(plain(formatNumber(0.123449)), "0.1234");
    EXPECT_EQ(plain(formatNumber(12.3)), "12.3");
    EXPECT_EQ(plain(formatNumber(1234.56)), "1,235");
    EXPECT_EQ(plain(formatNumber(1234567)), "1,235,000");
    EXPECT_EQ(plain(formatNumber(-2.5)), "−2.5");
    EXPECT_EQ(plain(formatNumber(0.00001234)), "1.234×10⁻⁵");
    EXPECT_EQ(plain(formatNumber(-6.02e23)), "−6.02×10²³");
    EXPECT_EQ(plain(formatNumber(9999.96)), "10,000");
    EXPECT_EQ(plain(formatNumber(0.00099999)), "0.001");
    EXPECT_EQ(plain(formatNumber(std::nan(""))), "–");
    EXPECT_EQ(plain(formatNumber(-std::numeric_limits<double>::infinity())), "−∞");
}

TEST(Formatting, ExactNumbersReadBack) {
    for (const double value : {0.1, 1.0 / 3, 1e-300, -12345.678901234567, 5e22}) {
        EXPECT_EQ(formatExact(value).toDouble(), value);
    }
    EXPECT_EQ(plain(formatExact(std::nan(""))), "nan");
}

TEST(Formatting, PercentagesDoNotHideTheLastBit) {
    EXPECT_EQ(plain(formatPercent(0)), "0 %");
    EXPECT_EQ(plain(formatPercent(0.932)), "93.2 %");
    EXPECT_EQ(plain(formatPercent(0.0002)), "< 0.1 %");
    EXPECT_EQ(plain(formatPercent(0.99995)), "> 99.9 %");
    EXPECT_EQ(plain(formatPercent(1)), "100 %");
}

TEST(Formatting, FiguresOfAColumnKeepTheirZeros) {
    EXPECT_EQ(plain(formatInColumn(21.4)), "21.40");
    EXPECT_EQ(plain(formatInColumn(0.5)), "0.5000");
    EXPECT_EQ(plain(formatInColumn(12346)), "12,350");
    EXPECT_EQ(plain(formatInColumn(0)), "0");
    EXPECT_EQ(plain(formatPercentInColumn(0.5)), "50.0 %");
    EXPECT_EQ(plain(formatPercentInColumn(1)), "100 %");
}

TEST(Formatting, BytesInDecimalUnits) {
    EXPECT_EQ(plain(formatBytes(1)), "1 byte");
    EXPECT_EQ(plain(formatBytes(512)), "512 bytes");
    EXPECT_EQ(plain(formatBytes(461'000'000)), "461 MB");
    EXPECT_EQ(plain(formatBytes(3'020'000'000)), "3.02 GB");
    EXPECT_EQ(plain(formatBytes(999'700)), "1 MB");
}

TEST(Formatting, DurationsInTheTwoLargestUnits) {
    EXPECT_EQ(plain(formatDuration(0.42)), "0.4 s");
    EXPECT_EQ(plain(formatDuration(9.96)), "10 s");
    EXPECT_EQ(plain(formatDuration(59.6)), "1 min");
    EXPECT_EQ(plain(formatDuration(100)), "1 min 40 s");
    EXPECT_EQ(plain(formatDuration(7500)), "2 h 5 min");
    EXPECT_EQ(plain(formatDuration(90000)), "1 d 1 h");
    EXPECT_EQ(plain(formatTimeLeft(100)), "1 min 40 s left");
    EXPECT_EQ(plain(formatTimeLeft(2.2)), "3 s left");
    EXPECT_TRUE(formatTimeLeft(-1).isEmpty());
}

} // namespace
