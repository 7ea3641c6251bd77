// Every way to read a matrix gives the same values, however they are stored.

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

using test::FileBuilder;
using test::Form;
using test::Storage;

template<typename T>
std::vector<T> read_by_blocks(const Matrix& matrix, std::stop_token stop = {}) {
    std::vector<T> out(matrix.rows() * matrix.cols(), T(0));
    std::uint64_t next = 0;
    JobContext job(nullptr, std::move(stop));
    const std::function<void(const RowBlock<T>&)> visit = [&](const RowBlock<T>& block) {
        EXPECT_EQ(block.first_row, next);
        next += block.rows;
        T* rows = out.data() + block.first_row * block.cols;
        if (!block.sparse) {
            ASSERT_EQ(block.dense.size(), block.rows * block.cols);
            std::copy(block.dense.begin(), block.dense.end(), rows);
            return;
        }
        ASSERT_EQ(block.indptr.size(), block.rows + 1);
        EXPECT_EQ(block.indptr.front(), 0U);
        for (std::uint64_t row = 0; row < block.rows; ++row) {
            for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
                rows[row * block.cols + block.indices[at]] += block.values[at];
            }
        }
    };
    matrix.for_each_block(visit, job);
    EXPECT_EQ(next, matrix.rows());
    return out;
}

std::vector<float> read_in_steps(const Matrix& matrix, std::uint64_t step) {
    std::vector<float> out(matrix.rows() * matrix.cols());
    for (std::uint64_t row = 0; row < matrix.rows(); row += step) {
        const auto count = std::min(step, matrix.rows() - row);
        matrix.read_rows(row, count, std::span(out).subspan(row * matrix.cols(), count * matrix.cols()));
    }
    return out;
}

void expect_reads(const Matrix& matrix, const std::vector<float>& expected, unsigned seed) {
    EXPECT_EQ(read_by_blocks<float>(matrix), expected);
    EXPECT_EQ(read_by_blocks<double>(matrix), std::vector<double>(expected.begin(), expected.end()));
    EXPECT_EQ(read_in_steps(matrix, matrix.rows() > 1000 ? 2600 : 7), expected);
    EXPECT_EQ(read_in_steps(matrix, std::max<std::uint64_t>(1, matrix.rows())), expected);
    std::mt19937 random(seed);
    std::vector<std::uint64_t> rows;
    for (std::uint64_t row = 0; row < matrix.rows(); ++row) {
        if (random() % 3 == 0) {
            rows.push_back(row);
        }
    }
    std::vector<float> gathered(rows.size() * matrix.cols()), wanted;
    for (const auto row : rows) {
        const auto* start = expected.data() + row * matrix.cols();
        wanted.insert(wanted.end(), start, start + matrix.cols());
    }
    JobContext job;
    matrix.gather_rows(rows, gathered, job);
    EXPECT_EQ(gathered, wanted);
}

struct Case {
    const char* name;
    hid_t type;
    const char* dtype;
};

std::vector<Case> types() {
    return {
        {"f4", H5T_IEEE_F32LE, "float32"}, {"f4be", H5T_IEEE_F32BE, ">f4"}, {"f8", H5T_IEEE_F64LE, "float64"},
        {"u1", H5T_STD_U8LE, "uint8"},     {"i2be", H5T_STD_I16BE, ">i2"},  {"i4", H5T_STD_I32LE, "int32"},
        {"u4", H5T_STD_U32LE, "uint32"},   {"i8", H5T_STD_I64LE, "int64"},  {"u8be", H5T_STD_U64BE, ">u8"}};
}

TEST(Matrix, reads_the_same_from_any_storage) {
    const test::TemporaryFolder folder;
    unsigned seed = 0;
    for (const auto form : {Form::dense, Form::csr, Form::csc}) {
        for (const auto& [name, type, dtype] : types()) {
            for (const int filters : {0, 1, 2, 3}) {
                std::mt19937 random(++seed);
                const std::uint64_t rows = random() % 90, cols = 1 + random() % 40;
                Storage storage{form, type, {}, filters > 1, filters > 1, filters > 2};
                if (filters > 0) {
                    storage.chunk = {1 + random() % 30, 1 + random() % 20};
                }
                const auto values = test::random_matrix(rows, cols, seed);
                const auto path = folder / ("m" + std::to_string(seed) + ".h5ad");
                {
                    const FileBuilder file(path);
                    file.tables(rows, cols);
                    file.matrix("X", values, rows, cols, storage);
                }
                SCOPED_TRACE(std::string(to_string(form)) + " " + name + " filters " +
                             std::to_string(filters));
                const auto matrix = AnnData::open(path)->matrix({});
                EXPECT_EQ(matrix->info().dtype, dtype);
                EXPECT_STREQ(to_string(matrix->info().encoding), to_string(form));
                expect_reads(*matrix, values, seed);
            }
        }
    }
}

TEST(Matrix, streams_more_than_one_block) {
    const test::TemporaryFolder folder;
    const std::uint64_t rows = 9000, cols = 700; // 25 MB dense, 2.1 million stored values
    const auto values = test::random_matrix(rows, cols, 5);
    for (const auto form : {Form::dense, Form::csr, Form::csc}) {
        const auto path = folder / (std::string(to_string(form)) + ".h5ad");
        {
            const FileBuilder file(path);
            file.tables(rows, cols);
            Storage storage;
            storage.form = form;
            storage.chunk = {1000, 350};
            storage.gzip = true;
            file.matrix("X", values, rows, cols, storage);
        }
        SCOPED_TRACE(to_string(form));
        const auto matrix = AnnData::open(path)->matrix({});
        EXPECT_EQ(matrix->info().compression, "gzip");
        expect_reads(*matrix, values, 6);
    }
}

TEST(Matrix, unwritten_chunks_hold_the_fill_value) {
    const test::TemporaryFolder folder;
    const auto path = folder / "unwritten.h5ad";
    {
        const FileBuilder file(path);
        file.tables(10, 4);
        const hsize_t dims[2] = {10, 4}, chunk[2] = {3, 4};
        const float fill = 2.5F;
        const hid_t space = H5Screate_simple(2, dims, nullptr), list = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(list, 2, chunk);
        H5Pset_fill_value(list, H5T_NATIVE_FLOAT, &fill);
        H5Dclose(H5Dcreate2(file.id(), "X", H5T_IEEE_F32LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
        H5Pclose(list);
        H5Sclose(space);
    }
    EXPECT_EQ(read_by_blocks<float>(*AnnData::open(path)->matrix({})), std::vector<float>(40, 2.5F));
}

TEST(Matrix, many_threads_read_one_file) {
    const test::TemporaryFolder folder;
    const std::uint64_t rows = 600, cols = 50;
    const auto values = test::random_matrix(rows, cols, 9);
    const auto path = folder / "threads.h5ad";
    {
        const FileBuilder file(path);
        file.tables(rows, cols);
        file.matrix("X", values, rows, cols, {Form::csr, H5T_IEEE_F32LE, {64}, true, true, true});
        file.group("layers");
        file.matrix("layers/dense", values, rows, cols,
                    {Form::dense, H5T_IEEE_F64LE, {50, 20}, true, false, false});
    }
    const auto data = AnnData::open(path);
    const auto sparse = data->matrix({}), dense = data->matrix({MatrixSource::Kind::layer, "dense"});
    std::atomic<int> right = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 5; ++round) {
                const auto& matrix = (i + round) % 2 == 0 ? *sparse : *dense;
                right += read_by_blocks<float>(matrix) == values && data->obs_names().size() == rows ? 1 : 0;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(right, 40);
}

TEST(Matrix, a_cancelled_pass_stops) {
    const test::TemporaryFolder folder;
    const auto values = test::random_matrix(50, 10, 1);
    for (const auto form : {Form::dense, Form::csr, Form::csc}) {
        const auto path = folder / (std::string(to_string(form)) + ".h5ad");
        {
            const FileBuilder file(path);
            file.tables(50, 10);
            Storage storage;
            storage.form = form;
            file.matrix("X", values, 50, 10, storage);
        }
        std::stop_source stop;
        stop.request_stop();
        JobContext job(nullptr, stop.get_token());
        const auto matrix = AnnData::open(path)->matrix({});
        int visits = 0;
        const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>&) { ++visits; };
        EXPECT_THROW(matrix->for_each_block(visit, job), Cancelled);
        EXPECT_EQ(visits, 0);
        std::vector<float> row(10);
        EXPECT_THROW(matrix->gather_rows(std::vector<std::uint64_t>{3}, row, job), Cancelled);
    }
}

TEST(Matrix, obsm_layers_and_raw_are_found_by_name) {
    const test::TemporaryFolder folder;
    const auto path = folder / "members.h5ad";
    const auto x = test::random_matrix(20, 8, 1), counts = test::random_matrix(20, 8, 2);
    const auto pca = test::random_matrix(20, 3, 3), raw = test::random_matrix(20, 12, 4);
    {
        const FileBuilder file(path);
        file.tables(20, 8);
        file.matrix("X", x, 20, 8, {});
        file.group("layers");
        file.matrix("layers/counts", counts, 20, 8, {Form::csc, H5T_STD_I32LE, {}, false, false, false});
        file.group("obsm");
        file.matrix("obsm/X_pca", pca, 20, 3, {});
        file.group("raw");
        file.group("raw/var");
        file.text_attribute("raw/var", "_index", "names");
        file.texts("raw/var/names", std::vector<std::string>(12, "gene"));
        file.matrix("raw/X", raw, 20, 12, {Form::csr, H5T_IEEE_F32LE, {}, false, false, false});
    }
    const auto data = AnnData::open(path);
    expect_reads(*data->matrix({MatrixSource::Kind::layer, "counts"}), counts, 1);
    expect_reads(*data->matrix({MatrixSource::Kind::obsm, "X_pca"}), pca, 2);
    expect_reads(*data->matrix({MatrixSource::Kind::raw_x, ""}), raw, 3);
    EXPECT_EQ(data->raw_x()->cols, 12U);
    EXPECT_EQ(data->raw_var_names().size(), 12U);
    EXPECT_EQ(data->matrix({MatrixSource::Kind::obsm, "X_pca"})->info().name, "obsm/X_pca");
}

TEST(Matrix, tenx_matrices_are_cells_by_genes) {
    const test::TemporaryFolder folder;
    const std::uint64_t cells = 30, genes = 12;
    const auto values = test::random_matrix(cells, genes, 11);
    for (const bool modern : {true, false}) {
        const auto path = folder / (modern ? "v3.h5" : "v2.h5");
        const std::string group = modern ? "matrix" : "GRCh38";
        {
            const FileBuilder file(path);
            file.matrix(group, values, cells, genes, {Form::csr, H5T_STD_I32LE, {40}, true, true, false});
            file.numbers(group + "/shape", {double(genes), double(cells)}, {2},
                         {Form::dense, H5T_STD_I32LE, {}, false, false, false});
            std::vector<std::string> names, ids;
            for (std::uint64_t i = 0; i < genes; ++i) {
                names.push_back("Gene" + std::to_string(i));
                ids.push_back("ENSG" + std::to_string(i));
            }
            file.texts(group + "/barcodes", std::vector<std::string>(cells, "ACGT-1"));
            if (modern) {
                file.group("matrix/features");
            }
            file.texts(group + (modern ? "/features/name" : "/gene_names"), names);
            file.texts(group + (modern ? "/features/id" : "/genes"), ids);
        }
        const auto data = AnnData::open(path);
        EXPECT_EQ(data->generation(), "10x Genomics");
        EXPECT_EQ(data->n_obs(), cells);
        EXPECT_EQ(data->var_names().back(), "Gene11");
        EXPECT_EQ(std::get<TextColumn>(data->var("gene_ids")->data).values.front(), "ENSG0");
        expect_reads(*data->matrix({}), values, 1);
    }
}

} // namespace
} // namespace ember
