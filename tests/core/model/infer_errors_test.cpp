// What goes wrong is said by name, with the nearest thing that would go right.

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "infer_case.hpp"

using namespace ember;
using namespace ember::test;
using testing::HasSubstr;

namespace {

/// 6 cells, X_hvg of `width` columns, labels of tiny.
void write_small(const std::filesystem::path& target, std::size_t width, float first_value = 0.0f) {
    NewAnnData made;
    CategoricalColumn perts{{"control", "pert_A"}, {0, 1, 0, 1, 0, 1}, false};
    made.obs.push_back({"gene", "category", perts});
    made.var_names = {"a"};
    made.x.assign(6, 0.0f);
    for (int i = 0; i < 6; ++i) {
        made.obs_names.push_back("cell" + std::to_string(i));
    }
    std::vector<float> values(6 * width);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(i % 5) * 0.5f;
    }
    values[0] = first_value;
    made.obsm.emplace_back("X_hvg", values);
    write_h5ad(made, target);
}

} // namespace

TEST(InferErrors, ControlThatTheDataLacks) {
    InferRequest request = tiny_request();
    request.control_pert = "Control";
    const Failure found = failure(request);
    EXPECT_EQ(found.class_name, "UnknownControl");
    EXPECT_THAT(found.text, HasSubstr("'control'"));
}

TEST(InferErrors, ControlThatTheModelLacksIsNeverAUnitVector) {
    const Scratch scratch;
    write_relabelled(scratch / "sham.h5ad", "control", "Sham");
    InferRequest request = tiny_request();
    request.adata = scratch / "sham.h5ad";
    request.control_pert = "Sham";
    // The run has a control of its own, so its encoding is taken, and said.
    const InferResult result = infer(request);
    ASSERT_EQ(result.unknown.size(), 1u);
    EXPECT_EQ(result.unknown[0].label, "Sham");
    EXPECT_THAT(result.warnings.at(0), HasSubstr("its control 'control'"));
}

TEST(InferErrors, ControlThatTheModelSpellsOtherwiseIsRefused) {
    const Scratch scratch;
    write_relabelled(scratch / "upper.h5ad", "control", "CONTROL");
    InferRequest request = tiny_request();
    request.adata = scratch / "upper.h5ad";
    request.control_pert = "CONTROL";
    const Failure found = failure(request);
    EXPECT_EQ(found.class_name, "UnknownControl");
    EXPECT_THAT(found.text, HasSubstr("but knows 'control'"));
}

TEST(InferErrors, WrongWidthIsTruncatedOnlyWhenAsked) {
    const Scratch scratch;
    write_small(scratch / "wide.h5ad", 83);
    InferRequest request = tiny_request();
    request.adata = scratch / "wide.h5ad";
    request.celltype_col.clear();
    const Failure found = failure(request);
    EXPECT_EQ(found.class_name, "WrongWidth");
    EXPECT_THAT(found.text, HasSubstr("83"));
    EXPECT_THAT(found.text, HasSubstr("--truncate"));
    request.truncate = true;
    const auto truncated = infer(request).prediction;
    write_small(scratch / "narrow.h5ad", 79);
    request.adata = scratch / "narrow.h5ad";
    EXPECT_EQ(failure(request).class_name, "WrongWidth");
    EXPECT_EQ(truncated.size(), 6u * 80u);
}

TEST(InferErrors, ControlCellsWithoutANumberAreTold) {
    const Scratch scratch;
    write_small(scratch / "nan.h5ad", 80, NAN);
    InferRequest request = tiny_request();
    request.adata = scratch / "nan.h5ad";
    request.celltype_col.clear();
    EXPECT_THAT(infer(request).warnings, testing::Contains(HasSubstr("1 control cells hold NaN")));
    write_small(scratch / "nan.h5ad", 80);
    EXPECT_THAT(infer(request).warnings, testing::Not(testing::Contains(HasSubstr("NaN"))));
}

TEST(InferErrors, ColumnsAndKeysAreNamedWithTheirNeighbours) {
    InferRequest request = tiny_request();
    request.pert_col = "genes";
    EXPECT_EQ(failure(request).class_name, "MissingMember");
    EXPECT_THAT(failure(request).text, HasSubstr("gene"));
    request = tiny_request();
    request.embed_key = "X_hgv";
    EXPECT_EQ(failure(request).class_name, "MissingMember");
    EXPECT_THAT(failure(request).text, HasSubstr("X_hvg"));
}

TEST(InferErrors, OutputNamesAndOptions) {
    const Scratch scratch;
    InferRequest request = tiny_request();
    request.output = scratch / "out.csv";
    EXPECT_EQ(failure(request).class_name, "Usage");
    request.output = request.adata;
    EXPECT_EQ(failure(request).class_name, "Usage");
    request.output = scratch / "missing folder/out.npy";
    EXPECT_EQ(failure(request).class_name, "CannotWrite");
    request = tiny_request();
    request.obsm_key = "a/b";
    EXPECT_EQ(failure(request).class_name, "Usage");
    request = tiny_request();
    request.max_set_len = 0;
    EXPECT_EQ(failure(request).class_name, "Usage");
    std::ofstream(scratch / "bad.tsv") << "perturbation\tnum_cells\npert_A\tmany\n";
    request = tiny_request();
    request.tsv = scratch / "bad.tsv";
    EXPECT_EQ(failure(request).class_name, "BadTable");
    request.tsv = scratch.path();
    EXPECT_EQ(failure(request).class_name, "CannotRead");
}

TEST(InferErrors, AModelOfAnotherKind) {
    InferRequest request = tiny_request();
    request.checkpoint = demo / "st_pbmc/checkpoints/final.ckpt";
    EXPECT_EQ(failure(request).class_name, "ShapeMismatch");
    request.model_dir = demo;
    request.checkpoint.clear();
    EXPECT_FALSE(failure(request).class_name.empty());
}
