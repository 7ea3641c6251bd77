// A gene read through its index, by a pass, or from a matrix stored by columns is the same gene.

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/genes/gene_index_reader.hpp"
#include "core/genes/gene_index_writer.hpp"
#include "tests/core/genes/gene_index_fixture.hpp"

namespace ember {
namespace {

using test::Form;
using test::IndexedFile;
using test::Storage;

struct Shape {
    std::uint64_t cells, genes;
};

class EveryForm : public testing::TestWithParam<std::tuple<Form, bool>> {};

TEST_P(EveryForm, GivesTheSameGenes) {
    const auto [form, chunked] = GetParam();
    unsigned seed = 10;
    for (const Shape shape : {Shape{1, 1}, Shape{60, 23}, Shape{3000, 40}, Shape{0, 5}}) {
        Storage storage;
        storage.form = form;
        storage.gzip = chunked;
        if (chunked) {
            storage.chunk = {std::max<hsize_t>(1, shape.cells / 3), shape.genes};
        }
        if (shape.cells == 0 && chunked) {
            continue; // HDF5 has no chunks of nothing
        }
        const IndexedFile file(shape.cells, shape.genes, storage, ++seed);
        JobContext job;
        const GeneIndexPtr index = make_gene_index(*file.data, file.x, job);
        ASSERT_EQ(index->cells(), shape.cells);
        ASSERT_EQ(index->genes(), shape.genes);
        for (std::uint64_t gene = 0; gene < shape.genes; ++gene) {
            EXPECT_EQ(index->gene(gene), file.column(gene));
            EXPECT_EQ(read_gene(*file.data, file.x, gene, job), file.column(gene));
            EXPECT_EQ(gene_values(*file.data, file.x, gene, job), file.column(gene));
        }
        EXPECT_THROW(index->gene(shape.genes), Error);
        EXPECT_THROW(read_gene(*file.data, file.x, shape.genes, job), Error);
    }
}

INSTANTIATE_TEST_SUITE_P(GeneIndex, EveryForm,
                         testing::Combine(testing::Values(Form::dense, Form::csr, Form::csc),
                                          testing::Bool()),
                         [](const auto& info) {
                             return std::string(test::to_string(std::get<0>(info.param))) +
                                    (std::get<1>(info.param) ? "_gzip" : "_plain");
                         });

TEST(GeneIndex, JoinsManySegmentsWhateverTheirSize) {
    Storage storage;
    storage.form = Form::csr;
    const IndexedFile file(500, 31, storage);
    const MatrixPtr matrix = file.data->matrix(file.x);
    const auto path = file.folder / "index";
    for (const std::uint64_t entries : {1U, 50U, 333U, 5000U}) {
        std::ofstream(path).close();
        JobContext job;
        gene_index::write_index(*matrix, "key", path, job, entries);
        const GeneIndexPtr index = gene_index::open_index(path, "key", 500, 31);
        ASSERT_NE(index, nullptr);
        for (std::uint64_t gene = 0; gene < 31; ++gene) {
            EXPECT_EQ(index->gene(gene), file.column(gene)) << entries;
        }
    }
}

TEST(GeneIndex, HoldsMoreCellsThanTwoBytesCount) {
    Storage storage;
    storage.form = Form::csr;
    const IndexedFile file(70000, 3, storage);
    JobContext job;
    const GeneIndexPtr index = make_gene_index(*file.data, file.x, job);
    for (std::uint64_t gene = 0; gene < 3; ++gene) {
        EXPECT_EQ(index->gene(gene), file.column(gene));
    }
}

TEST(GeneIndex, PaysOnlyWhereAPassIsSlow) {
    Storage columns, rows;
    columns.form = Form::csc;
    rows.form = Form::csr;
    const IndexedFile by_columns(20, 20, columns), small(20, 20, rows);
    EXPECT_FALSE(wants_gene_index(*by_columns.data->matrix({})));
    EXPECT_FALSE(wants_gene_index(*small.data->matrix({})));
}

TEST(GeneIndex, IsTheSameFileForAnyNumberOfSlices) {
    Storage storage;
    storage.form = Form::csr;
    const IndexedFile file(800, 20, storage);
    const auto bytes_of = [&](const char* name) {
        const auto path = file.folder / name;
        std::ofstream(path).close();
        JobContext job;
        gene_index::write_index(*file.data->matrix(file.x), "key", path, job, 1000);
        std::ifstream stream(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(stream), {});
    };
    EXPECT_EQ(bytes_of("a"), bytes_of("b"));
}

} // namespace
} // namespace ember
