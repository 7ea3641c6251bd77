// What is written is read back equal.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/h5ad_writer.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

using nlohmann::json;

NewAnnData example() {
    NewAnnData data;
    data.obs_names = {"a", "b", "größe"};
    data.var_names = {"G1", "G2"};
    data.x = {1, 2, 3, 4, 5, 6};
    data.obsm = {{"X_pca", {1, 0, 0, 1, -1, 2.5F, 0, 0, 7}}};
    const double nan = std::nan("");
    data.obs = {{"label", "category", CategoricalColumn{{"z", "y"}, {1, -1, 0}, true}},
                {"whole", "int64", NumericColumn{{1, -9007199254740991.0, 3}, {}}},
                {"small", "uint8", NumericColumn{{0, 255, 7}, {}}},
                {"single", "float32", NumericColumn{{0.5, nan, 1e10}, {}}},
                {"double", "float64", NumericColumn{{0.1, -0.0, nan}, {}}},
                {"maybe", "Int64", NumericColumn{{4, nan, 6}, {false, true, false}}},
                {"flag", "bool", BooleanColumn{{1, 0, 1}, {}}},
                {"perhaps", "boolean", BooleanColumn{{1, 0, 0}, {false, false, true}}},
                {"text", "object", TextColumn{{"", "基因", "a,b"}, {}}}};
    data.uns = {{"title", "demo"},
                {"n", 3},
                {"rate", 0.25},
                {"on", true},
                {"list", {"a", "b"}},
                {"numbers", {1, 2, 3}},
                {"halves", {0.5, 1.5}},
                {"table", {{1.0, 2.0}, {3.0, 4.0}}},
                {"empty", json::object()},
                {"nested", {{"deeper", {{"x", 1}}}}},
                {"label_colors", {"#ff0000", "#00ff00"}}};
    return data;
}

void expect_equal(const Column& found, const Column& expected) {
    SCOPED_TRACE(expected.name);
    EXPECT_EQ(found.dtype, expected.dtype);
    ASSERT_EQ(found.data.index(), expected.data.index());
    if (const auto* labels = std::get_if<CategoricalColumn>(&expected.data)) {
        const auto& other = std::get<CategoricalColumn>(found.data);
        EXPECT_EQ(other.categories, labels->categories);
        EXPECT_EQ(other.codes, labels->codes);
        EXPECT_EQ(other.ordered, labels->ordered);
    } else if (const auto* numbers = std::get_if<NumericColumn>(&expected.data)) {
        const auto& other = std::get<NumericColumn>(found.data);
        EXPECT_THAT(other.values, testing::Pointwise(testing::NanSensitiveDoubleEq(), numbers->values));
        EXPECT_EQ(other.missing, numbers->missing);
    } else if (const auto* flags = std::get_if<BooleanColumn>(&expected.data)) {
        EXPECT_EQ(std::get<BooleanColumn>(found.data).values, flags->values);
        EXPECT_EQ(std::get<BooleanColumn>(found.data).missing, flags->missing);
    } else {
        EXPECT_EQ(std::get<TextColumn>(found.data).values, std::get<TextColumn>(expected.data).values);
    }
}

TEST(Write, every_kind_of_member_is_read_back_equal) {
    const test::TemporaryFolder folder;
    const auto data = example();
    write_h5ad(data, folder / "new.h5ad");
    const auto back = AnnData::open(folder / "new.h5ad");
    EXPECT_EQ(back->generation(), "anndata 0.7+");
    EXPECT_EQ(back->obs_names(), data.obs_names);
    EXPECT_EQ(back->var_names(), data.var_names);
    ASSERT_EQ(back->obs_columns().size(), data.obs.size());
    for (std::size_t i = 0; i < data.obs.size(); ++i) {
        EXPECT_EQ(back->obs_columns()[i].name, data.obs[i].name);
        expect_equal(*back->obs(data.obs[i].name), data.obs[i]);
    }
    std::vector<float> x(6), pca(9);
    back->matrix({})->read_rows(0, 3, x);
    back->matrix({MatrixSource::Kind::obsm, "X_pca"})->read_rows(0, 3, pca);
    EXPECT_EQ(x, data.x);
    EXPECT_EQ(pca, data.obsm[0].second);
    EXPECT_EQ(back->uns(""), data.uns);
    EXPECT_THAT(back->colors("label"), testing::ElementsAre("#ff0000", "#00ff00"));
}

TEST(Write, a_file_without_cells_or_x) {
    const test::TemporaryFolder folder;
    NewAnnData data;
    data.var_names = {"G"};
    data.obs = {{"label", "category", CategoricalColumn{}}, {"text", "object", TextColumn{}}};
    write_h5ad(data, folder / "empty.h5ad");
    const auto back = AnnData::open(folder / "empty.h5ad");
    EXPECT_EQ(back->n_obs(), 0U);
    EXPECT_FALSE(back->has_x());
    EXPECT_EQ(back->obs("label")->size(), 0U);
    EXPECT_EQ(back->obs("text")->size(), 0U);
}

TEST(Write, thousands_of_columns) {
    const test::TemporaryFolder folder;
    NewAnnData data;
    data.obs_names = {"a"};
    data.var_names = {"G"};
    for (int i = 0; i < 6000; ++i) {
        data.obs.push_back(
            {"column_with_a_long_name_" + std::to_string(i), "int64", NumericColumn{{double(i)}, {}}});
    }
    write_h5ad(data, folder / "wide.h5ad");
    const auto back = AnnData::open(folder / "wide.h5ad");
    ASSERT_EQ(back->obs_columns().size(), 6000U);
    EXPECT_EQ(back->obs_columns()[5999].name, "column_with_a_long_name_5999");
    EXPECT_EQ(std::get<NumericColumn>(back->obs("column_with_a_long_name_5999")->data).values[0], 5999);
}

TEST(Write, an_impossible_target_is_said) {
    try {
        write_h5ad(example(), "/nonexistent-folder/x.h5ad");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "CannotWrite");
        EXPECT_THAT(error.what(), testing::HasSubstr("/nonexistent-folder/x.h5ad"));
    }
}

} // namespace
} // namespace ember
