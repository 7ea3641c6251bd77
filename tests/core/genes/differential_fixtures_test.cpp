// Against scanpy's rank_genes_groups on 700 real cells.

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/data/npy.hpp"
#include "core/genes/differential_expression.hpp"

namespace ember {
namespace {

const std::filesystem::path folder = std::filesystem::path(EMBER_TEST_DATA) / "analysis" / "pbmc68k";

nlohmann::json expected() {
    return nlohmann::json::parse(std::ifstream(folder / "differential.json"));
}

AnnDataPtr cells() {
    return AnnData::open(std::filesystem::path(EMBER_TEST_DATA) / "h5ad/valid/10x_pbmc68k_reduced.h5ad");
}

DifferentialResult compare(GeneTest test, bool tie_correct, const std::string& reference = "rest") {
    DifferentialRequest request;
    request.source = {MatrixSource::Kind::raw_x, {}};
    request.groupby = "bulk_labels";
    request.reference = reference;
    request.test = test;
    request.tie_correct = tie_correct;
    JobContext job;
    return differential_expression(*cells(), request, job);
}

/// p of scores that scanpy keeps in single precision is of the double ones.
void check(const DifferentialResult& result, const std::string& name) {
    const nlohmann::json about = expected()["tables"][name];
    const NpyArray numbers = read_npy(folder / (name + ".npy"));
    const std::size_t genes = numbers.shape[1];
    ASSERT_EQ(result.genes.size(), genes);
    ASSERT_EQ(result.tables.size(), numbers.shape[0]);
    for (std::size_t t = 0; t < result.tables.size(); ++t) {
        const DifferentialTable& table = result.tables[t];
        EXPECT_EQ(table.group, about["groups"][t].get<std::string>());
        EXPECT_TRUE(table.tested);
        for (std::size_t gene = 0; gene < genes; ++gene) {
            const double* wanted = &numbers.values[(t * genes + gene) * 4];
            const std::string what = name + " " + table.group + " " + result.genes[gene];
            EXPECT_NEAR(table.score[gene], wanted[0], 1e-4) << what;
            EXPECT_NEAR(table.pval[gene], wanted[1], 1e-4 * wanted[1]) << what;
            EXPECT_NEAR(table.padj[gene], wanted[2], 1e-4 * wanted[2]) << what;
            EXPECT_NEAR(table.log_fold_change[gene], wanted[3], 1e-4) << what;
        }
        const std::vector<std::size_t> order = by_score(table);
        for (std::size_t i = 0; i < 10; ++i) { // equal scores may stand in another order
            const std::string best = about["top10"][table.group][i];
            const auto at = std::find(result.genes.begin(), result.genes.end(), best) - result.genes.begin();
            EXPECT_NEAR(table.score[order[i]], table.score[static_cast<std::size_t>(at)], 1e-5) << best;
        }
    }
}

TEST(DifferentialFixtures, WilcoxonAgainstTheRest) {
    check(compare(GeneTest::wilcoxon, false), "wilcoxon_rest");
}

TEST(DifferentialFixtures, WilcoxonCorrectedForTies) {
    check(compare(GeneTest::wilcoxon, true), "wilcoxon_rest_tie");
}

TEST(DifferentialFixtures, WilcoxonAgainstAGroup) {
    check(compare(GeneTest::wilcoxon, true, expected()["reference_group"]), "wilcoxon_vs_ref_tie");
}

TEST(DifferentialFixtures, WelchAgainstTheRest) {
    check(compare(GeneTest::welch, true), "ttest_rest");
}

TEST(DifferentialFixtures, FractionsAndMeans) {
    const DifferentialResult result = compare(GeneTest::wilcoxon, true);
    const NpyArray own = read_npy(folder / "pts.npy"), rest = read_npy(folder / "pts_rest.npy");
    const nlohmann::json about = expected();
    const std::size_t groups = result.tables.size();
    ASSERT_EQ(own.values.size(), groups * result.genes.size());
    const bool by_gene = own.shape[0] == result.genes.size();
    for (std::size_t t = 0; t < groups; ++t) {
        const DifferentialTable& table = result.tables[t];
        EXPECT_EQ(table.n_group, about["group_sizes"][t].get<std::uint64_t>());
        EXPECT_EQ(table.n_reference, 700 - table.n_group);
        for (std::size_t gene = 0; gene < result.genes.size(); ++gene) {
            const std::size_t at = by_gene ? gene * groups + t : t * result.genes.size() + gene;
            EXPECT_EQ(table.fraction_group[gene], own.values[at]);
            EXPECT_EQ(table.fraction_reference[gene], rest.values[at]);
        }
        for (std::size_t i = 0; i < about["dotplot"]["genes"].size(); ++i) {
            const std::string name = about["dotplot"]["genes"][i];
            const auto gene = static_cast<std::size_t>(
                std::find(result.genes.begin(), result.genes.end(), name) - result.genes.begin());
            EXPECT_NEAR(table.mean_group[gene], about["dotplot"]["mean"][table.group][i].get<double>(), 1e-6);
        }
    }
}

} // namespace
} // namespace ember
