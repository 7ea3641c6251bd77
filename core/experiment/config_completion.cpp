#include "core/experiment/config_completion.hpp"

#include <algorithm>

#include "core/analysis/schema_guess.hpp"
#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/data/anndata.hpp"
#include "core/experiment/config_schema.hpp"
#include "core/experiment/config_tree.hpp"
#include "core/experiment/split_file.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

const std::string data_section = "data.kwargs.";

std::string text_at(const nlohmann::json& values, const std::string& key) {
    const nlohmann::json value = config_value(values, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool is_default(const nlohmann::json& values, const std::string& key) {
    return config_value(values, key) == find_config_option(key)->fallback;
}

/// A TOML file with data sets, whether or not they can be found.
bool is_split_file(const fs::path& file) {
    try {
        read_split_file(file);
        return true;
    } catch (const Error& error) {
        return error.class_name() == "MissingMember";
    }
}

void find_candidates(const fs::path& folder, std::vector<std::string>& splits,
                     std::vector<std::string>& cells) {
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const fs::path& file = entry->path();
        std::error_code unreadable;
        if (!entry->is_regular_file(unreadable)) {
            continue;
        }
        if (file.extension() == ".toml" && is_split_file(file)) {
            splits.push_back(file.filename().string());
        } else if (file.extension() == ".h5ad") {
            cells.push_back(file.filename().string());
        }
    }
    std::sort(splits.begin(), splits.end());
    std::sort(cells.begin(), cells.end());
}

[[noreturn]] void no_data(const fs::path& folder, std::vector<std::string> candidates) {
    const std::string split_key = data_section + "toml_config_path", files_key = data_section + "files";
    if (candidates.empty()) {
        throw Error("MissingMember", "No data are named, and the folder has no .toml and no .h5ad file",
                    {folder.string(), split_key, {}},
                    "Give " + split_key + "=SPLIT.toml or " + files_key + "=[CELLS.h5ad]");
    }
    constexpr std::size_t most_named = 10;
    const bool many = candidates.size() > most_named;
    candidates.resize(std::min(candidates.size(), most_named));
    const bool toml = candidates.front().ends_with(".toml");
    throw Error("MissingMember",
                "No data are named, and the folder has several candidates: " + quoted_list(candidates) +
                    (many ? " and more" : ""),
                {folder.string(), split_key, {}},
                "Choose one: " + (toml ? split_key + '=' + candidates.front()
                                       : files_key + "=[" + candidates.front() + ']'));
}

/// The one split file of the folder, else its one file of cells.
void find_data(TrainingConfig& config, const fs::path& folder) {
    const nlohmann::json files = config_value(config.values, data_section + "files");
    if (!text_at(config.values, data_section + "toml_config_path").empty() ||
        (files.is_array() && !files.empty())) {
        return;
    }
    std::vector<std::string> splits, cells;
    find_candidates(folder, splits, cells);
    const bool by_split = splits.size() == 1, by_file = splits.empty() && cells.size() == 1;
    if (!by_split && !by_file) {
        no_data(folder, splits.empty() ? cells : splits);
    }
    const std::string name = by_split ? splits.front() : cells.front();
    if (by_split) {
        put_value(config.values, data_section + "toml_config_path", name);
        config.notices.push_back("No data are named: using the split file " + name + " of this folder");
    } else {
        put_value(config.values, data_section + "files", nlohmann::json::array({name}));
        config.notices.push_back("No data are named: training on all cells of " + name +
                                 ", the only file of this folder; no cells are held out");
    }
}

void make_absolute(nlohmann::json& values, const std::string& key, const fs::path& folder) {
    const std::string path = text_at(values, key);
    if (!path.empty()) {
        put_value(values, key, (folder / path).lexically_normal().string());
    }
}

void make_paths_absolute(nlohmann::json& values, const fs::path& folder) {
    for (const char* key : {"data.kwargs.toml_config_path", "data.kwargs.perturbation_features_file",
                            "model.kwargs.init_from"}) {
        make_absolute(values, key, folder);
    }
    nlohmann::json files = config_value(values, data_section + "files");
    if (files.is_array()) {
        for (nlohmann::json& file : files) {
            file = (folder / file.get<std::string>()).lexically_normal().string();
        }
        put_value(values, data_section + "files", files);
    }
}

std::vector<fs::path> data_files(const nlohmann::json& values) {
    std::vector<fs::path> files;
    if (const std::string split = text_at(values, data_section + "toml_config_path"); !split.empty()) {
        for (const SplitDataset& dataset : read_split_file(split).datasets) {
            files.insert(files.end(), dataset.files.begin(), dataset.files.end());
        }
    } else {
        for (const nlohmann::json& file : config_value(values, data_section + "files")) {
            files.emplace_back(file.get<std::string>());
        }
    }
    return files;
}

bool has_column(const AnnData& data, const std::string& name) {
    const auto& columns = data.obs_columns();
    return std::any_of(columns.begin(), columns.end(),
                       [&](const ColumnInfo& column) { return column.name == name; });
}

/// A column that has its default name, which the data lack: the guessed one, with a notice.
bool guess_column(TrainingConfig& config, const AnnData& data, const std::string& option,
                  const SchemaEntry& guess) {
    const std::string key = data_section + option;
    if (!is_default(config.values, key) || has_column(data, text_at(config.values, key)) ||
        guess.value.empty()) {
        return false;
    }
    config.notices.push_back("The data have no column '" + text_at(config.values, key) + "': using '" +
                             guess.value + "' (" + key + ")");
    put_value(config.values, key, guess.value);
    return true;
}

void guess_control(TrainingConfig& config, const AnnData& data, const std::string& guess) {
    const std::string key = data_section + "control_pert",
                      column = text_at(config.values, data_section + "pert_col");
    if (!is_default(config.values, key) || guess.empty() || !has_column(data, column)) {
        return;
    }
    const std::vector<std::string> labels = as_groups(*data.obs(column)).categories;
    const auto has = [&](const std::string& label) {
        return std::find(labels.begin(), labels.end(), label) != labels.end();
    };
    if (!has(text_at(config.values, key)) && has(guess)) {
        config.notices.push_back("No cell is labelled '" + text_at(config.values, key) + "': taking '" +
                                 guess + "' as the control (" + key + ")");
        put_value(config.values, key, guess);
    }
}

/// Batches only matter to the batch encoder, the batch token and pairing within batches.
bool batches_matter(const nlohmann::json& values) {
    return config_value(values, "model.kwargs.batch_encoder") == true ||
           config_value(values, "model.kwargs.use_batch_token") == true ||
           text_at(values, data_section + "basal_mapping_strategy") == "batch";
}

void guess_columns(TrainingConfig& config, const AnnData& data) {
    SchemaHints hints;
    if (!is_default(config.values, data_section + "pert_col")) {
        hints.pert_col = text_at(config.values, data_section + "pert_col");
    }
    const Schema schema = guess_schema(data, hints);
    guess_column(config, data, "pert_col", schema.pert_col);
    guess_control(config, data, schema.control_pert.value);
    guess_column(config, data, "cell_type_key", schema.celltype_col);
    if (guess_column(config, data, "batch_col", schema.batch_col)) {
        return;
    }
    const std::string batch_key = data_section + "batch_col",
                      cell_type = text_at(config.values, data_section + "cell_type_key");
    if (is_default(config.values, batch_key) && !has_column(data, text_at(config.values, batch_key)) &&
        !batches_matter(config.values) && has_column(data, cell_type)) {
        config.notices.push_back("The data have no column of batches: '" + cell_type + "' stands in (" +
                                 batch_key + "); this model does not look at batches");
        put_value(config.values, batch_key, cell_type);
    }
}

bool has_embedding(const AnnData& data, const std::string& key) {
    return std::any_of(data.obsm().begin(), data.obsm().end(),
                       [&](const MemberInfo& member) { return member.key == key; });
}

} // namespace

void complete_config(TrainingConfig& config, const fs::path& folder, JobContext& job) {
    const fs::path base = fs::absolute(folder);
    find_data(config, base);
    make_paths_absolute(config.values, base);
    job.check_cancelled();
    const std::vector<fs::path> files = data_files(config.values);
    const AnnDataPtr data = AnnData::open(files.front());
    const std::string input = text_at(config.values, data_section + "embed_key");
    if (input.empty() || (input == "X" && !has_embedding(*data, "X"))) {
        put_value(config.values, data_section + "embed_key", nullptr);
    }
    job.check_cancelled();
    guess_columns(config, *data);
}

} // namespace ember
