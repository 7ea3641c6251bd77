#include "views/embedding/gene_values.hpp"

#include <algorithm>
#include <optional>

#include "core/base/error.hpp"

namespace ember {

namespace {

void take_sparse(const RowBlock<float>& block, std::uint64_t gene, float* out) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
            if (block.indices[at] == gene) {
                out[row] += block.values[at];
            }
        }
    }
}

void take_dense(const RowBlock<float>& block, std::uint64_t gene, float* out) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        out[row] = block.dense[row * block.cols + gene];
    }
}

std::vector<std::string> marked_names(const AnnData& data) {
    const auto& columns = data.var_columns();
    const bool marked = std::any_of(columns.begin(), columns.end(),
                                    [](const ColumnInfo& info) { return info.name == "highly_variable"; });
    std::vector<std::string> names;
    if (!marked) {
        return names;
    }
    const auto column = data.var("highly_variable");
    if (const auto* flags = std::get_if<BooleanColumn>(&column->data)) {
        for (std::size_t gene = 0; gene < flags->values.size(); ++gene) {
            if (flags->values[gene] != 0) {
                names.push_back(data.var_names()[gene]);
            }
        }
    }
    return names;
}

std::uint64_t width_of(const AnnData& data, const MatrixSource& source) {
    return data.matrix(source)->cols();
}

} // namespace

std::vector<float> gene_values(const Matrix& matrix, std::uint64_t gene, JobContext& job) {
    if (gene >= matrix.cols()) {
        throw Error("MissingMember", "'" + matrix.info().name + "' has no such column");
    }
    std::vector<float> values(matrix.rows(), 0.0F);
    job.begin("Reading the gene", matrix.rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        float* out = values.data() + block.first_row;
        block.sparse ? take_sparse(block, gene, out) : take_dense(block, gene, out);
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
    return values;
}

std::vector<std::string> column_names(const AnnData& data, const MatrixSource& source) {
    if (source.kind == MatrixSource::Kind::raw_x) {
        return data.raw_var_names();
    }
    const std::uint64_t width = width_of(data, source);
    if (width == data.n_vars()) {
        return data.var_names();
    }
    if (std::vector<std::string> marked = marked_names(data); marked.size() == width) {
        return marked;
    }
    std::vector<std::string> names;
    for (std::uint64_t column = 1; column <= width; ++column) {
        names.push_back(source.key + " " + std::to_string(column));
    }
    return names;
}

} // namespace ember
