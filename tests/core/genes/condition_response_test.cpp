#include "core/genes/condition_response.hpp"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "../analysis/memory_anndata.hpp"
#include "core/analysis/correlation.hpp"

namespace ember {
namespace {

using test::MemoryAnnData;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::uint64_t cells = 360, genes = 40;

struct Study {
    std::vector<double> observed = std::vector<double>(cells * genes), predicted = observed;
    std::vector<std::string> condition, type, mouse;
    std::vector<std::string> names;
};

/// Burn raises genes 0–9 and lowers 10–19 in both cell types; the prediction follows in "Fib" only.
Study make() {
    Study study;
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, 0.2);
    for (std::uint64_t cell = 0; cell < cells; ++cell) {
        const bool burn = cell % 2 != 0, fib = cell / 2 % 2 != 0;
        study.condition.emplace_back(burn ? "Burn" : "Sham");
        study.type.emplace_back(fib ? "Fib" : "Mac");
        study.mouse.push_back((burn ? "b" : "s") + std::to_string(cell / 4 % 4));
        for (std::uint64_t gene = 0; gene < genes; ++gene) {
            const double change = !burn ? 0 : gene < 10 ? 0.8 : gene < 20 ? -0.8 : 0;
            study.observed[cell * genes + gene] = std::max(0.0, 1 + change + noise(random));
            study.predicted[cell * genes + gene] = std::max(0.0, 1 + (fib ? change / 2 : 0) + noise(random));
        }
    }
    for (std::uint64_t gene = 0; gene < genes; ++gene) {
        study.names.push_back("G" + std::to_string(gene));
    }
    return study;
}

std::shared_ptr<MemoryAnnData> anndata(const Study& study, const std::vector<double>& values,
                                       const std::vector<std::string>& names) {
    auto data = std::make_shared<MemoryAnnData>(cells, names.size());
    data->set_x({cells, names.size(), values, false, false, 7});
    data->add_text("condition", study.condition).add_text("type", study.type).add_text("mouse", study.mouse);
    data->set_var_names(names);
    return data;
}

ConditionResponseRequest request_for(const std::string& replicate = "mouse") {
    ConditionResponseRequest request;
    request.pert_col = "condition";
    request.group = "Burn";
    request.reference = "Sham";
    request.strata = {"type"};
    request.replicate_col = replicate;
    return request;
}

ConditionResponse respond(const Study& study, const std::vector<PredictedCells>& predictions,
                          const ConditionResponseRequest& request) {
    JobContext job;
    return condition_response(*anndata(study, study.observed, study.names), predictions, request, job);
}

TEST(ConditionResponse, FindsWhereThePredictionFollows) {
    const Study study = make();
    for (const std::string replicate : {"mouse", ""}) {
        const ConditionResponse found = respond(
            study, {{"model", anndata(study, study.predicted, study.names), {}}}, request_for(replicate));
        ASSERT_EQ(found.strata.size(), 2U);
        EXPECT_EQ(found.genes, study.names);
        const ResponseAgreement &fib = found.strata[0].agreement[0], &mac = found.strata[1].agreement[0];
        EXPECT_THAT(found.strata[0].labels, testing::ElementsAre("Fib"));
        EXPECT_GE(fib.genes, 18U);
        EXPECT_GT(fib.same_direction, 0.9);
        EXPECT_LT(mac.same_direction, 0.8);
        EXPECT_GT(fib.pearson, 0.95);
        EXPECT_LT(std::abs(mac.pearson), 0.5);
        EXPECT_NEAR(fib.slope, 0.5, 0.05);
        for (const ResponseAgreement& one : {fib, mac}) {
            EXPECT_LT(one.low, one.same_direction);
            EXPECT_GE(one.high, one.same_direction - 1e-12);
            EXPECT_LT(one.pearson_low, one.pearson);
            EXPECT_GT(one.pearson_high, one.pearson);
            EXPECT_LE(one.pearson_high, 1);
        }
        EXPECT_GT(fib.pearson_low, 0.85);
        EXPECT_EQ(found.strata[0].observed.unit, replicate.empty() ? TestUnit::cells : TestUnit::replicates);
    }
}

TEST(ConditionResponse, StrataOfBothKindsKeepTheirOwnBlocks) {
    Study study = make();
    for (std::uint64_t cell = 0; cell < cells; ++cell) {
        if (study.type[cell] == "Mac") {
            study.mouse[cell] = study.mouse[cell].substr(0, 1); // one mouse on each side
        }
    }
    const std::vector<PredictedCells> predictions = {
        {"model", anndata(study, study.predicted, study.names), {}}};
    const ConditionResponse found = respond(study, predictions, request_for());
    EXPECT_FALSE(found.strata[1].observed.tested);
    EXPECT_THAT(found.warnings, Contains("Mac: 1 mouse in Burn: no p-value"));
    EXPECT_LT(found.strata[1].agreement[0].pearson_low, found.strata[1].agreement[0].pearson);
    const ConditionResponse again = respond(study, predictions, request_for());
    for (std::size_t s = 0; s < 2; ++s) {
        EXPECT_EQ(found.strata[s].agreement[0].pearson_low, again.strata[s].agreement[0].pearson_low);
        EXPECT_LE(std::abs(found.strata[s].agreement[0].pearson), 1);
    }
}

TEST(ConditionResponse, GenesMeetByName) {
    const Study study = make();
    std::vector<std::string> names(study.names.rbegin(), study.names.rend());
    names[3] = "stranger";
    std::vector<double> turned(study.predicted.size());
    for (std::uint64_t cell = 0; cell < cells; ++cell) {
        for (std::uint64_t gene = 0; gene < genes; ++gene) {
            turned[cell * genes + gene] = study.predicted[cell * genes + genes - 1 - gene];
        }
    }
    const ConditionResponse plain =
        respond(study, {{"model", anndata(study, study.predicted, study.names), {}}}, request_for());
    const ConditionResponse found =
        respond(study, {{"model", anndata(study, turned, names), {}}}, request_for());
    EXPECT_EQ(found.genes.size(), genes - 1);
    EXPECT_THAT(found.warnings, Contains(HasSubstr("model predicts 39 of the 40 genes")));
    EXPECT_EQ(found.strata[0].predicted[0].mean_group[5], plain.strata[0].predicted[0].mean_group[5]);
}

TEST(ConditionResponse, GenesThatCannotMeet) {
    const Study study = make();
    const std::vector<std::string> others(genes, "ENSG");
    const std::vector<std::string> fewer(study.names.begin(), study.names.begin() + 20);
    const std::vector<double> half(cells * 20, 1.0);
    auto narrow = anndata(study, half, fewer);
    try {
        respond(study, {{"model", anndata(study, study.predicted, others), {}}}, request_for());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "GenesDiffer");
        EXPECT_THAT(error.message(), HasSubstr("'ENSG' here, 'G0' there"));
    }
    narrow->set_obsm("X_other", {cells, 7, std::vector<double>(cells * 7, 1.0), false, false, 7});
    EXPECT_THROW(respond(study, {{"model", narrow, {MatrixSource::Kind::obsm, "X_other"}}}, request_for()),
                 Error);
}

TEST(ConditionResponse, AMissingStratumIsEmpty) {
    const Study study = make();
    Study other = study;
    for (std::string& type : other.type) {
        type = "Fib";
    }
    const ConditionResponse found =
        respond(study, {{"model", anndata(other, study.predicted, study.names), {}}}, request_for());
    EXPECT_EQ(found.strata[1].predicted[0].note, "no such cells in the prediction");
    EXPECT_TRUE(std::isnan(found.strata[1].agreement[0].pearson));
    EXPECT_EQ(found.strata[1].agreement[0].genes, 0U);
    const std::string csv = condition_response_csv(request_for(), found);
    EXPECT_EQ(csv.substr(0, csv.find('\n')),
              "type,gene,observed,observed_low,observed_high,observed_score,observed_pval,observed_padj,"
              "model,model_low,model_high,model_score,model_same_direction");
    EXPECT_THAT(csv, HasSubstr(",,,,,\n"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * static_cast<long>(genes));
    const std::string agreement = response_agreement_csv(request_for(), found);
    EXPECT_THAT(agreement, HasSubstr("\nMac,model,90,90,4,4,0,"));
}

} // namespace
} // namespace ember
