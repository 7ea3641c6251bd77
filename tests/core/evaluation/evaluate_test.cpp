// What the metrics say of predictions whose faults are known, and the baselines beside them.

#include "core/evaluation/evaluate.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/threads.hpp"
#include "core/evaluation/evaluation_output.hpp"
#include "small_study.hpp"

namespace {

using namespace ember;
using namespace ember::test;

constexpr std::size_t genes = 40;

/// Two cell types, two days, three mice for each condition and day. Type A answers with the first ten genes,
/// type B with the next ten, both more on day 2.
std::vector<StudyCell> wound_cells() {
    std::vector<StudyCell> cells;
    for (const char* pert : {"control", "burn"}) {
        for (const char* type : {"A", "B"}) {
            for (const char* day : {"day2", "day10"}) {
                for (int mouse = 0; mouse < 3; ++mouse) {
                    for (int i = 0; i < 12; ++i) {
                        cells.push_back({pert, type, day, std::string(pert) + day + std::to_string(mouse)});
                    }
                }
            }
        }
    }
    return cells;
}

double base(const StudyCell& cell, std::size_t g) {
    return 1 + (cell.type == "A" ? 1.0 : 0.0) * static_cast<double>(g % 2) + 0.02 * static_cast<double>(g) +
           (cell.day == "day10" && g >= 30 ? 0.6 : 0);
}

double answer(const StudyCell& cell, std::size_t g, bool swapped = false) {
    const std::size_t first = (cell.type == "A") != swapped ? 0 : 10;
    const bool inside = g >= first && g < first + 10;
    return cell.pert == "burn" && inside ? 0.8 + 0.05 * static_cast<double>(g % 5) : 0;
}

MemoryAnnData real_wound() {
    return study(wound_cells(), genes, [](const StudyCell& cell, std::size_t i, std::size_t g) {
        return base(cell, g) + answer(cell, g) + 0.5 * noise(i, g, 1);
    });
}

MemoryAnnData predicted_wound(bool swapped) {
    return study(wound_cells(), genes, [swapped](const StudyCell& cell, std::size_t i, std::size_t g) {
        return base(cell, g) + answer(cell, g, swapped) + 0.5 * noise(i, g, 2);
    });
}

EvaluationRequest wound_request() {
    EvaluationRequest request = study_request();
    request.celltype_col = "type";
    request.time_col = "day";
    request.replicate_col = "mouse";
    return request;
}

TEST(Evaluate, AGoodPredictionIsGoodInEveryCellType) {
    JobContext job;
    EvaluationRequest request = wound_request();
    request.bootstrap = 50;
    const EvaluationResult result = evaluate(predicted_wound(false), real_wound(), request, job);
    for (const char* type : {"", "A", "B"}) {
        const auto of = [&](const char* metric) {
            return value_in(result, result.prediction, metric, "burn", type);
        };
        EXPECT_GT(of("pearson_delta").value, 0.95) << type;
        EXPECT_GT(of("perturbation_correlation").value, 0.9) << type;
        EXPECT_GT(of("gene_correlation").value, 0.4) << type; // most genes do not differ
        EXPECT_GT(of("temporal_coherence").value, 0.8) << type;
        EXPECT_EQ(of("cell_type_accuracy").value, 1) << type;
        EXPECT_GT(of("de_direction_match").value, 0.9) << type;
        EXPECT_LT(of("energy_distance").value, 0.2) << type;
        const MetricValue pearson = of("pearson_delta");
        EXPECT_LT(pearson.low, pearson.value);
        EXPECT_GT(pearson.high, pearson.value);
        EXPECT_GT(pearson.low, 0.5);
    }
    EXPECT_EQ(result.unit, "replicates (mouse)");
    EXPECT_TRUE(result.warnings.empty());
}

TEST(Evaluate, TheAnswerOfAnotherCellTypeIsExposed) {
    JobContext job;
    const EvaluationResult result = evaluate(predicted_wound(true), real_wound(), wound_request(), job);
    for (const char* type : {"A", "B"}) {
        EXPECT_LT(value_in(result, result.prediction, "pearson_delta", "burn", type).value, 0) << type;
    }
    // Over all cells, where both answers are mixed, the fault is hidden; within cell types it is not.
    EXPECT_GT(value_in(result, result.prediction, "pearson_delta", "burn").value, 0.9);
    EXPECT_LT(value_in(result, result.prediction, "perturbation_correlation", "burn").value, 0);
}

TEST(Evaluate, BaselinesKnowWhatTheySay) {
    JobContext job;
    EvaluationRequest request = wound_request();
    request.baselines = EvaluationRequest().baselines;
    const EvaluationResult result = evaluate(predicted_wound(false), real_wound(), request, job);
    ASSERT_EQ(result.baselines.size(), 4u);
    const Scores &control = result.baselines[0], &others = result.baselines[1],
                 &identity = result.baselines[2], &shuffled = result.baselines[3];
    const double own = value_in(result, result.prediction, "pearson_delta", "burn", "A").value;
    EXPECT_TRUE(std::isnan(value_in(result, control, "perturbation_correlation", "burn", "A").value));
    EXPECT_TRUE(std::isnan(value_in(result, control, "energy_distance", "burn", "A").value));
    EXPECT_LT(value_in(result, others, "pearson_delta", "burn", "A").value, 0); // type B answers otherwise
    EXPECT_LT(std::abs(value_in(result, identity, "pearson_delta", "burn", "A").value), 0.5);
    EXPECT_LT(std::abs(value_in(result, shuffled, "pearson_delta", "burn", "A").value), own);
    EXPECT_EQ(value_in(result, identity, "cell_type_accuracy", "burn", "A").value, 1);
    EXPECT_GT(value_in(result, identity, "energy_distance", "burn", "A").value,
              value_in(result, result.prediction, "energy_distance", "burn", "A").value);
}

TEST(Evaluate, AWrongCellTypeIsSeen) {
    JobContext job;
    const MemoryAnnData wrong = study(wound_cells(), genes, [](StudyCell cell, std::size_t i, std::size_t g) {
        cell.type = cell.pert == "burn" ? "B" : cell.type; // every burnt cell looks like type B
        return base(cell, g) + answer(cell, g) + 0.5 * noise(i, g, 3);
    });
    const EvaluationResult result = evaluate(wrong, real_wound(), wound_request(), job);
    EXPECT_EQ(value_in(result, result.prediction, "cell_type_accuracy", "burn", "A").value, 0);
    EXPECT_EQ(value_in(result, result.prediction, "cell_type_accuracy", "burn", "B").value, 1);
    EXPECT_EQ(value_in(result, result.prediction, "cell_type_accuracy", "burn").value, 0.5);
    EXPECT_GT(value_in(result, result.prediction, "nn_distance", "burn", "A").value,
              value_in(result, result.prediction, "nn_distance", "burn", "B").value);
}

TEST(Evaluate, TimeThatRunsBackwardsIsNegative) {
    JobContext job;
    const MemoryAnnData backwards =
        study(wound_cells(), genes, [](StudyCell cell, std::size_t i, std::size_t g) {
            cell.day = cell.day == "day2" ? "day10" : "day2";
            return base(cell, g) + answer(cell, g) + 0.5 * noise(i, g, 3);
        });
    const EvaluationResult result = evaluate(backwards, real_wound(), wound_request(), job);
    EXPECT_LT(value_in(result, result.prediction, "temporal_coherence", "burn").value, -0.8);
}

/// Twice as many cells of type B among the burnt ones: who predicts no change at all gets a Pearson of the
/// change near 1 from that alone.
TEST(Evaluate, OtherSharesOfCellTypesDoNotHelpTheCorrelationWithin) {
    std::vector<StudyCell> cells;
    for (int i = 0; i < 240; ++i) {
        const bool burn = i % 2 == 1;
        cells.push_back({burn ? "burn" : "control", i % 8 < (burn ? 2 : 6) ? "A" : "B"});
    }
    const auto unchanged = [&](std::size_t seed) {
        return study(cells, genes, [seed](const StudyCell& cell, std::size_t i, std::size_t g) {
            return base(cell, g) + 0.3 * noise(i, g, seed);
        });
    };
    EvaluationRequest request = study_request();
    request.celltype_col = "type";
    JobContext job;
    const EvaluationResult result = evaluate(unchanged(1), unchanged(2), request, job);
    EXPECT_GT(value_in(result, result.prediction, "pearson_delta", "burn").value, 0.95);
    EXPECT_LT(std::abs(value_in(result, result.prediction, "perturbation_correlation", "burn").value), 0.4);
}

TEST(Evaluate, TheSameSeedGivesTheSameTablesOnAnyNumberOfThreads) {
    EvaluationRequest request = wound_request();
    request.bootstrap = 20;
    request.baselines = EvaluationRequest().baselines;
    JobContext job;
    std::vector<std::string> texts;
    for (const int threads : {1, 4}) {
        set_thread_budget(threads);
        const EvaluationResult result = evaluate(predicted_wound(false), real_wound(), request, job);
        texts.push_back(evaluation_json(request, result).dump() +
                        control_tests_csv(result.genes, result.pred_de, "A"));
    }
    set_thread_budget(0);
    EXPECT_EQ(texts[0], texts[1]);
}

TEST(Evaluate, EveryMetricIsExplained) {
    for (const MetricInfo& metric : metric_catalogue()) {
        EXPECT_EQ(find_metric(metric.name), &metric) << "a name twice: " << metric.name;
        EXPECT_FALSE(metric.title.empty());
        EXPECT_FALSE(metric.formula.empty());
        EXPECT_GT(metric.reason.size(), 20u) << metric.name;
    }
    EXPECT_EQ(find_metric("nn_distance")->target, 0.20);
    EXPECT_EQ(find_metric("gene_correlation")->aim, 0.75);
}

} // namespace
