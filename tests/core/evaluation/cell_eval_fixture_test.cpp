// Every metric of cell-eval 0.8.2 on its own numbers: per perturbation, the describe table and the tables of
// differential expression.

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/evaluation/evaluation_output.hpp"

namespace {

using namespace ember;
using nlohmann::json;

const std::string folder = EMBER_TEST_DATA "/state/";

EvaluationResult evaluated(ControlCells control) {
    EvaluationRequest request;
    request.pert_col = "gene";
    request.control_pert = "control";
    request.pred_source = request.real_source = {MatrixSource::Kind::obsm, "X_hvg"};
    request.control = control;
    request.baselines.clear();
    request.bootstrap = 0;
    JobContext job;
    return evaluate(*AnnData::open(folder + "infer_tiny.h5ad"), *AnnData::open(folder + "tiny.h5ad"), request,
                    job);
}

json expected() {
    std::ifstream file(folder + "cell_eval.json");
    return json::parse(file);
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
    std::vector<std::vector<std::string>> lines;
    std::istringstream stream(csv);
    for (std::string line; std::getline(stream, line);) {
        lines.emplace_back();
        std::istringstream fields(line);
        for (std::string field; std::getline(fields, field, ',');) {
            lines.back().push_back(field);
        }
    }
    return lines;
}

/// The CSV has every number of the reference.
void expect_table(const std::string& csv, const json& rows, const std::string& key) {
    const auto lines = cells_of(csv);
    ASSERT_EQ(lines.size(), rows.size() + 1);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        EXPECT_EQ(lines[r + 1][0], rows[r][key]);
        for (const auto& [name, value] : rows[r].items()) {
            if (name == key) {
                continue;
            }
            const auto at = std::find(lines[0].begin(), lines[0].end(), name);
            ASSERT_NE(at, lines[0].end()) << name;
            const std::string& text = lines[r + 1].at(static_cast<std::size_t>(at - lines[0].begin()));
            ASSERT_FALSE(text.empty()) << name;
            EXPECT_NEAR(std::stod(text), value.get<double>(), 1e-4) << name << ' ' << lines[r + 1][0];
        }
    }
}

class CellEval : public testing::TestWithParam<std::pair<const char*, ControlCells>> {};

TEST_P(CellEval, EveryMetricAndItsSummary) {
    const EvaluationResult result = evaluated(GetParam().second);
    const json reference = expected()[GetParam().first];
    expect_table(results_csv(result.columns, result.prediction.perturbations), reference["per_perturbation"],
                 "perturbation");
    expect_table(aggregate_csv(result.columns, result.prediction.perturbations), reference["aggregate"],
                 "statistic");
}

INSTANTIATE_TEST_SUITE_P(Fixtures, CellEval,
                         testing::Values(std::pair{"asis", ControlCells::predicted},
                                         std::pair{"realctrl", ControlCells::real}));

/// Numbers agree to single precision, which is what the reference was computed in.
void expect_tests(const std::vector<std::string>& genes, const std::vector<ControlTest>& tests,
                  const std::string& file) {
    std::ifstream stream(folder + file);
    std::stringstream text;
    text << stream.rdbuf();
    const auto reference = cells_of(text.str()), found = cells_of(control_tests_csv(genes, tests, ""));
    ASSERT_EQ(found.size(), reference.size());
    EXPECT_EQ(found[0], reference[0]);
    for (std::size_t r = 1; r < found.size(); ++r) {
        ASSERT_EQ(found[r].size(), reference[r].size());
        for (std::size_t c = 0; c < found[r].size(); ++c) {
            if (c < 2) {
                EXPECT_EQ(found[r][c], reference[r][c]);
                continue;
            }
            const double expected = std::stod(reference[r][c]);
            EXPECT_NEAR(std::stod(found[r][c]), expected, 1e-5 * std::abs(expected) + 5e-6)
                << found[r][0] << ' ' << found[r][1] << ' ' << found[0][c];
        }
    }
}

TEST(CellEvalTests, TablesOfDifferentialExpression) {
    const EvaluationResult result = evaluated(ControlCells::predicted);
    expect_tests(result.genes, result.real_de, "cell_eval_real_de.csv");
    expect_tests(result.genes, result.pred_de, "cell_eval_pred_de.csv");
}

TEST(CellEvalTests, TablesMadeBeforeGiveTheSameScores) {
    EvaluationRequest request;
    request.pert_col = "gene";
    request.control_pert = "control";
    request.pred_source = request.real_source = {MatrixSource::Kind::obsm, "X_hvg"};
    request.baselines.clear();
    request.bootstrap = 0;
    request.profile = "de";
    request.de_pred = folder + "cell_eval_pred_de.csv";
    request.de_real = folder + "cell_eval_real_de.csv";
    JobContext job;
    const EvaluationResult result = evaluate(*AnnData::open(folder + "infer_tiny.h5ad"),
                                             *AnnData::open(folder + "tiny.h5ad"), request, job);
    json rows = expected()["asis"]["per_perturbation"];
    for (json& row : rows) {
        for (const MetricInfo& metric : metric_catalogue()) {
            if (std::find(result.columns.begin(), result.columns.end(), metric.name) ==
                result.columns.end()) {
                row.erase(metric.name);
            }
        }
    }
    expect_table(results_csv(result.columns, result.prediction.perturbations), rows, "perturbation");
    EXPECT_EQ(result.columns.size(), 18u);
}

} // namespace
