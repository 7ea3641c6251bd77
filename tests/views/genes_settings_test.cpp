// Settings of the Genes view go to JSON and back, and defaults follow the data.

#include <gtest/gtest.h>

#include "views/genes/differential_choice.hpp"

namespace ember {
namespace {

GeneContext wounds() {
    GeneContext context;
    context.columns = {"condition", "timepoint", "cell_type", "mouse"};
    context.labels = {{"condition", {"Sham", "Burn"}},
                      {"timepoint", {"day10", "day14"}},
                      {"cell_type", {"Fib", "Ker", "Neu"}},
                      {"mouse", {"m1", "m2", "m3"}}};
    context.sources = {{MatrixSource::Kind::x, {}}, {MatrixSource::Kind::obsm, "X_hvg"}};
    context.schema.pert_col.value = "condition";
    context.schema.control_pert.value = "Sham";
    context.schema.celltype_col.value = "cell_type";
    context.schema.timepoint_col.value = "timepoint";
    context.schema.replicate_col.value = "mouse";
    return context;
}

TEST(GenesSettings, GoToJsonAndBack) {
    GenesSettings settings;
    EXPECT_EQ(genesSettingsFromJson(settingsToJson(settings)), settings);
    settings.page = 2;
    settings.differential = {"obsm/X_hvg", "cell_type", "Ker",        "rest", {"timepoint"}, true,
                             "cells",      "wilcoxon",  "Ker\nday10", "Krt5", 0.01,          0.5};
    settings.response = {"X", "Burn", "Sham", {}, true, {"st_wound"}, true, "mouse", "Neu, day10", "Il1b"};
    settings.pathways = {"/sets.gmt", "ranked", "cycle"};
    EXPECT_EQ(genesSettingsFromJson(settingsToJson(settings)), settings);
}

TEST(GenesSettings, NonsenseBecomesTheDefault) {
    const GenesSettings settings = genesSettingsFromJson({{"page", 17},
                                                          {"differential", QJsonObject{{"alpha", -3}}},
                                                          {"pathways", QJsonObject{{"genes", 4}}}});
    EXPECT_EQ(settings.page, 2);
    EXPECT_EQ(settings.differential.alpha, 0);
    EXPECT_EQ(settings.pathways.genes, "changed");
}

TEST(DifferentialChoice, ComparesThePerturbationWithItsControlByMouse) {
    const DifferentialSettings settings = resolved({}, wounds(), {});
    EXPECT_EQ(settings.groupBy, "condition");
    EXPECT_EQ(settings.group, "Burn");
    EXPECT_EQ(settings.reference, "Sham");
    EXPECT_EQ(settings.within, QStringList{"cell_type"});
    EXPECT_EQ(settings.unit, "mouse");
    const DifferentialRequest request = differentialRequest("f.h5ad", settings, wounds());
    EXPECT_EQ(request.groups, std::vector<std::string>{"Burn"});
    EXPECT_EQ(request.replicate_col, "mouse");
    EXPECT_EQ(request.unit, TestUnit::replicates);
}

TEST(DifferentialChoice, WhatTheFileLacksIsReplaced) {
    DifferentialSettings settings;
    settings.groupBy = "phase";
    settings.group = "G2M";
    settings.within = {"phase", "timepoint", "condition"};
    settings.withinChosen = true;
    settings.unit = "donor";
    settings = resolved(settings, wounds(), {});
    EXPECT_EQ(settings.groupBy, "condition");
    EXPECT_EQ(settings.group, "Burn");
    EXPECT_EQ(settings.within, QStringList{"timepoint"});
    EXPECT_EQ(settings.unit, "mouse");
}

TEST(DifferentialChoice, EachCellTypeAgainstTheRest) {
    DifferentialSettings settings;
    settings.groupBy = "cell_type";
    settings = resolved(settings, wounds(), {});
    EXPECT_EQ(settings.group, "*");
    EXPECT_EQ(settings.reference, "rest");
    EXPECT_TRUE(settings.within.isEmpty());
    EXPECT_TRUE(differentialRequest("f.h5ad", settings, wounds()).groups.empty());
}

TEST(DifferentialChoice, EqualQuestionsHaveOneKey) {
    const GeneContext context = wounds();
    DifferentialSettings a = resolved({}, context, {}), b = a;
    b.alpha = 0.2;
    b.gene = "Krt5";
    const DocumentRef document{DocumentKind::dataset, 3};
    const auto key = [&](const DifferentialSettings& settings) {
        return keyOf(document, differentialRequest("f.h5ad", settings, context));
    };
    EXPECT_EQ(key(a), key(b)) << "thresholds are no question to the data";
    b.unit = "cells";
    EXPECT_NE(key(a), key(b));
}

} // namespace
} // namespace ember
