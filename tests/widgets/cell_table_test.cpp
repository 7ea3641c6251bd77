#include <cmath>

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/cell_table.hpp"
#include "widgets/table_copy.hpp"

using namespace ember;

namespace {

const std::vector<double> numbers = {3, 1, std::nan(""), 2, 1};
const std::vector<int> codes = {0, 1, 1, 0, -1};

CellColumn labelColumn() {
    CellColumn column;
    column.labels = {"Sham", "Burn"};
    column.code = [](std::int64_t row) { return codes[static_cast<std::size_t>(row)]; };
    column.text = [](std::int64_t row) {
        const int code = codes[static_cast<std::size_t>(row)];
        return code < 0 ? QString() : QString(code == 0 ? "Sham" : "Burn");
    };
    column.rank = {0, 1, 1, 0, 2};
    return column;
}

CellColumn numberColumn() {
    CellColumn column;
    column.number = [](std::int64_t row) { return numbers[static_cast<std::size_t>(row)]; };
    column.text = [](std::int64_t row) { return QString::number(numbers[static_cast<std::size_t>(row)]); };
    column.exact = [](std::int64_t row) {
        return QString::number(numbers[static_cast<std::size_t>(row)], 'f', 3);
    };
    column.rank = ranksOf(numbers);
    return column;
}

void fill(CellTable& table) {
    table.model()->reset(5, {{"condition", "category", false}, {"n", "float64", true}});
    table.model()->setColumn(0, labelColumn());
    table.model()->setColumn(1, numberColumn());
}

std::vector<std::int64_t> shown(const CellTable& table) {
    std::vector<std::int64_t> rows;
    for (int i = 0; i < table.model()->rowCount(); ++i)
        rows.push_back(table.model()->sourceRow(i));
    return rows;
}

using Rows = std::vector<std::int64_t>;

TEST(CellTable, RanksPutMissingNumbersLast) {
    EXPECT_EQ(ranksOf(numbers), (std::vector<std::uint32_t>{2, 0, 3, 1, 0}));
    EXPECT_EQ(ranksOf(std::vector<std::string>{"b", "a", "b"}), (std::vector<std::uint32_t>{1, 0, 1}));
}

TEST(CellTable, AsksForAColumnWhenItIsLookedAtAndOnlyOnce) {
    CellTable table;
    table.model()->reset(5, {{"condition", "", false}, {"n", "", true}});
    QSignalSpy needed(table.model(), &CellTableModel::columnNeeded);
    EXPECT_EQ(table.model()->index(0, 1).data().toString(), QStringLiteral("…"));
    EXPECT_EQ(table.model()->index(1, 1).data().toString(), QStringLiteral("…"));
    ASSERT_EQ(needed.count(), 1);
    EXPECT_EQ(needed[0][0].toInt(), 1);
    table.model()->setColumn(1, numberColumn());
    EXPECT_EQ(table.model()->index(0, 1).data().toString(), "3");
}

TEST(CellTable, SortsByValueStablyAndBack) {
    CellTable table;
    fill(table);
    table.view()->sortByColumn(1, Qt::AscendingOrder);
    EXPECT_EQ(shown(table), (Rows{1, 4, 3, 0, 2}));
    table.view()->sortByColumn(1, Qt::DescendingOrder);
    EXPECT_EQ(shown(table), (Rows{0, 3, 1, 4, 2})) << "a missing number stays last";
    table.view()->sortByColumn(-1, Qt::AscendingOrder);
    EXPECT_EQ(shown(table), (Rows{0, 1, 2, 3, 4}));
}

TEST(CellTable, FiltersByTextColumnAndNumber) {
    CellTable table;
    fill(table);
    table.setFilterText("burn");
    EXPECT_EQ(shown(table), (Rows{1, 2}));
    table.setFilterText("condition:sham n>=3");
    EXPECT_EQ(shown(table), (Rows{0}));
    table.setFilterText("n=1");
    EXPECT_EQ(shown(table), (Rows{1, 4}));
    table.setFilterText("nonsense");
    EXPECT_TRUE(shown(table).empty());
    table.setFilterText("");
    EXPECT_EQ(shown(table).size(), 5u);
}

TEST(CellTable, FilterAndSortWorkTogether) {
    CellTable table;
    fill(table);
    table.view()->sortByColumn(1, Qt::AscendingOrder);
    table.setFilterText("condition=Sham");
    EXPECT_EQ(shown(table), (Rows{3, 0}));
}

TEST(CellTable, AFilterOnAColumnThatIsNotThereYetWaitsForIt) {
    CellTable table;
    table.model()->reset(5, {{"condition", "", false}, {"n", "", true}});
    QSignalSpy needed(table.model(), &CellTableModel::columnNeeded);
    table.setFilterText("n>1");
    ASSERT_EQ(needed.count(), 1);
    table.model()->setColumn(1, numberColumn());
    EXPECT_EQ(shown(table), (Rows{0, 3}));
}

TEST(CellTable, TypingFilters) {
    CellTable table;
    fill(table);
    table.show();
    QTest::keyClicks(table.filterField(), "burn");
    QTest::keyClick(table.filterField(), Qt::Key_Return);
    EXPECT_EQ(shown(table), (Rows{1, 2}));
}

TEST(CellTable, ABadFilterSaysWhy) {
    CellTable table;
    fill(table);
    table.setFilterText("m>3");
    auto* note = table.findChild<QWidget*>("cellTableNote");
    EXPECT_FALSE(note->isHidden());
    EXPECT_EQ(table.filterField()->accessibleDescription().toStdString(), "There is no column “m”.");
}

TEST(CellTable, CopiesWhatIsSelectedAtFullPrecision) {
    CellTable table;
    fill(table);
    table.view()->sortByColumn(1, Qt::AscendingOrder);
    table.view()->selectionModel()->select(
        QItemSelection(table.model()->index(0, 0), table.model()->index(1, 1)),
        QItemSelectionModel::ClearAndSelect);
    table.view()->findChild<QAction*>("copyAction")->trigger();
    EXPECT_EQ(QApplication::clipboard()->text().toStdString(), "condition\tn\nBurn\t1.000\n\t1.000\n");
}

TEST(CellTable, RowHeadingsAreTheFilesRowNumbers) {
    CellTable table;
    fill(table);
    table.setFilterText("burn");
    EXPECT_EQ(table.model()->headerData(0, Qt::Vertical, Qt::DisplayRole).toString(), "2");
}

TEST(CellTable, ControlsAreNamed) {
    CellTable table;
    EXPECT_EQ(unnamedControls(table).join('\n').toStdString(), "");
}

} // namespace
