// emberview-cli enrich: gene sets of chosen genes and of rankings.

#include <fstream>

#include <gmock/gmock.h>

#include "tests/cli/program.hpp"

namespace ember::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class EnrichTest : public CliTest {
protected:
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    std::string genes(const std::string& name, const std::vector<std::string>& list) const {
        std::string text;
        for (const std::string& gene : list) {
            text += gene + "\n";
        }
        return write(name, text);
    }
    /// What a wrong command prints, after its exit status was checked.
    std::string complaint(const std::vector<std::string>& arguments, int status) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, status) << outcome.out << outcome.err;
        EXPECT_EQ(outcome.out, "");
        return outcome.err;
    }

    const std::vector<std::string> some = {"Il1b", "Cxcl2", "Ccl3", "Tnf"},
                                   all = {"Il1b", "Cxcl2", "Ccl3",  "Tnf",   "Krt5",   "Krt14", "Lum",
                                          "Dcn",  "Rpl3",  "Rpl5",  "Rpl7",  "Col1a1", "Tnc",   "Timp1",
                                          "Lox",  "Mki67", "Top2a", "Birc5", "Hspa5",  "Canx"};
    const std::string programs = EMBER_DEMO_FILES "/programs.gmt";
};

TEST_F(EnrichTest, ListsAreTestedAgainstTheirBackground) {
    const Outcome outcome = run({"enrich", "--genes", genes("q", some), "--background", genes("b", all),
                                 "--sets", programs, "--output", path("o.csv"), "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const json result = outcome.json();
    EXPECT_EQ(result["query"], 4);
    EXPECT_EQ(result["background"], 20);
    EXPECT_EQ(result["sets"][0]["set"], "inflammation");
    EXPECT_EQ(result["sets"][0]["overlap"], 4);
    EXPECT_NEAR(result["sets"][0]["pval"].get<double>(), 1.0 / 4845, 1e-12); // of 20 over 4
    EXPECT_THAT(result["header"].get<std::string>(), HasSubstr("4 chosen genes against a background of 20"));
    EXPECT_THAT(content_of(path("o.csv")),
                HasSubstr("set,description,size,overlap,fold,pval,padj,genes\ninflammation,"));
    EXPECT_EQ(json::parse(content_of(path("o.json")))["gene_sets"]["naming"], "mouse symbols");
}

TEST_F(EnrichTest, TextSaysWhatWasTested) {
    const Outcome outcome = run({"enrich", "--genes", genes("q", some), "--background", genes("b", all),
                                 "--sets", programs, "--sets", "reactome"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    for (const char* part : {"a background of 20", "mouse symbols", "programs.gmt, Reactome (mouse)",
                             "hypergeometric, n = 4 chosen of 20 genes", "Il1b Cxcl2 Ccl3 Tnf"}) {
        EXPECT_THAT(outcome.out, HasSubstr(part));
    }
}

TEST_F(EnrichTest, RankingsComeFromTablesAndLists) {
    std::string table = "group,gene,score,log_fold_change,pval,padj\n", list;
    double score = 10;
    for (const std::string& gene : all) {
        table += "Burn," + gene + "," + std::to_string(score) + ",1,0.01,0.02\n";
        list += gene + "\t" + std::to_string(score) + "\n";
        score -= 1;
    }
    const Outcome from_table = run({"enrich", "--de", write("de.csv", table), "--ranked", "--sets", programs,
                                    "--min-size", "3", "--json"});
    ASSERT_EQ(from_table.status, 0) << from_table.err;
    const json result = from_table.json();
    EXPECT_EQ(result["method"], "ranked");
    EXPECT_EQ(result["sets"][0]["set"], "inflammation");
    EXPECT_DOUBLE_EQ(result["sets"][0]["es"].get<double>(), 1.0);
    const Outcome from_list = run({"enrich", "--genes", write("r.rnk", list), "--ranked", "--sets", programs,
                                   "--min-size", "3", "--json"});
    EXPECT_EQ(from_list.json()["sets"], result["sets"]);
    EXPECT_THAT(
        complaint({"enrich", "--de", path("de.csv"), "--ranked", "log_fold_change", "--sets", programs}, 2),
        HasSubstr("All scores are the same"));
    EXPECT_THAT(complaint({"enrich", "--de", path("de.csv"), "--padj", "0.001"}, 2),
                HasSubstr("No gene of Burn has padj < 0.001, direction both"));
    EXPECT_THAT(complaint({"enrich", "--de", path("de.csv"), "--group", "Sham"}, 2),
                HasSubstr("no such comparison"));
}

TEST_F(EnrichTest, EnsemblIdsMeetMouseSymbols) {
    const std::string query = genes("q", {"ENSMUSG00000027398.13"}); // Il1b
    const std::string background = genes(
        "b", {"ENSMUSG00000027398.13", "ENSMUSG00000000001", "ENSMUSG00000000028", "ENSMUSG99999999999"});
    const Outcome outcome =
        run({"enrich", "--genes", query, "--background", background, "--sets", programs, "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const json result = outcome.json();
    EXPECT_EQ(result["sets"][0]["genes"], json({"Il1b"}));
    EXPECT_EQ(result["background"], 3);
    EXPECT_THAT(result["mapping"].get<std::string>(),
                HasSubstr("3 of 4 genes have a symbol in the ortholog table; 1 was left out"));
}

TEST_F(EnrichTest, HumanGenesMeetMouseSets) {
    const Outcome outcome =
        run({"enrich", "--genes", genes("q", {"IL1B", "TNF"}), "--background",
             genes("b", {"IL1B", "TNF", "KRT5", "LUM", "DCN"}), "--sets", programs, "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.json()["sets"][0]["set"], "inflammation");
    EXPECT_THAT(outcome.json()["mapping"].get<std::string>(), HasSubstr("have a mouse counterpart"));
}

TEST_F(EnrichTest, BadInputIsNamed) {
    const std::string query = genes("q", some), background = genes("b", all), empty = write("e", "\n");
    EXPECT_THAT(complaint({"enrich"}, 2), HasSubstr("either --genes or --de"));
    EXPECT_THAT(complaint({"enrich", "--genes", query}, 2), HasSubstr("needs a background"));
    EXPECT_THAT(complaint({"enrich", "--genes", empty, "--background", background}, 2),
                HasSubstr("The list of genes is empty"));
    EXPECT_THAT(complaint({"enrich", "--genes", background, "--background", query}, 2),
                HasSubstr("16 chosen genes are not in the background: 'Krt5', 'Krt14', 'Lum' …"));
    EXPECT_THAT(complaint({"enrich", "--genes", query, "--background", background, "--sets",
                           write("no.gmt", "gene,score\nKrt5,1\n")},
                          3),
                HasSubstr("A line has no tab"));
    EXPECT_THAT(
        complaint({"enrich", "--genes", query, "--background", background, "--sets", path("none.gmt")}, 3),
        HasSubstr("There is no such file"));
    EXPECT_THAT(complaint({"enrich", "--genes", query, "--ranked"}, 2), HasSubstr("have no scores"));
    EXPECT_THAT(
        complaint({"enrich", "--genes", genes("x", {"G1"}), "--background", genes("y", {"G1", "G2"})}, 2),
        HasSubstr("The species of the genes is not clear"));
    EXPECT_THAT(complaint({"enrich", "--de", query}, 3), HasSubstr("The table has no column 'gene'"));
    EXPECT_EQ(
        run({"enrich", "--genes", query, "--background", background, "--sets", path("no.gmt"), "--json"})
            .error_class(),
        "NotGmt");
}

} // namespace
} // namespace ember::test
