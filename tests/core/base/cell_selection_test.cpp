#include "core/base/cell_selection.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace {

using ember::CellSelection;
using ember::SelectionMode;

CellSelection of(std::size_t size, std::initializer_list<std::size_t> cells) {
    CellSelection selection(size);
    for (const auto cell : cells) {
        selection.insert(cell);
    }
    return selection;
}

TEST(CellSelection, StartsEmptyAndCountsWhatIsInserted) {
    CellSelection selection(130);
    EXPECT_FALSE(selection.any());
    selection.insert(0);
    selection.insert(64);
    selection.insert(129);
    EXPECT_EQ(selection.count(), 3U);
    EXPECT_EQ(selection.indices(), (std::vector<std::uint64_t>{0, 64, 129}));
    selection.erase(64);
    EXPECT_FALSE(selection.contains(64));
    EXPECT_TRUE(selection.contains(129));
}

TEST(CellSelection, InvertingLeavesNoBitPastTheEnd) {
    for (const std::size_t size : {0, 1, 63, 64, 65, 1000}) {
        CellSelection selection(size);
        selection.invert();
        EXPECT_EQ(selection.count(), size);
        CellSelection all(size);
        all.select_all();
        EXPECT_EQ(selection, all);
        selection.invert();
        EXPECT_FALSE(selection.any());
    }
}

TEST(CellSelection, ModesAreTheSetOperations) {
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        CellSelection a(200), b(200);
        std::set<std::uint64_t> in_a, in_b;
        for (int i = 0; i < 60; ++i) {
            const auto x = random() % 200, y = random() % 200;
            a.insert(x), in_a.insert(x);
            b.insert(y), in_b.insert(y);
        }
        for (const auto mode :
             {SelectionMode::replace, SelectionMode::add, SelectionMode::remove, SelectionMode::intersect}) {
            CellSelection result = a;
            result.combine(b, mode);
            for (std::uint64_t cell = 0; cell < 200; ++cell) {
                const bool first = in_a.contains(cell), second = in_b.contains(cell);
                const bool expected = mode == SelectionMode::replace  ? second
                                      : mode == SelectionMode::add    ? first || second
                                      : mode == SelectionMode::remove ? first && !second
                                                                      : first && second;
                EXPECT_EQ(result.contains(cell), expected);
            }
        }
    }
}

TEST(CellSelection, DifferentSizesAreRefused) {
    CellSelection selection = of(10, {1});
    EXPECT_THROW(selection.combine(CellSelection(11), SelectionMode::add), std::invalid_argument);
}

} // namespace
