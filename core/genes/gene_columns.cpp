#include "core/genes/gene_columns.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace ember {

namespace {

using Names = std::vector<std::string>;

Names text_list(const nlohmann::json& value) {
    Names names;
    if (value.is_array()) {
        for (const auto& entry : value) {
            if (entry.is_string()) {
                names.push_back(entry.get<std::string>());
            }
        }
    }
    return names;
}

std::optional<Names> var_column(const AnnData& data, const std::string& name) {
    for (const ColumnInfo& column : data.var_columns()) {
        if (column.name == name) {
            const auto read = data.var(name);
            if (const auto* text = std::get_if<TextColumn>(&read->data)) {
                return text->values;
            }
            if (const auto* levels = std::get_if<CategoricalColumn>(&read->data)) {
                Names names;
                for (const std::int32_t code : levels->codes) {
                    names.push_back(code < 0 ? "" : levels->categories[static_cast<std::size_t>(code)]);
                }
                return names;
            }
        }
    }
    return {};
}

/// The names of the highly variable genes, when the var table marks them.
Names highly_variable(const AnnData& data, const Names& all) {
    Names names;
    for (const ColumnInfo& column : data.var_columns()) {
        if (column.name != "highly_variable") {
            continue;
        }
        const auto read = data.var(column.name);
        if (const auto* marks = std::get_if<BooleanColumn>(&read->data)) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                if (marks->values[i] != 0) {
                    names.push_back(all[i]);
                }
            }
        }
    }
    return names;
}

/// Column of each wanted gene. `found` counts those that have a column of their own: with repeated names the
/// rest of the columns would be guesses.
std::vector<std::uint32_t> locate(const Names& wanted, const Names& present, std::size_t& found) {
    std::unordered_map<std::string, std::uint32_t> column;
    for (std::size_t i = 0; i < present.size(); ++i) {
        column.try_emplace(present[i], static_cast<std::uint32_t>(i));
    }
    found = 0;
    std::vector<bool> taken(present.size(), false);
    std::vector<std::uint32_t> columns;
    for (const std::string& gene : wanted) {
        const auto at = column.find(gene);
        columns.push_back(at != column.end() ? at->second : 0);
        if (at != column.end() && !taken[at->second]) {
            taken[at->second] = true;
            ++found;
        }
    }
    return columns;
}

} // namespace

std::vector<Names> matrix_column_names(const AnnData& data, const std::string& embed_key,
                                       std::uint64_t width) {
    std::vector<Names> lists;
    const auto& keys = data.uns_keys();
    if (!embed_key.empty()) {
        for (const std::string& key : {embed_key + "_var_names", std::string("hvg_names")}) {
            if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
                lists.push_back(text_list(data.uns(key)));
            }
        }
    }
    std::vector<Names> vars;
    if (auto names = var_column(data, "gene_name")) {
        vars.push_back(std::move(*names));
    }
    vars.push_back(data.var_names());
    for (const Names& names : vars) {
        lists.push_back(names);
        if (!embed_key.empty()) {
            lists.push_back(highly_variable(data, names));
        }
    }
    std::erase_if(lists, [&](const Names& names) { return names.size() != width; });
    return lists;
}

bool GeneMatch::same_order(std::uint64_t width) const {
    return columns.size() == width && std::is_sorted(columns.begin(), columns.end());
}

GeneMatch match_genes(const Names& genes, const AnnData& data, const std::string& embed_key,
                      std::uint64_t width) {
    GeneMatch match;
    if (genes.empty()) {
        return match;
    }
    for (const Names& names : matrix_column_names(data, embed_key, width)) {
        match.named = true;
        std::size_t found = 0;
        auto columns = locate(genes, names, found);
        match.found = std::max(match.found, found);
        if (found == genes.size()) {
            match.columns = std::move(columns);
            break;
        }
    }
    return match;
}

Names genes_of_model(const RunDirectory& run, const StConfig& config, std::int64_t count) {
    for (const Names& names : {run.var_dims.gene_names, config.gene_names}) {
        if (static_cast<std::int64_t>(names.size()) == count) {
            return names;
        }
    }
    return {};
}

} // namespace ember
