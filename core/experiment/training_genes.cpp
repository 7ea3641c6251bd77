#include "core/experiment/training_genes.hpp"

#include <algorithm>

namespace ember {

namespace {

bool has_column(const std::vector<ColumnInfo>& columns, const std::string& name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const ColumnInfo& info) { return info.name == name; });
}

std::vector<std::string> texts_of(const Column& column) {
    if (const auto* text = std::get_if<TextColumn>(&column.data)) {
        return text->values;
    }
    const CategoricalColumn groups = as_groups(column);
    std::vector<std::string> texts;
    for (const std::int32_t code : groups.codes) {
        texts.push_back(code < 0 ? "nan" : groups.categories[static_cast<std::size_t>(code)]);
    }
    return texts;
}

std::vector<bool> mask_of(const Column& column) {
    std::vector<bool> mask;
    if (const auto* flags = std::get_if<BooleanColumn>(&column.data)) {
        mask.assign(flags->values.begin(), flags->values.end());
    } else {
        for (const std::string& text : texts_of(column)) {
            mask.push_back(text == "True" || text == "true" || text == "1");
        }
    }
    return mask;
}

/// A list of names in uns, or nothing.
std::vector<std::string> listed(const AnnData& data, const std::string& key) {
    std::vector<std::string> names;
    const auto& keys = data.uns_keys();
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        return names;
    }
    const nlohmann::json value = data.uns(key);
    for (const nlohmann::json& name : value.is_array() ? value : nlohmann::json::array()) {
        if (name.is_string()) {
            names.push_back(name.get<std::string>());
        }
    }
    return names;
}

/// The first difference of two lists as words, and whether only the order differs.
Error difference(const RunFile& first, const std::vector<std::string>& ours, const RunFile& second,
                 const std::vector<std::string>& theirs) {
    const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
    const auto at = std::to_string(a - ours.begin() + 1);
    std::string message = "The files have different genes: gene " + at + " is ";
    message += (a == ours.end() ? "absent" : '\'' + *a + '\'') + " in " + first.name() + " and " +
               (b == theirs.end() ? "absent" : '\'' + *b + '\'') + " in " + second.name();
    std::vector<std::string> left = ours, right = theirs;
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    const bool reordered = left == right;
    return Error("ShapeMismatch", message + (reordered ? " (the same genes in another order)" : ""),
                 {second.name(), "var", {}},
                 reordered ? "Bring the genes of the files into one order"
                           : "Train on files with the same genes in the same order");
}

} // namespace

std::vector<std::string> gene_names_of(const AnnData& data, const std::string& output_space) {
    std::vector<std::string> names =
        has_column(data.var_columns(), "gene_name") ? texts_of(*data.var("gene_name")) : data.var_names();
    if (output_space != "gene") {
        return names;
    }
    if (has_column(data.var_columns(), "highly_variable")) {
        const std::vector<bool> mask = mask_of(*data.var("highly_variable"));
        std::vector<std::string> marked;
        for (std::size_t i = 0; i < names.size() && i < mask.size(); ++i) {
            if (mask[i]) {
                marked.push_back(std::move(names[i]));
            }
        }
        return marked;
    }
    std::vector<std::string> listed_names = listed(data, "hvg_names");
    return listed_names.empty() ? names : listed_names;
}

std::vector<std::string> common_gene_names(const RunCells& cells, const DataSettings& settings,
                                           TrainingFaults& faults, JobContext& job) {
    std::vector<std::string> names;
    const std::string option =
        settings.split_file.empty() ? "data.kwargs.files" : "data.kwargs.toml_config_path";
    const std::string& key = settings.embed_key;
    const bool by_gene = settings.output_space != "embedding" || key.empty() || key == "X" || key == "X_hvg";
    for (std::size_t i = 0; i < (by_gene ? cells.files.size() : 1); ++i) {
        job.check_cancelled();
        faults.collect(option, [&] {
            std::vector<std::string> here = gene_names_of(*cells.files[i].data, settings.output_space);
            if (i == 0) {
                names = std::move(here);
            } else if (here != names) {
                throw difference(cells.files.front(), names, cells.files[i], here);
            }
        });
        if (!faults.empty()) {
            break;
        }
    }
    return names;
}

} // namespace ember
