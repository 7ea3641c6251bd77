#include "core/genes/gene_lists.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class DifferentialCsvTest : public testing::Test {
protected:
    DifferentialCsvTest()
        : file(fs::temp_directory_path() / ("ember_de_" + std::to_string(getpid()) + ".csv")) {}
    ~DifferentialCsvTest() override { fs::remove(file); }
    std::vector<GeneComparison> read(const std::string& text) const {
        std::ofstream(file, std::ios::binary) << text;
        return read_differential_csv(file);
    }
    std::string error_of(const std::string& text) const {
        try {
            read(text);
        } catch (const Error& error) {
            return error.class_name() + ": " + error.what();
        }
        return "none";
    }
    fs::path file;
};

TEST_F(DifferentialCsvTest, ReadsStrataAndGroups) {
    const auto tables = read("cell_type,group,gene,score,log_fold_change,pval,padj\r\n"
                             "\"Neu, old\",Burn,Il1b,5,2.5,0,0\r\n"
                             "\"Neu, old\",Burn,Krt5,-1,-0.5,0.2,0.4\r\n"
                             "Fib,Burn,Il1b,,,,\r\n");
    ASSERT_EQ(tables.size(), 2U);
    EXPECT_EQ(tables[0].label(), "Burn, cell_type Neu, old");
    EXPECT_THAT(tables[0].genes, ElementsAre("Il1b", "Krt5"));
    EXPECT_THAT(tables[0].padj, ElementsAre(0, 0.4));
    EXPECT_TRUE(std::isnan(tables[1].score[0]));
    EXPECT_EQ(&choose_comparison(tables, "Burn", {{"cell_type", "Fib"}}), &tables[1]);
    try {
        choose_comparison(tables, "Burn", {});
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_THAT(error.remedy(), HasSubstr("Burn, cell_type Neu, old; Burn, cell_type Fib"));
    }
    EXPECT_THROW(choose_comparison(tables, "Sham", {}), UsageError);
}

TEST_F(DifferentialCsvTest, ReadsScanpysNames) {
    const auto tables = read(",names,scores,logfoldchanges,pvals,pvals_adj\n0,Il1b,5,2.5,0,0.01\n");
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_EQ(tables[0].group, "");
    EXPECT_EQ(choose_comparison(tables, "", {}).log_fold_change[0], 2.5);
}

TEST_F(DifferentialCsvTest, NamesWhatIsWrong) {
    EXPECT_THAT(error_of("gene,score\nIl1b,1\n"),
                HasSubstr("NotDifferential: The table has no column 'log_fold_change'"));
    EXPECT_THAT(error_of("gene,log_fold_change,padj\nIl1b,x,1\n"), HasSubstr("'x' is not a number"));
    EXPECT_THAT(error_of("gene,log_fold_change,padj\nIl1b,1\n"), HasSubstr("A row has 2 fields"));
    EXPECT_THAT(error_of("gene,log_fold_change,padj\n"), HasSubstr("no rows"));
}

TEST(ChangedGenes, GoByThresholdAndDirection) {
    GeneComparison table;
    table.genes = {"a", "b", "c", "d", "e"};
    table.log_fold_change = {2, -2, 0.1, 3, 0};
    table.padj = {0.01, 0.01, 0.01, std::nan(""), 0.01};
    EXPECT_THAT(changed_genes(table, 0.05, 0, Direction::both), ElementsAre("a", "b", "c"));
    EXPECT_THAT(changed_genes(table, 0.05, 0.5, Direction::up), ElementsAre("a"));
    EXPECT_THAT(changed_genes(table, 0.05, 0, Direction::down), ElementsAre("b"));
}

TEST(GeneListText, IsReadInEveryForm) {
    const GeneList plain = parse_gene_list("# chosen\r\nKrt5\r\n\r\n  Lum\nDcn", "x");
    EXPECT_THAT(plain.genes, ElementsAre("Krt5", "Lum", "Dcn"));
    EXPECT_TRUE(plain.scores.empty());
    const GeneList ranked = parse_gene_list("Krt5\t1.5\nLum,-2\nDcn 1e-3\n", "x");
    EXPECT_THAT(ranked.scores, ElementsAre(1.5, -2, 1e-3));
    EXPECT_THROW(parse_gene_list("Krt5 1 2\n", "x"), Error);
    EXPECT_THROW(parse_gene_list("Krt5 high\n", "x"), Error);
    EXPECT_THROW(parse_gene_list("Krt5 1\nLum\n", "x"), Error);
}

} // namespace
} // namespace ember
