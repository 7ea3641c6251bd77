// Which model the predict form proposes for a data set.

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "views/prediction/model_match.hpp"

namespace ember {
namespace {

ModelDocument model(const char* name, const char* pert_col, const char* embed_key, std::uint64_t width) {
    ModelDocument made;
    made.name = name;
    made.hints.pert_col = pert_col;
    made.hints.embed_key = embed_key;
    made.hints.input_dim = width;
    return made;
}

TEST(ModelMatch, TheModelTrainedWithTheDatasColumnsWins) {
    DatasetDocument wound;
    wound.data = AnnData::open(bundled_demo() / "wound_demo.h5ad");
    const ModelDocument drug = model("drug", "drug_dose", "X_hvg", 500);
    const ModelDocument narrow = model("narrow", "condition", "X_hvg", 100);
    const ModelDocument right = model("right", "condition", "X_hvg", 500);
    EXPECT_EQ(bestModelFor(wound, {&drug, &narrow, &right}), &right);
    EXPECT_EQ(bestModelFor(wound, {&drug, &narrow}), &narrow);
    EXPECT_EQ(bestModelFor(wound, {&drug, &drug}), &drug);
    EXPECT_EQ(bestModelFor(wound, {}), nullptr);

    DatasetDocument blood;
    blood.data = AnnData::open(bundled_demo() / "pbmc_phase.h5ad");
    EXPECT_EQ(bestDatasetFor(right, {&blood, &wound}), &wound);
    EXPECT_EQ(bestDatasetFor(model("phases", "phase", "X_hvg", 765), {&wound, &blood}), &blood);
    EXPECT_EQ(bestDatasetFor(right, {}), nullptr);
}

} // namespace
} // namespace ember
