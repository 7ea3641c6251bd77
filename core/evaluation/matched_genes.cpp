#include <algorithm>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/evaluation/compared_cells.hpp"

namespace ember {

namespace {

std::vector<std::string> highly_variable(const AnnData& data) {
    const auto& columns = data.var_columns();
    if (std::none_of(columns.begin(), columns.end(),
                     [](const ColumnInfo& column) { return column.name == "highly_variable"; })) {
        return {};
    }
    const auto column = data.var("highly_variable");
    const auto* flags = std::get_if<BooleanColumn>(&column->data);
    std::vector<std::string> names;
    for (std::size_t i = 0; flags && i < flags->values.size(); ++i) {
        if (flags->values[i]) {
            names.push_back(data.var_names()[i]);
        }
    }
    return names;
}

std::vector<std::string> numbered(std::uint64_t count) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back("column_" + std::to_string(i));
    }
    return names;
}

[[noreturn]] void throw_genes_differ(const AnnData& pred, const AnnData& real,
                                     const std::vector<std::string>& pred_only,
                                     const std::vector<std::string>& real_only) {
    const auto some = [](std::vector<std::string> names) {
        const std::size_t count = names.size();
        names.resize(std::min<std::size_t>(3, count));
        return std::to_string(count) +
               (count == 0 ? std::string() : " (" + quoted_list(names) + (count > 3 ? " …)" : ")"));
    };
    throw Error("GenesDiffer",
                "The prediction and the real cells have different genes: " + some(pred_only) +
                    " are in the prediction only, " + some(real_only) + " in the real cells only",
                {pred.path().string(), "var", {}},
                "Keep the genes of " + real.path().filename().string() +
                    " in both files, or choose the predicted values with --source-pred and --source-real");
}

std::unordered_map<std::string, std::int32_t> numbers_of(const AnnData& data,
                                                         const std::vector<std::string>& names) {
    std::unordered_map<std::string, std::int32_t> number;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!number.emplace(names[i], static_cast<std::int32_t>(i)).second) {
            throw Error("GenesDiffer", "The gene '" + names[i] + "' occurs twice, so genes cannot be matched",
                        {data.path().string(), "var", {}}, "Make the gene names unique");
        }
    }
    return number;
}

} // namespace

std::vector<std::string> named_columns(const AnnData& data, const MatrixSource& source) {
    if (source.kind == MatrixSource::Kind::raw_x) {
        return data.raw_var_names();
    }
    if (source.kind != MatrixSource::Kind::obsm) {
        return data.var_names();
    }
    const std::uint64_t width = data.matrix(source)->cols();
    if (width == data.n_vars()) {
        return data.var_names();
    }
    std::vector<std::string> names = highly_variable(data);
    return names.size() == width ? names : std::vector<std::string>();
}

std::vector<std::int32_t> match_columns(const AnnData& pred, const MatrixSource& pred_source,
                                        const AnnData& real, const MatrixSource& real_source,
                                        std::vector<std::string>& genes, std::vector<std::string>& notes) {
    const std::uint64_t pred_width = pred.matrix(pred_source)->cols();
    const std::uint64_t real_width = real.matrix(real_source)->cols();
    const std::vector<std::string> pred_names = named_columns(pred, pred_source);
    genes = named_columns(real, real_source);
    if (real_width == 0 || pred_width == 0) {
        throw Error("ShapeMismatch", "There are no genes to compare", {pred.path().string(), {}, {}});
    }
    std::vector<std::int32_t> to(pred_width);
    if (genes.empty() || pred_names.empty()) {
        if (pred_width != real_width) {
            throw Error("ShapeMismatch",
                        to_string(pred_source) + " of the prediction has " + std::to_string(pred_width) +
                            " columns, " + to_string(real_source) + " of the real cells has " +
                            std::to_string(real_width),
                        {pred.path().string(), to_string(pred_source), {}},
                        "Choose the same values on both sides with --source-pred and --source-real");
        }
        genes = genes.empty() ? pred_names : genes;
        genes = genes.empty() ? numbered(real_width) : genes;
        notes.push_back("Columns were compared by position, because not both sides name them");
    }
    if (pred_names.empty() || pred_names == genes) {
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i] = static_cast<std::int32_t>(i);
        }
        return to;
    }
    const auto real_number = numbers_of(real, genes);
    const auto pred_number = numbers_of(pred, pred_names);
    std::vector<std::string> pred_only, real_only;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto at = real_number.find(pred_names[i]);
        to[i] = at == real_number.end() ? -1 : at->second;
        if (to[i] < 0) {
            pred_only.push_back(pred_names[i]);
        }
    }
    std::copy_if(genes.begin(), genes.end(), std::back_inserter(real_only),
                 [&](const std::string& gene) { return !pred_number.contains(gene); });
    if (!pred_only.empty() || !real_only.empty()) {
        throw_genes_differ(pred, real, pred_only, real_only);
    }
    notes.push_back("The prediction has the same genes in another order; they were matched by name");
    return to;
}

} // namespace ember
