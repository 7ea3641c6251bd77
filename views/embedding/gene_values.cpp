#include "views/embedding/gene_values.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/genes/gene_index.hpp"

namespace ember {

namespace {

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

std::vector<float> gene_values(const AnnData& data, const MatrixSource& source, const std::string& gene,
                               JobContext& job) {
    const std::vector<std::string> names = column_names(data, source);
    const auto found = std::find(names.begin(), names.end(), gene);
    if (found == names.end()) {
        const std::vector<std::string> nearest = nearest_names(gene, names);
        throw Error("MissingMember", "No gene is called '" + gene + "' in " + to_string(source),
                    {data.path().string(), to_string(source), {}},
                    nearest.empty() ? std::string() : "Nearest: " + quoted_list(nearest));
    }
    return gene_values(data, source, static_cast<std::uint64_t>(found - names.begin()), job);
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
