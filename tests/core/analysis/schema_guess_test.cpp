#include "core/analysis/schema_guess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using testing::HasSubstr;

MemoryAnnData wound() {
    MemoryAnnData data(4, 3);
    data.set_x({4, 3, std::vector<double>(12, 0.5), false, false, 4});
    data.set_obsm("X_hvg", {4, 2, std::vector<double>(8, 0.5), false, false, 4});
    data.add_text("condition", {"Sham", "Burn", "Burn", "Sham"});
    data.add_text("Cell.Type", {"Mac", "Neu", "Mac", "Neu"});
    data.add_text("timepoint", {"day10", "day14", "day10", "day14"});
    data.add_text("mouse", {"m1", "m2", "m1", "m2"});
    data.add_text("batch", {"b1", "b2", "b1", "b2"});
    return data;
}

TEST(SchemaGuess, UsualNamesAreFoundWhateverTheirSpelling) {
    const MemoryAnnData data = wound();
    const Schema schema = guess_schema(data);
    EXPECT_EQ(schema.pert_col.value, "condition");
    EXPECT_EQ(schema.control_pert.value, "Sham");
    EXPECT_EQ(schema.celltype_col.value, "Cell.Type");
    EXPECT_EQ(schema.batch_col.value, "batch");
    EXPECT_EQ(schema.timepoint_col.value, "timepoint");
    EXPECT_EQ(schema.replicate_col.value, "mouse");
    EXPECT_EQ(schema.embed_key.value, "X_hvg");
    EXPECT_THAT(schema.pert_col.reason, HasSubstr("name"));
}

TEST(SchemaGuess, TheModelsOwnColumnsComeFirst) {
    MemoryAnnData data = wound();
    data.add_text("phase", {"G1", "S", "S", "G1"});
    SchemaHints hints;
    hints.pert_col = "phase";
    hints.control_pert = "G1";
    hints.celltype_col = "mouse";
    const Schema schema = guess_schema(data, hints);
    EXPECT_EQ(schema.pert_col.value, "phase");
    EXPECT_EQ(schema.control_pert.value, "G1");
    EXPECT_EQ(schema.celltype_col.value, "mouse");
    EXPECT_THAT(schema.pert_col.reason, HasSubstr("trained with this column"));
    EXPECT_THAT(schema.control_pert.reason, HasSubstr("trained with this control"));
}

TEST(SchemaGuess, LabelsThatTheModelKnowsGiveAColumnAway) {
    MemoryAnnData data = wound();
    data.add_text("unnamed", {"drug1", "drug2", "DMSO_TF_00", "drug3"});
    SchemaHints hints;
    hints.pert_col = "drug_dose";
    hints.control_pert = "DMSO_TF_00";
    hints.perturbations = {"drug1", "drug2", "DMSO_TF_00"};
    const Schema schema = guess_schema(data, hints);
    EXPECT_EQ(schema.pert_col.value, "unnamed");
    EXPECT_THAT(schema.pert_col.reason, HasSubstr("labels"));
    EXPECT_EQ(schema.control_pert.value, "DMSO_TF_00");
}

TEST(SchemaGuess, TheInputIsTheOneOfTheModelsWidth) {
    const MemoryAnnData data = wound();
    SchemaHints hints;
    hints.embed_key = "X_state";
    hints.input_dim = 2;
    EXPECT_EQ(guess_schema(data, hints).embed_key.value, "X_hvg");
    hints.input_dim = 3;
    EXPECT_EQ(guess_schema(data, hints).embed_key.value, "X");
    hints.input_dim = 9;
    const SchemaEntry none = guess_schema(data, hints).embed_key;
    EXPECT_EQ(none.value, "");
    EXPECT_THAT(none.reason, HasSubstr("9"));
}

TEST(SchemaGuess, WhatIsNotFoundIsExplained) {
    MemoryAnnData data(2, 1);
    data.add_text("colour", {"red", "blue"});
    SchemaHints hints;
    hints.pert_col = "gene";
    const Schema schema = guess_schema(data, hints);
    EXPECT_EQ(schema.pert_col.value, "");
    EXPECT_THAT(schema.pert_col.reason, HasSubstr("'gene'"));
    EXPECT_EQ(schema.control_pert.value, "");
    EXPECT_EQ(schema.embed_key.value, "");
}

} // namespace
