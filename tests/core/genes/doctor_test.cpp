#include "core/genes/doctor.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/genes/doctor_parts.hpp"

namespace ember {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ModelKnowledge model() {
    ModelKnowledge known;
    known.name = "st_test";
    known.perturbations = {"Sham", "Burn", "[('Dex', 1.0, 'uM')]", "[('Dex', 5.0, 'uM')]", "IL2"};
    known.cell_types = {"Neu", "Mac"};
    known.batches = {"b1"};
    known.control = "Sham";
    known.input = "X";
    known.width = 4;
    known.genes = {"Krt5", "Lum", "Dcn", "Tnc"};
    return known;
}

FitData data() {
    FitData facts;
    facts.name = "cells.h5ad";
    facts.cells = 300;
    facts.pert_col = "condition";
    facts.control = "Sham";
    facts.celltype_col = "cell_type";
    facts.perturbations = {{"Sham", 200}, {"Burn", 100}};
    facts.cell_types = {{"Neu", 300}};
    facts.crossed = {{"Sham", "Neu", 200}, {"Burn", "Neu", 100}};
    facts.input = "X";
    facts.width = 4;
    facts.column_names = {{"Krt5", "Lum", "Dcn", "Tnc"}};
    return facts;
}

const FitFinding* find(const FitReport& report, const std::string& part) {
    for (const FitFinding& finding : report.findings) {
        if (finding.title.find(part) != std::string::npos) {
            return &finding;
        }
    }
    return nullptr;
}

TEST(FitDoctor, FindsNothingWhereAllIsWell) {
    const FitReport report = diagnose_fit(model(), data());
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.worst, FitSeverity::fine);
    EXPECT_EQ(report.verdict, "The model fits this data.");
    EXPECT_EQ(report.genes.treatment, GeneTreatment::same);
    EXPECT_EQ(report.genes.found, 4U);
}

TEST(FitDoctor, SaysWhyAPerturbationIsUnknown) {
    FitData facts = data();
    facts.perturbations = {{"Sham", 200}, {"Frostbite", 60}, {"burn", 30}, {"[('Dex', 0.1, 'uM')]", 20},
                           {"IL6", 10},   {"nan", 5}};
    const FitReport report = diagnose_fit(model(), facts);
    ASSERT_EQ(report.perturbations.size(), 6U);
    EXPECT_EQ(report.perturbations[0].acquaintance, Acquaintance::control);
    EXPECT_EQ(report.perturbations[1].acquaintance, Acquaintance::unknown);
    EXPECT_EQ(report.perturbations[2].acquaintance, Acquaintance::other_spelling);
    EXPECT_THAT(report.perturbations[2].nearest, ElementsAre("Burn"));
    EXPECT_EQ(report.perturbations[3].acquaintance, Acquaintance::other_dose);
    EXPECT_THAT(report.perturbations[3].nearest, ElementsAre("[('Dex', 1.0, 'uM')]", "[('Dex', 5.0, 'uM')]"));
    EXPECT_EQ(report.perturbations[4].acquaintance, Acquaintance::unknown); // IL6 is no dose of IL2
    EXPECT_THAT(report.perturbations[4].nearest, testing::Contains("IL2"));
    const FitFinding* unseen = find(report, "'Frostbite' was never seen");
    ASSERT_NE(unseen, nullptr);
    EXPECT_EQ(unseen->cells, 60U);
    EXPECT_THAT(unseen->explanation, HasSubstr("would be predicted as control cells"));
    EXPECT_FALSE(unseen->remedy.empty());
    EXPECT_THAT(find(report, "spelled otherwise")->remedy, HasSubstr("'Burn' in obs/condition"));
    EXPECT_EQ(find(report, "no perturbation label")->severity, FitSeverity::warning);
    EXPECT_THAT(report.verdict, HasSubstr("knows none of the perturbations here"));
    EXPECT_THAT(report.verdict, HasSubstr("125 cells"));
}

TEST(FitDoctor, ManyUnknownPerturbationsAreToldTogether) {
    FitData facts = data();
    for (int i = 0; i < 50; ++i) {
        facts.perturbations.push_back({"Strange" + std::to_string(i), 2});
    }
    const FitReport report = diagnose_fit(model(), facts);
    const FitFinding* rest = find(report, "30 more perturbations are unknown");
    ASSERT_NE(rest, nullptr);
    EXPECT_EQ(rest->cells, 60U);
    EXPECT_THAT(report.verdict, HasSubstr("does not know 50 of 51 perturbations (100 cells)"));
    EXPECT_EQ(fit_json(report)["perturbations"].size(), 52U);
}

TEST(FitDoctor, LooksAtTheControl) {
    FitData facts = data();
    facts.perturbations[0].label = facts.control = "sham";
    EXPECT_EQ(find(diagnose_fit(model(), facts), "spelled otherwise in the model: 'Sham'")->severity,
              FitSeverity::serious);
    facts.perturbations[0].label = facts.control = "PBS";
    EXPECT_EQ(find(diagnose_fit(model(), facts), "The control 'PBS' is not the model's")->severity,
              FitSeverity::warning);
    ModelKnowledge without = model();
    without.control = "gone";
    EXPECT_EQ(find(diagnose_fit(without, facts), "does not know the control 'PBS'")->severity,
              FitSeverity::serious);
    facts.control.clear();
    facts.control_reason = "No cell has the label 'x'";
    EXPECT_THAT(find(diagnose_fit(model(), facts), "No control cells")->explanation,
                HasSubstr("No cell has the label 'x'"));
    facts.pert_col.clear();
    EXPECT_NE(find(diagnose_fit(model(), facts), "No perturbation column"), nullptr);
}

TEST(FitDoctor, KnowsWhatWasHeldOut) {
    ModelKnowledge known = model();
    known.held_out = {{"wound", "Neu", {"Burn"}, "val"}, {"wound", "Mac", {}, "test"}};
    known.held_out_file = "wound.toml";
    FitData facts = data();
    const FitReport one = diagnose_fit(known, facts);
    ASSERT_EQ(one.findings.size(), 1U);
    EXPECT_EQ(one.findings[0].title, "'Burn' in 'Neu' was held out of training");
    EXPECT_EQ(one.findings[0].cells, 100U);
    EXPECT_EQ(one.verdict, "The model fits this data, with 1 thing to know.");
    facts.crossed.push_back({"Burn", "Mac", 7});
    EXPECT_EQ(diagnose_fit(known, facts).findings.size(), 2U);
}

TEST(FitDoctor, QuantifiesMisreadGenes) {
    FitData facts = data();
    facts.column_names = {{"Lum", "Krt5", "Dcn", "Foreign"}};
    facts.expression = {10, 20, 30, 40};
    const FitReport report = diagnose_fit(model(), facts);
    EXPECT_EQ(report.genes.treatment, GeneTreatment::by_position);
    EXPECT_EQ(report.genes.missing, 1U);
    EXPECT_EQ(report.genes.extra, 1U);
    EXPECT_EQ(report.genes.misread, 3U);
    EXPECT_DOUBLE_EQ(report.genes.expression_misread, 0.7);
    EXPECT_DOUBLE_EQ(report.genes.expression_extra, 0.4);
    EXPECT_THAT(report.genes.missing_names, ElementsAre("Tnc"));
    const FitFinding* missing = find(report, "1 of the model's 4 genes");
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->severity, FitSeverity::serious);
    EXPECT_THAT(missing->explanation, HasSubstr("3 of 4 (75 %) would be taken for another gene"));
    EXPECT_THAT(missing->explanation, HasSubstr("70 % of this data's total expression"));
    EXPECT_THAT(report.verdict, HasSubstr("Predictions would be wrong: 75 %"));
}

TEST(FitDoctor, ReorderingAndExtraGenesCostNothing) {
    FitData facts = data();
    facts.column_names = {{"Lum", "Krt5", "Tnc", "Dcn"}};
    FitReport report = diagnose_fit(model(), facts);
    EXPECT_EQ(report.genes.treatment, GeneTreatment::reordered);
    EXPECT_EQ(report.worst, FitSeverity::note);
    EXPECT_NE(find(report, "another order"), nullptr);
    facts.width = 6;
    facts.column_names = {{"Krt5", "Lum", "Dcn", "Tnc", "More", "Krt5"}};
    report = diagnose_fit(model(), facts);
    EXPECT_EQ(report.genes.treatment, GeneTreatment::reordered);
    EXPECT_NE(find(report, "1 gene is not read"), nullptr);
    EXPECT_EQ(find(report, "1 gene name occurs more than once")->severity, FitSeverity::warning);
}

TEST(FitDoctor, RefusesAnotherWidth) {
    FitData facts = data();
    facts.width = 3;
    facts.column_names = {{"Krt5", "Lum", "Dcn"}};
    const FitReport report = diagnose_fit(model(), facts);
    EXPECT_EQ(report.genes.treatment, GeneTreatment::refused);
    EXPECT_THAT(report.verdict, HasSubstr("Predict refuses this data"));
    EXPECT_THAT(find(report, "1 of the model's 4")->explanation,
                HasSubstr("nothing is filled in with zeros"));
    facts.input.clear();
    EXPECT_NE(find(diagnose_fit(model(), facts), "nothing that the model could read"), nullptr);
}

TEST(FitDoctor, SeesOtherNames) {
    ModelKnowledge known = model();
    known.genes = {"KRT5", "LUM", "DCN", "TNC"};
    const FitReport report = diagnose_fit(known, data());
    EXPECT_EQ(report.genes.found_after_mapping, 4U);
    EXPECT_NE(find(report, "mouse symbols here, human symbols in the model"), nullptr);
    EXPECT_THAT(find(report, "4 of the model's 4")->remedy,
                HasSubstr("from mouse symbols to human symbols: 4 more would be found"));
}

TEST(FitDoctor, EmbeddingsHaveNoGenes) {
    ModelKnowledge known = model();
    known.input = "X_state";
    known.reads_genes = false;
    known.genes.clear();
    FitData facts = data();
    facts.input = "X_state";
    EXPECT_EQ(diagnose_fit(known, facts).genes.treatment, GeneTreatment::not_genes);
    EXPECT_THAT(diagnose_fit(known, facts).findings, IsEmpty());
    facts.width = 5;
    EXPECT_EQ(diagnose_fit(known, facts).genes.treatment, GeneTreatment::refused);
}

TEST(FitDoctor, LooksAtBatchesAndCellTypes) {
    ModelKnowledge known = model();
    known.uses_batches = true;
    FitData facts = data();
    EXPECT_NE(find(diagnose_fit(known, facts), "No batch column"), nullptr);
    facts.batch_col = "plate";
    facts.batches = {{"b1", 200}, {"b2", 100}};
    facts.cell_types = {{"Neu", 200}, {"Ker", 100}};
    const FitReport report = diagnose_fit(known, facts);
    EXPECT_EQ(find(report, "1 batch is unknown")->cells, 100U);
    EXPECT_EQ(find(report, "1 cell type was not in training")->severity, FitSeverity::note);
    facts.cell_types = {{"Ker", 300}};
    EXPECT_EQ(find(diagnose_fit(known, facts), "None of the cell types")->severity, FitSeverity::warning);
}

TEST(WithoutDose, KeepsTheDrug) {
    EXPECT_EQ(without_dose("[('Dex', 0.1, 'uM')]"), without_dose("[('Dex', 10, 'uM')]"));
    EXPECT_EQ(without_dose("Dex 1e-3 mM"), without_dose("dex_5_mM"));
    EXPECT_EQ(without_dose("IL2"), "");
    EXPECT_EQ(without_dose("12"), "");
    EXPECT_NE(without_dose("Dex 1 uM"), without_dose("Dox 1 uM"));
}

TEST(FitOfTheDemo, IsAsItsReadmeSays) {
    const std::filesystem::path demo = EMBER_DEMO_FILES;
    JobContext job;
    FitRequest request;
    request.adata = demo / "wound_demo.h5ad";
    request.model_dir = demo / "st_drug";
    request.sum_expression = true;
    const FitReport drug = examine_fit(request, job);
    EXPECT_EQ(drug.worst, FitSeverity::serious);
    EXPECT_THAT(drug.verdict, HasSubstr("knows none of the perturbations here"));
    EXPECT_EQ(find(drug, "'Burn' was never seen")->cells, 1765U);
    EXPECT_THAT(find(drug, "The control 'Sham'")->nearest, ElementsAre("DMSO_TF_00"));
    EXPECT_EQ(drug.genes.treatment, GeneTreatment::same);
    EXPECT_DOUBLE_EQ(drug.genes.expression_extra, 0.0);

    request.model_dir = demo / "st_wound";
    const FitReport wound = examine_fit(request, job);
    ASSERT_EQ(wound.findings.size(), 1U);
    EXPECT_EQ(wound.findings[0].title, "'Burn' in 'Mac' was held out of training");
    EXPECT_EQ(wound.findings[0].cells, 203U);

    request.model_dir = demo / "st_pbmc";
    const FitReport blood = examine_fit(request, job);
    EXPECT_EQ(blood.genes.treatment, GeneTreatment::refused);
    EXPECT_GT(blood.genes.found_after_mapping, 0U);

    request.pert_col = "treatment";
    EXPECT_THROW(examine_fit(request, job), Error);
    request.pert_col = "timepoint";
    EXPECT_NE(find(examine_fit(request, job), "No control cells"), nullptr);
}

} // namespace
} // namespace ember
