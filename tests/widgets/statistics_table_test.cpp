#include <cmath>

#include <gtest/gtest.h>

#include "named_widgets.hpp"
#include "widgets/statistics_table.hpp"
#include "widgets/table_copy.hpp"

using namespace ember;

namespace {

std::vector<StatisticsRow> rows() {
    const double none = std::nan("");
    return {{"Sham", 14000, 0.5, 1.5, -0.25, 12.345678, 0.731, 23.456, QColor("#0072B2")},
            {"Burn", 900, 1.0 / 3, 1.25, 0, 9, 0.5, 21, {}},
            {"Empty", 0, none, none, none, none, none, none, {}}};
}

QString text(const StatisticsTable& table, int row, int column) {
    return table.model()->index(row, column).data().toString().replace(QChar(u'\u00a0'), ' ');
}

QStringList groups(const StatisticsTable& table) {
    QStringList names;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        names << text(table, row, StatisticsModel::group);
    return names;
}

TEST(StatisticsTable, ShowsFiguresAsPeopleReadThem) {
    StatisticsTable table;
    table.setRows(rows());
    EXPECT_EQ(text(table, 0, StatisticsModel::cells), "14,000");
    EXPECT_EQ(text(table, 0, StatisticsModel::max), "12.35");
    EXPECT_EQ(text(table, 0, StatisticsModel::min), QStringLiteral("−0.2500"));
    EXPECT_EQ(text(table, 0, StatisticsModel::sparsity), "73.1 %");
    EXPECT_EQ(text(table, 2, StatisticsModel::mean), QStringLiteral("–"));
}

TEST(StatisticsTable, SortsNumbersAsNumbersWithMissingOnesLast) {
    StatisticsTable table;
    table.setRows(rows());
    table.sortByColumn(StatisticsModel::cells, Qt::AscendingOrder);
    EXPECT_EQ(groups(table), (QStringList{"Empty", "Burn", "Sham"}));
    table.sortByColumn(StatisticsModel::mean, Qt::AscendingOrder);
    EXPECT_EQ(groups(table), (QStringList{"Burn", "Sham", "Empty"}));
    table.sortByColumn(StatisticsModel::mean, Qt::DescendingOrder);
    EXPECT_EQ(groups(table), (QStringList{"Sham", "Burn", "Empty"}));
    table.sortByColumn(-1, Qt::AscendingOrder);
    EXPECT_EQ(groups(table), (QStringList{"Sham", "Burn", "Empty"}));
}

TEST(StatisticsTable, CopiesFullPrecision) {
    StatisticsTable table;
    table.setGroupTitle("condition");
    table.setRows(rows());
    const QStringList lines = table.asTsv().split('\n');
    EXPECT_EQ(lines[0].toStdString(), "condition\tCells\tMean\tStd\tMin\tMax\tSparsity\tMagnitude");
    EXPECT_EQ(lines[1].toStdString(), "Sham\t14000\t0.5\t1.5\t-0.25\t12.345678\t0.731\t23.456");
    EXPECT_EQ(lines[2].split('\t')[2].toDouble(), 1.0 / 3);
    table.selectRow(1);
    EXPECT_EQ(selectionAsTsv(table).split('\n')[1].section('\t', 0, 1).toStdString(), "Burn\t900");
}

TEST(StatisticsTable, IsNamed) {
    StatisticsTable table;
    EXPECT_EQ(table.objectName(), "statisticsTable");
    EXPECT_FALSE(table.accessibleName().isEmpty());
}

} // namespace
