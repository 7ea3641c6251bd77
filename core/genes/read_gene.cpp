#include <functional>

#include "core/base/error.hpp"
#include "core/data/column_access.hpp"
#include "core/genes/gene_index.hpp"

namespace ember {

namespace {

void take_sparse(const RowBlock<float>& block, std::uint64_t column, float* out) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
            if (block.indices[at] == column) {
                out[row] += block.values[at];
            }
        }
    }
}

void take_dense(const RowBlock<float>& block, std::uint64_t column, float* out) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        out[row] = block.dense[row * block.cols + column];
    }
}

} // namespace

std::vector<float> read_gene(const AnnData& data, const MatrixSource& source, std::uint64_t column,
                             JobContext& job) {
    const MatrixPtr matrix = data.matrix(source);
    if (column >= matrix->cols()) {
        throw Error("MissingMember", "'" + matrix->info().name + "' has no such column",
                    {data.path().string(), matrix->info().name, {}});
    }
    std::vector<float> values(matrix->rows(), 0.0F);
    if (const auto* columns = dynamic_cast<const ColumnAccess*>(matrix.get())) {
        columns->read_column(column, values);
        return values;
    }
    job.begin("Reading the gene", matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        float* out = values.data() + block.first_row;
        block.sparse ? take_sparse(block, column, out) : take_dense(block, column, out);
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    return values;
}

} // namespace ember
