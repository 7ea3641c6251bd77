// Copies keep everything, with members added and rows selected.

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/inspect.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

using nlohmann::json;
using test::FileBuilder;
using test::Form;

const auto corpus = std::filesystem::path(EMBER_TEST_DATA) / "h5ad" / "valid";

std::vector<std::filesystem::path> corpus_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// What inspect says, without what a copy may change: the file itself, its generation and storage.
json content(const AnnData& data) {
    JobContext job;
    auto json = inspect_anndata(data, true, job);
    json.erase("path");
    json.erase("bytes");
    json.erase("generation");
    const auto strip = [](nlohmann::json& matrix) {
        if (matrix.is_object()) {
            matrix.erase("compression");
            matrix.erase("storage_bytes");
        }
    };
    strip(json["X"]);
    if (json.contains("raw_X")) {
        strip(json["raw_X"]);
    }
    for (auto& layer : json["layers"]) {
        strip(layer);
    }
    for (auto& member : json["obsm"]) {
        strip(member[1]);
    }
    return json;
}

std::vector<float> all_values(const AnnData& data, const MatrixSource& source) {
    const auto matrix = data.matrix(source);
    std::vector<float> values(matrix->rows() * matrix->cols());
    matrix->read_rows(0, matrix->rows(), values);
    return values;
}

TEST(Copy, every_file_of_the_corpus_stays_what_it_was) {
    const test::TemporaryFolder folder;
    for (const auto& path : corpus_files()) {
        SCOPED_TRACE(path.filename());
        const auto source = AnnData::open(path);
        JobContext job;
        H5adCopy copy(*source, folder / "copy.h5ad", {}, job);
        copy.finish();
        const auto back = AnnData::open(folder / "copy.h5ad");
        EXPECT_EQ(content(*back), content(*source));
        EXPECT_EQ(back->generation(), "anndata 0.7+");
        EXPECT_EQ(back->obs_names(), source->obs_names());
    }
}

TEST(Copy, selected_rows_in_any_order_with_repeats) {
    const test::TemporaryFolder folder;
    std::mt19937 random(3);
    for (const auto& path : corpus_files()) {
        SCOPED_TRACE(path.filename());
        const auto source = AnnData::open(path);
        RowSelection keep;
        const auto count = std::min<std::uint64_t>(2 * source->n_obs(), 60);
        for (std::uint64_t i = 0; i < count; ++i) {
            keep.push_back(random() % source->n_obs());
        }
        JobContext job;
        H5adCopy copy(*source, folder / "part.h5ad", keep, job);
        copy.finish();
        const auto back = AnnData::open(folder / "part.h5ad");
        ASSERT_EQ(back->n_obs(), keep.size());
        std::vector<MatrixSource> sources;
        if (source->has_x()) {
            sources.push_back({});
        }
        for (const auto& key : source->layers()) {
            sources.push_back({MatrixSource::Kind::layer, key});
        }
        for (const auto& member : source->obsm()) {
            if (!member.data_frame) {
                sources.push_back({MatrixSource::Kind::obsm, member.key});
            }
        }
        if (source->raw_x()) {
            sources.push_back({MatrixSource::Kind::raw_x, ""});
        }
        for (const auto& which : sources) {
            SCOPED_TRACE(to_string(which));
            const auto before = all_values(*source, which), after = all_values(*back, which);
            const auto cols = back->matrix(which)->cols();
            EXPECT_STREQ(to_string(back->matrix(which)->info().encoding),
                         to_string(source->matrix(which)->info().encoding));
            ASSERT_EQ(after.size(), keep.size() * cols);
            for (std::size_t i = 0; i < keep.size(); ++i) {
                const bool same = std::equal(after.begin() + static_cast<std::ptrdiff_t>(i * cols),
                                             after.begin() + static_cast<std::ptrdiff_t>((i + 1) * cols),
                                             before.begin() + static_cast<std::ptrdiff_t>(keep[i] * cols),
                                             [](float a, float b) { return a == b || (a != a && b != b); });
                ASSERT_TRUE(same) << "row " << i;
            }
        }
        for (const auto& column : source->obs_columns()) {
            EXPECT_EQ(back->obs(column.name)->dtype, column.dtype);
            EXPECT_EQ(back->obs(column.name)->size(), keep.size());
            if (const auto* labels = std::get_if<CategoricalColumn>(&source->obs(column.name)->data)) {
                const auto& other = std::get<CategoricalColumn>(back->obs(column.name)->data);
                EXPECT_EQ(other.categories, labels->categories);
                for (std::size_t i = 0; i < keep.size(); ++i) {
                    ASSERT_EQ(other.codes[i], labels->codes[keep[i]]);
                }
            }
        }
        for (std::size_t i = 0; i < keep.size(); ++i) {
            ASSERT_EQ(back->obs_names()[i], source->obs_names()[keep[i]]);
        }
        EXPECT_TRUE(back->obsp().empty());
        EXPECT_EQ(back->uns_keys(), source->uns_keys());
    }
}

TEST(Copy, sparse_columns_are_selected_too) {
    const test::TemporaryFolder folder;
    const auto values = test::random_matrix(40, 15, 8);
    {
        const FileBuilder file(folder / "csc.h5ad");
        file.tables(40, 15);
        file.matrix("X", values, 40, 15, {Form::csc, H5T_STD_U16LE, {16}, true, false, false});
    }
    const auto source = AnnData::open(folder / "csc.h5ad");
    const RowSelection keep = {39, 0, 5, 5, 12};
    JobContext job;
    H5adCopy copy(*source, folder / "part.h5ad", keep, job);
    copy.finish();
    const auto back = AnnData::open(folder / "part.h5ad");
    EXPECT_EQ(back->matrix({})->info().encoding, MatrixEncoding::csc);
    EXPECT_EQ(back->matrix({})->info().dtype, "uint16");
    const auto after = all_values(*back, {});
    for (std::size_t i = 0; i < keep.size(); ++i) {
        for (std::size_t j = 0; j < 15; ++j) {
            ASSERT_EQ(after[i * 15 + j], values[keep[i] * 15 + j]);
        }
    }
}

std::vector<std::int64_t> integers(const std::filesystem::path& path, const char* key) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, key, H5P_DEFAULT), space = H5Dget_space(dataset);
    std::vector<std::int64_t> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    return values;
}

TEST(Copy, selected_large_integers_keep_all_their_bits) {
    const test::TemporaryFolder folder;
    constexpr std::int64_t large = (std::int64_t{1} << 60) + 1; // no double holds it
    {
        const FileBuilder file(folder / "ids.h5ad");
        file.tables(3, 2);
        file.group("obs/id");
        file.text_attribute("obs/id", "encoding-type", "nullable-integer");
        file.text_attribute("obs/id", "encoding-version", "0.1.0");
        file.numbers("obs/id/values", {0, 0, 0}, {3}, {Form::dense, H5T_STD_I64LE, {}, false, false, false});
        file.numbers("obs/id/mask", {0, 1, 0}, {3}, {Form::dense, H5T_STD_U8LE, {}, false, false, false});
        const std::int64_t ids[] = {large, 0, large + 2};
        const hid_t values = H5Dopen2(file.id(), "obs/id/values", H5P_DEFAULT);
        EXPECT_GE(H5Dwrite(values, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, ids), 0);
        H5Dclose(values);
    }
    const auto source = AnnData::open(folder / "ids.h5ad");
    JobContext job;
    H5adCopy copy(*source, folder / "part.h5ad", {2, 1, 0}, job);
    copy.finish();
    EXPECT_EQ(AnnData::open(folder / "part.h5ad")->obs("id")->dtype, source->obs("id")->dtype);
    EXPECT_THAT(integers(folder / "part.h5ad", "obs/id/values"), ::testing::ElementsAre(large + 2, 0, large));
    EXPECT_THAT(integers(folder / "part.h5ad", "obs/id/mask"), ::testing::ElementsAre(0, 1, 0));
}

TEST(Copy, members_are_added_and_replaced) {
    const test::TemporaryFolder folder;
    const auto source = AnnData::open(corpus / "obsm_varm_obsp.h5ad");
    const auto n = source->n_obs();
    JobContext job;
    H5adCopy copy(*source, folder / "out.h5ad", {}, job);
    copy.begin_dense("obsm/X_pred", 3);
    copy.begin_dense("obsm/X_pca", 2);
    copy.begin_dense("X", source->n_vars());
    std::vector<std::uint64_t> even, odd;
    for (std::uint64_t row = 0; row < n; ++row) {
        (row % 2 == 0 ? even : odd).push_back(row);
    }
    std::vector<float> pred(n * 3), x(n * source->n_vars(), 2.0F);
    for (const auto* rows : {&odd, &even}) {
        std::vector<float> block;
        for (const auto row : *rows) {
            for (int j = 0; j < 3; ++j) {
                block.push_back(static_cast<float>(row) + 0.25F * static_cast<float>(j));
                pred[row * 3 + static_cast<std::size_t>(j)] = block.back();
            }
        }
        copy.write_rows("obsm/X_pred", *rows, block);
        copy.write_rows("obsm/X_pca", *rows, std::vector<float>(rows->size() * 2, 1.0F));
        copy.write_rows("X", *rows, std::span<const float>(x).first(rows->size() * source->n_vars()));
    }
    copy.set_obs(
        {"condition", "category", CategoricalColumn{{"one"}, std::vector<std::int32_t>(n, 0), false}});
    copy.set_obs({"extra", "float64", NumericColumn{std::vector<double>(n, 0.5), {}}});
    copy.set_uns("emberview", {{"seed", 42}, {"unknown", {"Burn"}}, {"with/slash", 1}});
    std::vector<std::string> names;
    for (std::uint64_t row = 0; row < n; ++row) {
        names.push_back("new" + std::to_string(row));
    }
    copy.rename_obs(names);
    copy.finish();

    const auto back = AnnData::open(folder / "out.h5ad");
    EXPECT_EQ(all_values(*back, {MatrixSource::Kind::obsm, "X_pred"}), pred);
    EXPECT_EQ(back->matrix({MatrixSource::Kind::obsm, "X_pca"})->cols(), 2U);
    EXPECT_EQ(all_values(*back, {}), x);
    EXPECT_EQ(all_values(*back, {MatrixSource::Kind::obsm, "X_umap"}),
              all_values(*source, {MatrixSource::Kind::obsm, "X_umap"}));
    EXPECT_EQ(back->obs_names(), names);
    EXPECT_EQ(back->obs_columns().back().name, "extra");
    EXPECT_EQ(back->obs_columns().size(), source->obs_columns().size() + 1);
    EXPECT_THAT(std::get<CategoricalColumn>(back->obs("condition")->data).categories,
                testing::ElementsAre("one"));
    EXPECT_EQ(back->uns("emberview/seed"), 42);
    EXPECT_EQ(back->uns("emberview/with_slash"), 1);
    EXPECT_EQ(back->obsp().size(), source->obsp().size());
    EXPECT_EQ(back->varm().size(), source->varm().size());
}

TEST(Copy, an_unfinished_or_cancelled_copy_leaves_nothing) {
    const test::TemporaryFolder folder;
    const auto source = AnnData::open(corpus / "csr_f32.h5ad");
    std::stop_source stop;
    JobContext job(nullptr, stop.get_token());
    {
        H5adCopy copy(*source, folder / "out.h5ad", {}, job);
        copy.begin_dense("obsm/X_pred", 4);
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    {
        H5adCopy copy(*source, folder / "out.h5ad", {}, job);
        stop.request_stop();
        EXPECT_THROW(copy.finish(), Cancelled);
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Copy, onto_its_own_source) {
    const test::TemporaryFolder folder;
    const auto path = folder / "own.h5ad";
    std::filesystem::copy_file(corpus / "csr_f32.h5ad", path);
    const auto source = AnnData::open(path);
    const auto before = content(*source);
    JobContext job;
    H5adCopy copy(*source, path, {}, job);
    copy.set_uns("note", "added");
    copy.finish();
    const auto back = AnnData::open(path);
    EXPECT_EQ(back->uns("note"), "added");
    EXPECT_EQ(content(*source), before); // still reads the old file
    EXPECT_EQ(content(*back)["X"], before["X"]);
}

TEST(Copy, unknown_members_are_kept) {
    const test::TemporaryFolder folder;
    const auto source = AnnData::open(corpus / "extra_root_members.h5ad");
    JobContext job;
    H5adCopy copy(*source, folder / "out.h5ad", {}, job);
    copy.finish();
    const hid_t file = H5Fopen((folder / "out.h5ad").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    EXPECT_GT(H5Lexists(file, "my_tool", H5P_DEFAULT), 0);
    H5Fclose(file);
}

TEST(Copy, a_large_matrix_streams) {
    const test::TemporaryFolder folder;
    const std::uint64_t rows = 3000, cols = 700;
    const auto values = test::random_matrix(rows, cols, 12);
    test::Storage contiguous, plain, compressed;
    plain.chunk = compressed.chunk = {500, 300};
    compressed.gzip = true;
    for (const test::Storage& storage : {contiguous, plain, compressed}) {
        {
            const FileBuilder file(folder / "large.h5ad");
            file.tables(rows, cols);
            file.matrix("X", values, rows, cols, storage);
        }
        const auto source = AnnData::open(folder / "large.h5ad");
        JobContext job;
        H5adCopy copy(*source, folder / "out.h5ad", {}, job);
        copy.finish();
        EXPECT_EQ(all_values(*AnnData::open(folder / "out.h5ad"), {}), values);
    }
}

} // namespace
} // namespace ember
