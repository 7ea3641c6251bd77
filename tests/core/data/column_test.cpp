// Columns as groups, and uns as JSON.

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

using test::FileBuilder;
using testing::ElementsAre;

const auto corpus = std::filesystem::path(EMBER_TEST_DATA) / "h5ad" / "valid";

TEST(Column, groups_follow_the_order_of_the_categories) {
    const CategoricalColumn labels{{"late", "early"}, {1, 0, -1, 1}, true};
    const auto groups = as_groups({"time", "category", labels});
    EXPECT_THAT(groups.categories, ElementsAre("late", "early"));
    EXPECT_THAT(count_categories(groups), ElementsAre(1, 2));
}

TEST(Column, text_booleans_and_whole_numbers_become_sorted_groups) {
    const auto text =
        as_groups({"t", "object", TextColumn{{"b", "B", "a", "b"}, {false, false, false, true}}});
    EXPECT_THAT(text.categories, ElementsAre("B", "a", "b"));
    EXPECT_THAT(text.codes, ElementsAre(2, 0, 1, -1));
    const auto flags = as_groups({"f", "bool", BooleanColumn{{1, 0, 1}, {}}});
    EXPECT_THAT(flags.categories, ElementsAre("False", "True"));
    EXPECT_THAT(flags.codes, ElementsAre(1, 0, 1));
    const auto days = as_groups({"d", "int64", NumericColumn{{19, 7, std::nan(""), 10}, {}}});
    EXPECT_THAT(days.categories, ElementsAre("7", "10", "19"));
    EXPECT_THAT(days.codes, ElementsAre(2, 0, -1, 1));
}

TEST(Column, fractional_numbers_are_no_groups) {
    try {
        as_groups({"n_counts", "float32", NumericColumn{{0.5, 1}, {}}});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "NotGroups");
        EXPECT_THAT(error.what(), testing::HasSubstr("n_counts"));
    }
}

TEST(Column, missing_values_are_counted) {
    EXPECT_EQ((Column{"a", "float64", NumericColumn{{1, std::nan("")}, {}}}).missing_count(), 1U);
    EXPECT_EQ((Column{"b", "boolean", BooleanColumn{{1, 0, 0}, {false, true, true}}}).missing_count(), 2U);
    EXPECT_EQ((Column{"c", "category", CategoricalColumn{{"x"}, {0, -1}, false}}).missing_count(), 1U);
    EXPECT_EQ((Column{"d", "object", TextColumn{{"x"}, {}}}).missing_count(), 0U);
}

TEST(Column, texts_that_share_their_bytes_do_not_outgrow_the_file) {
    const test::TemporaryFolder folder;
    constexpr std::size_t cells = 100, reference = 16;
    haddr_t offset = HADDR_UNDEF;
    {
        const FileBuilder file(folder / "shared.h5ad");
        file.tables(cells, 2);
        std::vector<std::string> texts(cells, "short");
        texts[0] = std::string(3 << 20, 'x');
        file.texts("obs/note", texts);
        const hid_t dataset = H5Dopen2(file.id(), "obs/note", H5P_DEFAULT);
        offset = H5Dget_offset(dataset);
        H5Dclose(dataset);
    }
    EXPECT_EQ(AnnData::open(folder / "shared.h5ad")->obs("note")->size(), cells);
    std::fstream bytes(folder / "shared.h5ad", std::ios::in | std::ios::out | std::ios::binary);
    char first[reference];
    bytes.seekg(static_cast<std::streamoff>(offset)).read(first, reference);
    bytes.seekp(static_cast<std::streamoff>(offset));
    for (std::size_t i = 0; i < cells; ++i) {
        bytes.write(first, reference);
    }
    bytes.close();
    const auto data = AnnData::open(folder / "shared.h5ad");
    try {
        data->obs("note");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "Corrupt");
    }
}

TEST(Uns, becomes_json) {
    const auto data = AnnData::open(corpus / "uns_nested.h5ad");
    const auto uns = data->uns("");
    EXPECT_TRUE(uns["i"].is_number_integer());
    EXPECT_TRUE(uns["f"].is_number_float());
    EXPECT_TRUE(uns["b"].is_boolean());
    EXPECT_TRUE(uns["s"].is_string());
    EXPECT_TRUE(uns["strs"].is_array());
    EXPECT_TRUE(uns["nested"].is_object());
    EXPECT_TRUE(uns["sparse"].contains("shape"));
    EXPECT_EQ(data->uns("nested"), uns["nested"]);
    EXPECT_TRUE(data->uns("absent").empty());
}

TEST(Uns, an_array_that_links_repeat_is_told_in_short) {
    const test::TemporaryFolder folder;
    {
        const FileBuilder file(folder / "links.h5ad");
        file.tables(2, 2);
        file.group("uns");
        file.numbers("uns/a000", std::vector<double>(10'000, 1.5), {10'000}, {});
        for (int i = 100; i < 400; ++i) {
            const std::string name = "uns/b" + std::to_string(i);
            ASSERT_GE(
                H5Lcreate_hard(file.id(), "uns/a000", file.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), 0);
        }
    }
    const auto uns = AnnData::open(folder / "links.h5ad")->uns("");
    EXPECT_EQ(uns["a000"].size(), 10'000U);
    EXPECT_EQ(uns["b399"]["dtype"], "float32");
}

TEST(Uns, colours_of_a_column) {
    const auto data = AnnData::open(corpus / "10x_pbmc68k_reduced.h5ad");
    const auto colors = data->colors("louvain");
    ASSERT_EQ(colors.size(), 11U);
    for (const auto& color : colors) {
        EXPECT_EQ(color.size(), 7U);
        EXPECT_EQ(color[0], '#');
    }
    EXPECT_TRUE(data->colors("phase").empty());
}

} // namespace
} // namespace ember
