// `de` on the demo: what burn does, on mice; markers on cells; what is refused.

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::content_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::HasSubstr;

class De : public CliTest {
protected:
    Outcome de(std::vector<std::string> more) const {
        std::vector<std::string> arguments = {"de", "--adata", EMBER_DEMO_FILES "/wound_demo.h5ad"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
};

TEST_F(De, BurnAgainstShamOnMice) {
    const Outcome outcome =
        de({"--groupby", "condition", "--groups", "Burn", "--reference", "Sham", "--within",
            "cell_type,timepoint", "--source", "obsm/X_hvg", "--output", path("burn.csv"), "--json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const json found = outcome.json();
    EXPECT_EQ(found["comparisons"].size(), 33U);
    const json& first = found["comparisons"][0];
    EXPECT_EQ(first["within"], json({"Ker", "day10"}));
    EXPECT_EQ(first["unit"], "replicates");
    EXPECT_EQ(first["test"], "t-test");
    EXPECT_EQ(first["replicates_group"], 3);
    EXPECT_GT(first["higher"], 10);
    EXPECT_EQ(found["parameters"]["replicate"], "mouse");
    const std::string csv = content_of(path("burn.csv"));
    EXPECT_EQ(csv.substr(0, csv.find('\n')),
              "cell_type,timepoint,group,gene,score,log_fold_change,pval,padj,fraction_group,"
              "fraction_reference,mean_group,mean_reference,sd_group,sd_reference,n_group,n_reference");
    EXPECT_THAT(csv, HasSubstr("\nKer,day10,Burn,Krt6b,"));
    const json beside = json::parse(content_of(path("burn.json")));
    EXPECT_EQ(beside["input"]["sha256"].get<std::string>().size(), 64U);
    EXPECT_EQ(beside["input"]["matrix"], "obsm/X_hvg");
    EXPECT_TRUE(beside["definitions"].contains("log_fold_change"));
}

TEST_F(De, MarkersOnCellsWithAWarning) {
    const Outcome outcome = de({"--groupby", "cell_type", "--replicate", "none"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("wilcoxon on cells"));
    EXPECT_THAT(outcome.out, HasSubstr("Krt1"));
    EXPECT_THAT(outcome.err, HasSubstr("Each cell counts as a replicate"));
    const json plain = de({"--groupby", "cell_type", "--unit", "cells", "--no-tie-correct", "--json"}).json();
    EXPECT_EQ(plain["parameters"]["tie_correct"], false);
    EXPECT_EQ(plain["comparisons"][0]["unit"], "cells");
}

TEST_F(De, TheConditionTable) {
    const std::string predicted = EMBER_DEMO_FILES "/wound_demo.h5ad"; // predicts itself
    const Outcome outcome =
        de({"--groupby", "condition", "--groups", "Burn", "--reference", "Sham", "--within", "cell_type",
            "--predicted", predicted, "--output", path("table.csv")});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("100.0 %"));
    EXPECT_THAT(content_of(path("table.csv")), HasSubstr("cell_type,gene,observed,"));
    EXPECT_THAT(content_of(path("table_agreement.csv")), HasSubstr("\nKer,wound_demo,"));
    const json beside = json::parse(content_of(path("table.json")));
    EXPECT_EQ(beside["predicted"][0]["name"], "wound_demo");
    EXPECT_NEAR(beside["strata"][0]["agreement"]["wound_demo"]["pearson"].get<double>(), 1, 1e-12);
}

TEST_F(De, RefusalsSayWhatToDo) {
    const auto error_of = [&](std::vector<std::string> more) {
        const Outcome outcome = de(std::move(more));
        return std::to_string(outcome.status) + " " + outcome.err;
    };
    EXPECT_THAT(error_of({"--groupby", "condition", "--reference", "sham"}),
                testing::AllOf(testing::StartsWith("2 "), HasSubstr("Did you mean 'Sham'")));
    EXPECT_THAT(error_of({"--groupby", "condition", "--groups", "Burned"}), HasSubstr("Did you mean 'Burn'"));
    EXPECT_THAT(error_of({"--groupby", "conditions"}),
                testing::AllOf(testing::StartsWith("3 "), HasSubstr("'condition'")));
    EXPECT_THAT(error_of({"--groupby", "condition", "--source", "X_hgv"}), HasSubstr("X_hvg"));
    EXPECT_THAT(error_of({"--groupby", "condition", "--method", "anova"}), testing::StartsWith("2 "));
    EXPECT_THAT(error_of({"--groupby", "condition", "--replicate", "none", "--unit", "replicates"}),
                HasSubstr("Name the column of mice or donors"));
    EXPECT_THAT(error_of({"--groupby", "condition", "--predicted", EMBER_DEMO_FILES "/wound_demo.h5ad"}),
                HasSubstr("--groups Burn --reference Sham"));
    EXPECT_THAT(error_of({"--groupby", "mouse", "--reference", "rest", "--within", "mouse"}),
                HasSubstr("named twice"));
    EXPECT_THAT(error_of({"--groupby", "condition", "--output", path("missing/folder.csv")}),
                HasSubstr("missing"));
}

TEST_F(De, CountsAreNamed) {
    const Outcome outcome = de({"--groupby", "condition", "--source", "layers/counts"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("The values look like counts"));
}

} // namespace
