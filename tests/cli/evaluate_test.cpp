// `evaluate` on cell-eval's fixture and on the demo.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::content_of;
using ember::test::entries_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

const std::string folder_of_state = EMBER_TEST_DATA "/state/";

class Evaluate : public CliTest {
protected:
    Outcome evaluate(std::vector<std::string> more) const {
        std::vector<std::string> arguments = {"evaluate",
                                              "-ap",
                                              folder_of_state + "infer_tiny.h5ad",
                                              "-ar",
                                              folder_of_state + "tiny.h5ad",
                                              "--source-pred",
                                              "obsm/X_hvg",
                                              "--source-real",
                                              "obsm/X_hvg",
                                              "--pert_col", // underscores as cell-eval's users write them
                                              "gene",
                                              "--control-pert",
                                              "control",
                                              "--quiet"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }

    std::string first_line(const std::string& file) const {
        const std::string content = content_of(path(file));
        return content.substr(0, content.find('\n'));
    }
};

TEST_F(Evaluate, WritesCellEvalsTablesAndOurs) {
    const Outcome outcome =
        evaluate({"--celltype_col", "cell_type", "-o", path("scores"), "--bootstrap", "20"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto files = entries_of(path("scores"));
    for (const char* file : {"results.csv", "agg_results.csv", "real_de.csv", "pred_de.csv",
                             "CT0_results.csv", "CT2_agg_results.csv", "CT1_real_de.csv", "CT1_pred_de.csv",
                             "cell_types.csv", "baselines.csv", "intervals.csv", "evaluation.json"}) {
        EXPECT_THAT(files, Contains(file));
    }
    EXPECT_THAT(
        first_line("scores/results.csv"),
        StartsWith("perturbation,overlap_at_N,overlap_at_50,overlap_at_100,overlap_at_200,overlap_at_500,"
                   "precision_at_N,precision_at_50,precision_at_100,precision_at_200,precision_at_500,"
                   "de_spearman_sig,de_direction_match,de_spearman_lfc_sig,de_sig_genes_recall,"
                   "de_nsig_counts_real,de_nsig_counts_pred,pr_auc,roc_auc,pearson_delta,mse,mae,"
                   "mse_delta,mae_delta,discrimination_score_l1,discrimination_score_l2,"
                   "discrimination_score_cosine,pearson_edistance,clustering_agreement,"
                   "perturbation_correlation,"));
    EXPECT_THAT(first_line("scores/agg_results.csv"), StartsWith("statistic,overlap_at_N,"));
    EXPECT_THAT(content_of(path("scores/baselines.csv")), HasSubstr("\nidentity,pert_A,CT0,"));
    EXPECT_THAT(content_of(path("scores/intervals.csv")), HasSubstr("\npert_B,CT1,pearson_delta,"));
    const json beside = json::parse(content_of(path("scores/evaluation.json")));
    EXPECT_EQ(beside["input"]["predicted"]["matrix"], "obsm/X_hvg");
    EXPECT_EQ(beside["input"]["real"]["sha256"].get<std::string>().size(), 64u);
    EXPECT_EQ(beside["parameters"]["pert_col"], "gene");
    EXPECT_NEAR(beside["prediction"]["overall"]["pearson_delta"]["value"].get<double>(), 0.41291369, 1e-5);
    EXPECT_TRUE(beside["definitions"].contains("nn_distance"));
    EXPECT_THAT(outcome.out, HasSubstr("Perturbation mean"));
}

TEST_F(Evaluate, ProfilesAndChoicesOfMetrics) {
    const json minimal = evaluate({"--profile", "minimal", "--json", "--no-baselines"}).json();
    EXPECT_EQ(minimal["prediction"]["overall"].size(), 8u);
    const json skipped =
        evaluate({"--profile", "vcc", "--skip-metrics", "mae,overlap_at_N", "--json"}).json();
    EXPECT_EQ(skipped["prediction"]["overall"].size(), 1u);
    EXPECT_TRUE(skipped["prediction"]["overall"].contains("discrimination_score_l1"));
    const json real = evaluate({"--metrics", "pearson_delta", "--control-cells", "real", "--json"}).json();
    EXPECT_NEAR(real["prediction"]["overall"]["pearson_delta"]["value"].get<double>(), 0.55320970, 1e-5);
    const json embedded =
        evaluate({"--metrics", "discrimination_score_l2", "--embed-key", "X_hvg", "--json"}).json();
    EXPECT_NEAR(embedded["prediction"]["overall"]["discrimination_score_l2"]["value"].get<double>(), 0.84,
                1e-5);
}

TEST_F(Evaluate, AnStRunGetsItsEvaluationFolder) {
    std::filesystem::create_directories(path("run"));
    std::ofstream(path("run/config.yaml")) << "name: run\n";
    std::filesystem::copy_file(folder_of_state + "infer_tiny.h5ad", path("run/predicted.h5ad"));
    const Outcome outcome = run({"evaluate", "--adata-pred", path("run/predicted.h5ad"), "--adata-real",
                                 folder_of_state + "tiny.h5ad", "--source-pred", "X_hvg", "--pert-col",
                                 "gene", "--control-pert", "control", "--profile", "pds"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(entries_of(path("run/eval_final.ckpt")), Contains("results.csv"));
}

TEST_F(Evaluate, ExplainsEveryMetricWithoutFiles) {
    const Outcome outcome = run({"evaluate", "--explain"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* text : {"pearson_delta: ", "nn_distance: ", "temporal_coherence: ", "Shuffled labels"}) {
        EXPECT_THAT(outcome.out, HasSubstr(text));
    }
}

TEST_F(Evaluate, PredictedXOfAnotherProgramIsNoticed) {
    const Outcome outcome =
        run({"evaluate", "-ap", folder_of_state + "infer_tiny.h5ad", "-ar", folder_of_state + "tiny.h5ad",
             "--pert-col", "gene", "--control-pert", "control", "--metrics", "mse"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("--source-pred"));
}

TEST_F(Evaluate, WrongUseIsNamed) {
    EXPECT_EQ(run({"evaluate"}).status, 2);
    EXPECT_EQ(evaluate({"--profile", "all"}).status, 2);
    EXPECT_EQ(evaluate({"--metrics", "pearson"}).status, 2);
    const Outcome metric = evaluate({"--skip-metrics", "perason_delta"});
    EXPECT_EQ(metric.status, 2);
    EXPECT_THAT(metric.err, HasSubstr("pearson_delta"));
    const std::vector<std::string> files = {"evaluate",
                                            "-ap",
                                            folder_of_state + "infer_tiny.h5ad",
                                            "-ar",
                                            folder_of_state + "tiny.h5ad",
                                            "--pert-col",
                                            "gene",
                                            "--json"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), files.begin(), files.end());
        return run(more);
    };
    const Outcome control = with({"--control-pert", "contrl"});
    EXPECT_EQ(control.status, 3);
    EXPECT_EQ(control.error_class(), "UnknownControl");
    EXPECT_THAT(control.out, HasSubstr("'control'"));
    const Outcome source = with({"--source-real", "X_hgv"});
    EXPECT_EQ(source.status, 3);
    EXPECT_THAT(source.out, HasSubstr("X_hvg"));
    const Outcome table = evaluate({"--de-pred", folder_of_state + "cell_eval.json"});
    EXPECT_EQ(table.status, 3);
    EXPECT_THAT(table.err, HasSubstr("no column"));
    const Outcome genes = run({"evaluate", "-ap", EMBER_DEMO_FILES "/wound_demo.h5ad", "-ar",
                               folder_of_state + "tiny.h5ad", "--pert-col", "gene", "--json"});
    EXPECT_EQ(genes.error_class(), "GenesDiffer");
}

} // namespace
