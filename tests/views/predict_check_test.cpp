// What the predict form says about a request before it starts.

#include <algorithm>

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "views/prediction/predict_check.hpp"

namespace ember {
namespace {

class PredictCheck : public testing::Test {
protected:
    PredictCheck() {
        data.path = QString::fromStdString((bundled_demo() / "wound_demo.h5ad").string());
        data.data = AnnData::open(data.path.toStdString());
        model.path = QString::fromStdString((bundled_demo() / "st_wound").string());
        model.hints.perturbations = {"Burn", "Sham"};
        model.hints.control_pert = "Sham";
        model.hints.input_dim = 500;
        request.adata = data.path.toStdString();
        request.pert_col = "condition";
        request.control_pert = "Sham";
        request.celltype_col = "cell_type";
        request.embed_key = "X_hvg";
        request.output = folder.filePath("out.h5ad").toStdString();
    }

    std::vector<PredictProblem> problems() { return findPredictProblems(request, &data, &model, labels); }

    /// The one problem there is, in this field.
    PredictProblem only(PredictField field) {
        const auto all = problems();
        EXPECT_EQ(all.size(), 1u);
        if (all.size() != 1) {
            return {field, {}, {}, false};
        }
        EXPECT_EQ(static_cast<int>(all[0].field), static_cast<int>(field)) << all[0].text.toStdString();
        return all[0];
    }

    QTemporaryDir folder;
    DatasetDocument data;
    ModelDocument model;
    InferRequest request;
    PerturbationLabels labels = std::vector<std::string>{"Burn", "Sham"};
};

TEST_F(PredictCheck, NothingIsWrongWithAGoodRequest) {
    EXPECT_TRUE(problems().empty());
}

TEST_F(PredictCheck, DataAndModelAreNeeded) {
    const auto all = findPredictProblems(request, nullptr, nullptr, {});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_TRUE(all[0].blocks && all[1].blocks);
}

TEST_F(PredictCheck, AWrongControlNamesTheNearest) {
    request.control_pert = "sham";
    const PredictProblem problem = only(PredictField::control);
    EXPECT_TRUE(problem.blocks);
    EXPECT_TRUE(problem.remedy.contains("'Sham'")) << problem.remedy.toStdString();
}

TEST_F(PredictCheck, AControlThatTheModelReplacesIsSaid) {
    model.hints.perturbations = {"Burn", "Vehicle"};
    model.hints.control_pert = "Vehicle";
    const PredictProblem problem = only(PredictField::control);
    EXPECT_FALSE(problem.blocks);
    EXPECT_TRUE(problem.text.contains("'Vehicle'"));
    model.hints.control_pert.clear();
    EXPECT_TRUE(only(PredictField::control).blocks);
}

TEST_F(PredictCheck, AControlThatTheModelSpellsOtherwiseIsRefused) {
    model.hints.perturbations = {"Burn", "SHAM"};
    model.hints.control_pert = "SHAM";
    const PredictProblem problem = only(PredictField::control);
    EXPECT_TRUE(problem.blocks);
    EXPECT_TRUE(problem.text.contains("'SHAM'"));
}

TEST_F(PredictCheck, UnknownPerturbationsAreSaidAndDoNotBlock) {
    model.hints.perturbations = {"Sham"};
    const PredictProblem problem = only(PredictField::pert_col);
    EXPECT_FALSE(problem.blocks);
    EXPECT_TRUE(problem.text.contains("'Burn'"));
}

TEST_F(PredictCheck, AMissingColumnNamesTheNearest) {
    request.celltype_col = "celltype";
    EXPECT_TRUE(only(PredictField::celltype_col).remedy.contains("'cell_type'"));
}

TEST_F(PredictCheck, TheWidthMustAgree) {
    model.hints.input_dim = 400;
    EXPECT_TRUE(only(PredictField::embed_key).blocks);
    request.truncate = true;
    EXPECT_TRUE(problems().empty());
    model.hints.input_dim = 600;
    EXPECT_TRUE(only(PredictField::embed_key).blocks);
}

TEST_F(PredictCheck, AMissingEmbeddingSaysWhereEmbeddingsComeFrom) {
    request.embed_key = "X_state";
    EXPECT_TRUE(only(PredictField::embed_key).remedy.contains("state emb"));
}

TEST_F(PredictCheck, TheOutputIsAFileThatMayBeWritten) {
    request.output = folder.filePath("out.csv").toStdString();
    EXPECT_TRUE(only(PredictField::output).blocks);
    request.output = request.adata;
    EXPECT_TRUE(only(PredictField::output).blocks);
    request.output = (folder.path() + "/new/out.npy").toStdString();
    EXPECT_TRUE(problems().empty());
    request.output.clear();
    EXPECT_TRUE(only(PredictField::output).blocks);
}

TEST_F(PredictCheck, ACheckpointAloneCannotPredict) {
    model.path += "/checkpoints/final.ckpt";
    EXPECT_TRUE(only(PredictField::model).blocks);
}

} // namespace
} // namespace ember
