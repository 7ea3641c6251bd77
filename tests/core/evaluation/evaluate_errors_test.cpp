// Files that do not fit together: each fault is named, and the rest is computed.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/evaluation/evaluate.hpp"
#include "small_study.hpp"

namespace {

using namespace ember;
using namespace ember::test;
using testing::Contains;
using testing::HasSubstr;

std::vector<StudyCell> cells_of(const std::vector<std::string>& perts, int each = 8) {
    std::vector<StudyCell> cells;
    for (const std::string& pert : perts) {
        for (int i = 0; i < each; ++i) {
            cells.push_back({pert, i % 2 ? "A" : "B", "day1", "m" + std::to_string(i % 4)});
        }
    }
    return cells;
}

MemoryAnnData data_of(const std::vector<StudyCell>& cells, std::size_t seed, std::size_t genes = 12) {
    return study(cells, genes, [seed](const StudyCell& cell, std::size_t i, std::size_t g) {
        return 0.4 + noise(i, g, seed) + (cell.pert == "burn" && g < 3 ? 0.7 : 0);
    });
}

std::string error_class(const AnnData& pred, const AnnData& real, const EvaluationRequest& request) {
    JobContext job;
    try {
        evaluate(pred, real, request, job);
    } catch (const Error& error) {
        EXPECT_TRUE(!error.remedy().empty() || error.class_name() == "MissingMember") << error.what();
        return error.class_name();
    }
    return {};
}

EvaluationResult result_of(const AnnData& pred, const AnnData& real, const EvaluationRequest& request) {
    JobContext job;
    return evaluate(pred, real, request, job);
}

TEST(EvaluateErrors, GenesInAnotherOrderAreMatchedByName) {
    const auto cells = cells_of({"control", "burn"});
    const MemoryAnnData real = data_of(cells, 1), pred = data_of(cells, 2);
    MemoryAnnData turned = study(cells, 12, [](const StudyCell& cell, std::size_t i, std::size_t g) {
        g = 11 - g;
        return 0.4 + noise(i, g, 2) + (cell.pert == "burn" && g < 3 ? 0.7 : 0);
    });
    std::vector<std::string> names = real.var_names();
    std::reverse(names.begin(), names.end());
    turned.set_var_names(names);
    const EvaluationResult straight = result_of(pred, real, study_request());
    const EvaluationResult matched = result_of(turned, real, study_request());
    EXPECT_NEAR(value_in(matched, matched.prediction, "mse", "burn").value,
                value_in(straight, straight.prediction, "mse", "burn").value, 1e-12);
    EXPECT_THAT(matched.notes, Contains(HasSubstr("another order")));
}

TEST(EvaluateErrors, OtherGenesOrShapesAreNamed) {
    const auto cells = cells_of({"control", "burn"});
    MemoryAnnData real = data_of(cells, 1), pred = data_of(cells, 2), fewer = data_of(cells, 2, 11);
    EXPECT_EQ(error_class(fewer, real, study_request()), "GenesDiffer");
    std::vector<std::string> names = pred.var_names();
    names[3] = "Stranger";
    pred.set_var_names(names);
    EXPECT_EQ(error_class(pred, real, study_request()), "GenesDiffer");
    real.set_obsm("X_some", {cells.size(), 3, std::vector<double>(cells.size() * 3, 0.5)});
    EvaluationRequest request = study_request();
    request.real_source = {MatrixSource::Kind::obsm, "X_some"};
    EXPECT_EQ(error_class(pred, real, request), "ShapeMismatch");
}

TEST(EvaluateErrors, PerturbationsOnOneSideAreLeftOut) {
    const EvaluationResult result =
        result_of(data_of(cells_of({"control", "burn", "cut"}), 1),
                  data_of(cells_of({"control", "burn", "heat"}), 2), study_request());
    ASSERT_EQ(result.prediction.perturbations.size(), 1u);
    EXPECT_EQ(result.prediction.perturbations.front().perturbation, "burn");
    EXPECT_THAT(result.warnings, Contains(HasSubstr("'cut'")));
    EXPECT_THAT(result.warnings, Contains(HasSubstr("'heat'")));
    EXPECT_EQ(error_class(data_of(cells_of({"control", "cut"}), 1), data_of(cells_of({"control", "heat"}), 2),
                          study_request()),
              "NoPerturbations");
}

TEST(EvaluateErrors, AMissingControlIsNamedOnTheSideThatLacksIt) {
    const MemoryAnnData real = data_of(cells_of({"control", "burn"}), 1),
                        none = data_of(cells_of({"burn"}), 2);
    EXPECT_EQ(error_class(none, real, study_request()), "UnknownControl");
    EXPECT_EQ(error_class(real, none, study_request()), "UnknownControl");
    EvaluationRequest request = study_request();
    request.control = ControlCells::real; // then the prediction needs none
    const EvaluationResult result = result_of(none, real, request);
    EXPECT_FALSE(std::isnan(value_in(result, result.prediction, "pearson_delta", "burn").value));
}

TEST(EvaluateErrors, CountsAndOtherScalesAreRefused) {
    const auto cells = cells_of({"control", "burn"});
    const MemoryAnnData real = data_of(cells, 1);
    const MemoryAnnData counts = study(cells, 12, [](const StudyCell&, std::size_t i, std::size_t g) {
        return std::floor(9 * noise(i, g, 4));
    });
    const MemoryAnnData negative =
        study(cells, 12, [](const StudyCell&, std::size_t i, std::size_t g) { return noise(i, g, 4) - 0.5; });
    const MemoryAnnData large =
        study(cells, 12, [](const StudyCell&, std::size_t i, std::size_t g) { return 40 * noise(i, g, 4); });
    for (const MemoryAnnData* wrong : {&counts, &negative, &large}) {
        EXPECT_EQ(error_class(*wrong, real, study_request()), "NotLogNormalised");
        EXPECT_EQ(error_class(real, *wrong, study_request()), "NotLogNormalised");
    }
    EvaluationRequest request = study_request();
    request.allow_discrete = true;
    EXPECT_EQ(error_class(counts, counts, request), "");
}

TEST(EvaluateErrors, ValuesThatDoNotVaryHaveNoCorrelation) {
    const auto cells = cells_of({"control", "burn"});
    const MemoryAnnData flat =
        study(cells, 12, [](const StudyCell&, std::size_t, std::size_t) { return 0.5; });
    const EvaluationResult result = result_of(flat, data_of(cells, 1), study_request());
    EXPECT_TRUE(std::isnan(value_in(result, result.prediction, "pearson_delta", "burn").value));
    EXPECT_EQ(value_in(result, result.prediction, "de_nsig_counts_pred", "burn").value, 0);
    EXPECT_GT(value_in(result, result.prediction, "mse", "burn").value, 0);
    EXPECT_THAT(result.warnings, Contains(HasSubstr("not defined")));
}

TEST(EvaluateErrors, AGroupOfOneCellIsComputedWithAWarning) {
    std::vector<StudyCell> cells = cells_of({"control", "burn"});
    cells.push_back({"cut"});
    EvaluationRequest request = study_request();
    request.bootstrap = 10;
    const EvaluationResult result = result_of(data_of(cells, 1), data_of(cells, 2), request);
    EXPECT_THAT(result.warnings, Contains(HasSubstr("'cut' has one cell only")));
    EXPECT_FALSE(std::isnan(value_in(result, result.prediction, "pearson_delta", "cut").value));
    EXPECT_FALSE(std::isnan(value_in(result, result.prediction, "mse", "burn").value));
}

TEST(EvaluateErrors, OneReplicateGivesNoInterval) {
    std::vector<StudyCell> cells = cells_of({"control", "burn"});
    for (StudyCell& cell : cells) {
        cell.mouse = cell.pert == "burn" ? "only" : cell.mouse;
    }
    EvaluationRequest request = study_request();
    request.replicate_col = "mouse";
    request.bootstrap = 10;
    const EvaluationResult result = result_of(data_of(cells, 1), data_of(cells, 2), request);
    EXPECT_TRUE(std::isnan(value_in(result, result.prediction, "mse", "burn").low));
    EXPECT_THAT(result.warnings, Contains(HasSubstr("one replicate only")));
}

TEST(EvaluateErrors, ValuesThatAreNotFiniteAreCounted) {
    const auto cells = cells_of({"control", "burn"});
    const MemoryAnnData broken = study(cells, 12, [](const StudyCell&, std::size_t i, std::size_t g) {
        return i == 3 && g == 4 ? std::nan("") : 0.4 + noise(i, g, 2);
    });
    const EvaluationResult result = result_of(broken, data_of(cells, 1), study_request());
    EXPECT_THAT(result.warnings, Contains(HasSubstr("NaN or infinite")));
    EXPECT_FALSE(std::isnan(value_in(result, result.prediction, "mse", "burn").value));
}

TEST(EvaluateErrors, UnknownMetricsProfilesAndColumns) {
    const MemoryAnnData data = data_of(cells_of({"control", "burn"}), 1);
    EvaluationRequest request = study_request();
    request.skip_metrics = {"pearson_delt"};
    EXPECT_EQ(error_class(data, data, request), "Usage");
    request = study_request();
    request.profile = "everything";
    EXPECT_EQ(error_class(data, data, request), "Usage");
    request = study_request();
    request.celltype_col = "typ";
    EXPECT_EQ(error_class(data, data, request), "MissingMember");
}

TEST(EvaluateErrors, CancelStopsIt) {
    std::stop_source stop;
    stop.request_stop();
    JobContext job(nullptr, stop.get_token());
    const MemoryAnnData data = data_of(cells_of({"control", "burn"}), 1);
    EXPECT_THROW(evaluate(data, data, study_request(), job), Cancelled);
}

} // namespace
