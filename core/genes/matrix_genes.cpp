#include "core/genes/matrix_genes.hpp"

#include <algorithm>

namespace ember {

namespace {

std::vector<std::string> marked_names(const AnnData& data) {
    const auto& columns = data.var_columns();
    if (std::none_of(columns.begin(), columns.end(),
                     [](const ColumnInfo& info) { return info.name == "highly_variable"; })) {
        return {};
    }
    std::vector<std::string> names;
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

} // namespace

MatrixGenes matrix_genes(const AnnData& data, const MatrixSource& source) {
    const std::uint64_t width = data.matrix(source)->cols();
    const bool raw = source.kind == MatrixSource::Kind::raw_x;
    MatrixGenes found{raw ? data.raw_var_names() : data.var_names(), true};
    if (found.names.size() == width) {
        return found;
    }
    if (found.names = marked_names(data); found.names.size() == width && !raw) {
        return found;
    }
    found = {};
    for (std::uint64_t column = 1; column <= width; ++column) {
        found.names.push_back((source.key.empty() ? "column" : source.key) + ' ' + std::to_string(column));
    }
    return found;
}

} // namespace ember
