#include "core/analysis/cell_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using testing::ElementsAre;

TEST(CellGroups, KeepCategoryOrderAndLeaveOutEmptyLevels) {
    MemoryAnnData data(4, 1);
    data.add_categories("day", {{"day14", "day10", "never"}, {1, 0, 0, 1}, true});
    const CellGroups groups = group_cells(data, {"day"});
    EXPECT_THAT(groups.labels, ElementsAre("day14", "day10"));
    EXPECT_THAT(groups.group, ElementsAre(1, 0, 0, 1));
    EXPECT_EQ(groups.cells_without_group, 0u);
}

TEST(CellGroups, CrossSeveralColumnsWithTheLaterOnesFastest) {
    MemoryAnnData data(5, 1);
    data.add_categories("condition", {{"Sham", "Burn"}, {1, 0, 0, 1, 0}, false});
    data.add_text("day", {"b", "a", "b", "a", "b"});
    const CellGroups groups = group_cells(data, {"condition", "day"});
    EXPECT_THAT(groups.labels, ElementsAre("Sham · a", "Sham · b", "Burn · a", "Burn · b"));
    EXPECT_THAT(groups.group, ElementsAre(3, 0, 1, 2, 1));
}

TEST(CellGroups, AnEmptyLabelKeepsItsPlace) {
    MemoryAnnData data(2, 1);
    data.add_text("a", {"Burn", "Burn"});
    data.add_text("b", {"", "late"});
    EXPECT_THAT(group_cells(data, {"a", "b"}).labels, ElementsAre("Burn · ", "Burn · late"));
}

TEST(CellGroups, CellsWithAMissingLabelBelongNowhere) {
    MemoryAnnData data(3, 1);
    data.add_categories("a", {{"x"}, {0, -1, 0}, false});
    data.add_categories("b", {{"y"}, {-1, 0, 0}, false});
    const CellGroups groups = group_cells(data, {"a", "b"});
    EXPECT_THAT(groups.group, ElementsAre(-1, -1, 0));
    EXPECT_EQ(groups.cells_without_group, 2u);
}

TEST(CellGroups, RefuseNothingFractionsAndUnknownColumns) {
    MemoryAnnData data(2, 1);
    data.add_numbers("score", {0.5, 1.25});
    EXPECT_THROW(group_cells(data, {}), UsageError);
    for (const auto& [column, name] :
         {std::pair("score", "NotGroups"), std::pair("nothing", "MissingMember")}) {
        try {
            group_cells(data, {column});
            FAIL() << column;
        } catch (const Error& error) {
            EXPECT_EQ(error.class_name(), name);
        }
    }
}

TEST(CellGroups, RefuseMoreCrossingsThanCanBeNumbered) {
    MemoryAnnData data(1, 1);
    std::vector<std::string> labels;
    for (int i = 0; i < 1 << 16; ++i) {
        labels.push_back(std::to_string(i));
    }
    for (const char* column : {"a", "b", "c", "d"}) {
        data.add_categories(column, {labels, {65535}, false});
    }
    EXPECT_THAT(group_cells(data, {"a", "b", "c"}).labels, ElementsAre("65535 · 65535 · 65535"));
    EXPECT_THROW(group_cells(data, {"a", "b", "c", "d"}), UsageError);
}

} // namespace
