// Messages name the file, the place and a way out; damage never leads to a crash.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/error.hpp"
#include "core/data/inspect.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

using test::FileBuilder;
using testing::HasSubstr;

const auto corpus = std::filesystem::path(EMBER_TEST_DATA) / "h5ad";

template<typename Action>
Error error_of(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    return Error("none", "nothing was thrown");
}

TEST(Errors, a_missing_name_comes_with_the_nearest_ones) {
    const auto data = AnnData::open(corpus / "valid" / "10x_pbmc68k_reduced.h5ad");
    const auto column = error_of([&] { data->obs("Louvain"); });
    EXPECT_EQ(column.class_name(), "MissingMember");
    EXPECT_THAT(column.remedy(), HasSubstr("'louvain'"));
    EXPECT_EQ(column.place().key, "obs/Louvain");
    const auto member = error_of([&] { data->matrix({MatrixSource::Kind::obsm, "pca"}); });
    EXPECT_EQ(member.class_name(), "MissingMember");
    EXPECT_THAT(member.remedy(), HasSubstr("'X_pca'"));
    EXPECT_THAT(member.what(), HasSubstr("10x_pbmc68k_reduced.h5ad"));
}

TEST(Errors, a_data_frame_is_no_matrix) {
    const auto data = AnnData::open(corpus / "valid" / "obsm_varm_obsp.h5ad");
    EXPECT_EQ(error_of([&] {
                  data->matrix({MatrixSource::Kind::obsm, "df"});
              }).class_name(),
              "UnsupportedType");
}

TEST(Errors, a_file_that_is_not_there) {
    EXPECT_EQ(error_of([&] { AnnData::open(corpus / "nowhere.h5ad"); }).class_name(), "CannotRead");
    EXPECT_EQ(error_of([&] { AnnData::open(corpus); }).class_name(), "CannotRead");
    const test::TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe.h5ad").c_str(), 0600), 0);
    EXPECT_EQ(error_of([&] { AnnData::open(folder / "pipe.h5ad"); }).class_name(), "CannotRead");
}

TEST(Errors, an_unavailable_filter_is_named) {
    const test::TemporaryFolder folder;
    const auto path = folder / "filter.h5ad";
    {
        const FileBuilder file(path);
        file.tables(8, 4);
        const hsize_t dims[2] = {8, 4}, chunk[2] = {8, 4};
        const hid_t space = H5Screate_simple(2, dims, nullptr), list = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(list, 2, chunk);
        const unsigned option = 1;
        H5Pset_filter(list, 32026, H5Z_FLAG_OPTIONAL, 1, &option); // blosc2: no plug-in in Debian
        const hid_t dataset =
            H5Dcreate2(file.id(), "X", H5T_IEEE_F32LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
        ASSERT_GE(dataset, 0);
        const std::vector<float> values(32, 1);
        const hsize_t origin[2] = {0, 0};
        H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, origin, 128, values.data());
        H5Dclose(dataset);
        H5Pclose(list);
        H5Sclose(space);
    }
    const auto data = AnnData::open(path);
    EXPECT_EQ(data->matrix({})->info().compression, "blosc2");
    std::vector<float> out(32);
    const auto error = error_of([&] { data->matrix({})->read_rows(0, 8, out); });
    EXPECT_EQ(error.class_name(), "UnsupportedFilter");
    EXPECT_THAT(error.message(), HasSubstr("blosc2"));
    EXPECT_EQ(error.place().key, "X");
}

TEST(Errors, a_wrong_member_of_obsm_does_not_keep_the_rest_from_opening) {
    const test::TemporaryFolder folder;
    const auto path = folder / "exotic.h5ad";
    {
        const FileBuilder file(path);
        file.tables(5, 3);
        file.group("obsm");
        file.group("obsm/ragged");
        file.text_attribute("obsm/ragged", "encoding-type", "awkward-array");
    }
    const auto data = AnnData::open(path);
    ASSERT_EQ(data->obsm().size(), 1U);
    EXPECT_THAT(error_of([&] {
                    data->matrix({MatrixSource::Kind::obsm, "ragged"});
                }).message(),
                HasSubstr("awkward-array"));
}

} // namespace
} // namespace ember
