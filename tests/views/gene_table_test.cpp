// The table of genes: sorting, filtering, the marked row.

#include <cmath>
#include <limits>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTableView>

#include <gtest/gtest.h>

#include "views/genes/gene_table.hpp"

namespace ember {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<GeneTableColumn> three() {
    return {{"gene", {}, {"Krt5", "Il1b", "Krt14", "Tnf"}, {}}, {"padj", {}, {}, {0.2, 0.001, nan, 0.04}}};
}

TEST(GeneTable, SortsNumbersWithMissingOnesLast) {
    GeneTable table("genes", "Genes", "genes", "Krt");
    table.setColumns(4, three());
    table.sortBy(1, Qt::AscendingOrder);
    EXPECT_EQ(table.shown(), (std::vector<int>{1, 3, 0, 2}));
    table.setColumns(4, three());
    EXPECT_EQ(table.shown(), (std::vector<int>{1, 3, 0, 2})) << "the sorting stays with new values";
}

TEST(GeneTable, FiltersByWordsAndNumbers) {
    GeneTable table("genes", "Genes", "genes", "Krt");
    table.setColumns(4, three());
    table.setFilterText("krt");
    EXPECT_EQ(table.shown(), (std::vector<int>{0, 2}));
    table.setFilterText("padj<0.05");
    EXPECT_EQ(table.shown(), (std::vector<int>{1, 3}));
}

TEST(GeneTable, SaysOnlyWhatTheUserChooses) {
    GeneTable table("genes", "Genes", "genes", "Krt");
    table.setColumns(4, three());
    QSignalSpy chosen(&table, &GeneTable::chosen);
    table.setCurrent(2);
    EXPECT_EQ(chosen.count(), 0);
    EXPECT_EQ(table.view()->currentIndex().row(), 2);
    table.sortBy(1, Qt::AscendingOrder);
    EXPECT_EQ(table.view()->currentIndex().row(), 3) << "the mark follows its gene";
    EXPECT_EQ(chosen.count(), 0);
    table.view()->setCurrentIndex(table.view()->model()->index(0, 0));
    ASSERT_EQ(chosen.count(), 1);
    EXPECT_EQ(chosen[0][0].toInt(), 1);
}

} // namespace
} // namespace ember
