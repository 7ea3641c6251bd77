#include "core/experiment/config_completion.hpp"

#include <gmock/gmock.h>

#include "scratch_folder.hpp"

namespace {

using namespace ember;
using ember::test::error_of;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Labels = std::vector<std::string>;

class Completion : public ember::test::ScratchTest {
protected:
    TrainingConfig complete(std::vector<std::string> overrides) const {
        TrainingConfig config = resolve_config({}, overrides);
        JobContext job;
        complete_config(config, folder, job);
        return config;
    }
    json value(const TrainingConfig& config, const std::string& leaf) const {
        return config_value(config.values, "data.kwargs." + leaf);
    }
    const Labels condition = {"Sham", "Burn", "Sham", "Burn"}, type = {"Mac", "Mac", "Fib", "Fib"};
};

TEST_F(Completion, TheOnlyFileOfTheFolderIsTaken) {
    write_cells("cells.h5ad", {{"condition", condition}, {"celltype", type}, {"batch", type}}, {"X_state"});
    write("pyproject.toml", "[project]\nname = \"x\"\n");
    const TrainingConfig config = complete(
        {"data.kwargs.embed_key=X_state", "data.kwargs.pert_col=condition", "data.kwargs.control_pert=Sham"});
    EXPECT_EQ(value(config, "files"), json::array({(folder / "cells.h5ad").string()}));
    EXPECT_EQ(value(config, "cell_type_key"), "celltype");
    EXPECT_EQ(value(config, "batch_col"), "batch");
    EXPECT_EQ(value(config, "embed_key"), "X_state");
    EXPECT_THAT(config.notices, SizeIs(3));
}

TEST_F(Completion, TheOnlySplitFileIsTakenBeforeFiles) {
    write_cells("a.h5ad", {{"gene", condition}, {"cell_type", type}, {"gem_group", type}});
    write_cells("b.h5ad", {{"gene", condition}, {"cell_type", type}, {"gem_group", type}});
    write("s.toml", "[datasets]\na = \"a.h5ad\"\n[training]\na = \"train\"\n");
    const TrainingConfig config = complete({"data.kwargs.control_pert=Sham"});
    EXPECT_EQ(value(config, "toml_config_path"), (folder / "s.toml").string());
    EXPECT_THAT(config.notices, SizeIs(1));
}

TEST_F(Completion, NoAndSeveralCandidatesAreErrors) {
    const Error none = error_of([&] { complete({}); });
    EXPECT_EQ(none.class_name(), "MissingMember");
    EXPECT_THAT(none.remedy(), HasSubstr("data.kwargs.toml_config_path="));
    write_cells("a.h5ad", {{"gene", condition}});
    write_cells("b.h5ad", {{"gene", condition}});
    const Error several = error_of([&] { complete({}); });
    EXPECT_EQ(several.class_name(), "MissingMember");
    EXPECT_THAT(several.message(), HasSubstr("'a.h5ad', 'b.h5ad'"));
    EXPECT_THAT(several.remedy(), HasSubstr("data.kwargs.files=[a.h5ad]"));
}

TEST_F(Completion, XIsTheMatrixUnlessThereIsSuchAnEmbedding) {
    write_cells("cells.h5ad", {{"gene", condition}, {"cell_type", type}, {"gem_group", type}}, {"X_hvg"});
    EXPECT_EQ(value(complete({"data.kwargs.embed_key=X"}), "embed_key"), nullptr);
    write_cells("cells.h5ad", {{"gene", condition}, {"cell_type", type}, {"gem_group", type}}, {"X"});
    EXPECT_EQ(value(complete({"data.kwargs.embed_key=X"}), "embed_key"), "X");
}

TEST_F(Completion, EverythingIsGuessedFromDefaults) {
    write_cells("cells.h5ad", {{"condition", condition}, {"cell_type", type}});
    const TrainingConfig config = complete({});
    EXPECT_EQ(value(config, "pert_col"), "condition");
    EXPECT_EQ(value(config, "control_pert"), "Sham");
    EXPECT_EQ(value(config, "batch_col"), "cell_type"); // stands in
    EXPECT_THAT(config.notices, Contains(HasSubstr("'cell_type' stands in")));
    const TrainingConfig paired = complete({"data.kwargs.basal_mapping_strategy=batch"});
    EXPECT_EQ(value(paired, "batch_col"), "gem_group"); // told by the preparation
}

TEST_F(Completion, StatedNamesAreKept) {
    write_cells("cells.h5ad", {{"condition", condition}, {"celltype", type}});
    const TrainingConfig config =
        complete({"data.kwargs.cell_type_key=cellType", "data.kwargs.control_pert=sham",
                  "data.kwargs.pert_col=Condition", "data.kwargs.batch_col=plate"});
    EXPECT_EQ(value(config, "cell_type_key"), "cellType");
    EXPECT_EQ(value(config, "control_pert"), "sham");
    EXPECT_EQ(value(config, "pert_col"), "Condition");
    EXPECT_EQ(value(config, "batch_col"), "plate");
}

TEST_F(Completion, PathsBecomeAbsolute) {
    write_cells("d/cells.h5ad", {{"gene", condition}, {"cell_type", type}, {"gem_group", type}});
    const TrainingConfig config =
        complete({"data.kwargs.files=[d/../d/cells.h5ad]", "model.kwargs.init_from=old/final.ckpt",
                  "data.kwargs.control_pert=Sham"});
    EXPECT_EQ(value(config, "files"), json::array({(folder / "d/cells.h5ad").string()}));
    EXPECT_EQ(config_value(config.values, "model.kwargs.init_from"), (folder / "old/final.ckpt").string());
    EXPECT_EQ(config_value(config.values, "output_dir"), "./debugging");
    EXPECT_THAT(config.notices, IsEmpty());
}

} // namespace
