#include <cmath>

#include <gtest/gtest.h>

#include "widgets/row_filter.hpp"

using namespace ember;

namespace {

const QStringList columns = {"condition", "n_genes", "cell type"};

TEST(RowFilter, WordsAreFoundInAnyColumn) {
    const RowFilter filter = parseRowFilter("burn  \"day 10\"", columns);
    ASSERT_EQ(filter.terms.size(), 2u);
    EXPECT_TRUE(filter.terms[0].column.isEmpty());
    EXPECT_EQ(filter.terms[1].text, "day 10");
    EXPECT_TRUE(filter.error.isEmpty());
}

TEST(RowFilter, OperatorsNameAColumn) {
    const RowFilter filter = parseRowFilter("Condition:bu n_genes>=500 \"cell type=T cell\"", columns);
    ASSERT_EQ(filter.terms.size(), 3u);
    EXPECT_EQ(filter.terms[0].column, "condition");
    EXPECT_EQ(filter.terms[0].text, "bu");
    EXPECT_EQ(filter.terms[1].kind, FilterTerm::Kind::greaterEqual);
    EXPECT_EQ(filter.terms[1].number, 500);
    EXPECT_EQ(filter.terms[2].column, "cell type");
    EXPECT_EQ(filter.terms[2].kind, FilterTerm::Kind::equals);
    EXPECT_EQ(filter.terms[2].text, "T cell");
}

TEST(RowFilter, ComparesNumbers) {
    const FilterTerm atLeast{"n_genes", FilterTerm::Kind::greaterEqual, "500", 500};
    EXPECT_TRUE(matches(atLeast, 500.0));
    EXPECT_FALSE(matches(atLeast, 499.9));
    EXPECT_FALSE(matches(atLeast, std::nan("")));
}

TEST(RowFilter, ComparesTextsWithoutCase) {
    EXPECT_TRUE(matches(FilterTerm{{}, FilterTerm::Kind::contains, "UR", 0}, QString("Burn")));
    EXPECT_TRUE(matches(FilterTerm{{}, FilterTerm::Kind::equals, "burn", 0}, QString("Burn")));
    EXPECT_FALSE(matches(FilterTerm{{}, FilterTerm::Kind::equals, "bur", 0}, QString("Burn")));
}

TEST(RowFilter, SaysWhatItDoesNotUnderstand) {
    EXPECT_EQ(parseRowFilter("n_gene>3", columns).error.toStdString(), "There is no column “n_gene”.");
    EXPECT_EQ(parseRowFilter("n_genes>many", columns).error.toStdString(), "“many” is not a number.");
    EXPECT_FALSE(parseRowFilter("n_genes>", columns).error.isEmpty());
}

TEST(RowFilter, AColonInATextIsNoOperator) {
    const RowFilter filter = parseRowFilter("10:30", columns);
    ASSERT_EQ(filter.terms.size(), 1u);
    EXPECT_EQ(filter.terms[0].text, "10:30");
    EXPECT_TRUE(filter.error.isEmpty());
}

} // namespace
