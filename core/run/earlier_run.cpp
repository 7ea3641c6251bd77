#include "core/run/earlier_run.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

/// What a run writes once; a fresh one replaces it.
constexpr std::array<std::string_view, 12> replaced{"config.yaml",
                                                    "init_report.json",
                                                    "data_module.torch",
                                                    "var_dims.pkl",
                                                    "pert_onehot_map.pt",
                                                    "batch_onehot_map.torch",
                                                    "batch_onehot_map.pt",
                                                    "batch_onehot_map.pkl",
                                                    "cell_type_onehot_map.pt",
                                                    "cell_type_onehot_map.pkl",
                                                    "cell_type_onehot_map.torch",
                                                    "wandb_path.txt"};
/// What the process that trains keeps open or reads.
constexpr std::array<std::string_view, 4> kept{"status.json", "control", "lock", "log.txt"};
constexpr std::array<std::string_view, 3> folders{"checkpoints", "monitor", "version_0"};
constexpr std::array<std::string_view, 3> monitor_files{"predicted.npy", "observed.npy", "cells.csv"};

template<typename Names>
bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        found.push_back(entry->path());
    }
    return found;
}

/// The name for which ".name.123.part" is written first; empty for others.
std::string_view target_of_part(std::string_view name) {
    constexpr std::string_view ending = ".part";
    if (!name.starts_with('.') || !name.ends_with(ending)) {
        return {};
    }
    name = name.substr(1, name.size() - 1 - ending.size());
    const std::size_t dot = name.rfind('.');
    const std::string_view number = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    const bool digits = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    return digits ? name.substr(0, dot) : std::string_view();
}

bool is_checkpoint(std::string_view name) {
    return name.ends_with(".ckpt") && !name.starts_with('.');
}

bool is_curve(std::string_view name) {
    return name == "metrics.csv" || name == "hparams.yaml" || name.starts_with("events.out.tfevents.");
}

/// Plain files and links of these names, and what was left of writing them.
void remove_named(const fs::path& folder, const std::function<bool(std::string_view)>& is_ours) {
    for (const fs::path& entry : entries(folder)) {
        const std::string name = entry.filename().string();
        const std::string_view target = target_of_part(name);
        std::error_code failure;
        if ((is_ours(name) || (!target.empty() && is_ours(target))) &&
            fs::symlink_status(entry, failure).type() != fs::file_type::directory &&
            !fs::remove(entry, failure) && failure) {
            throw Error("CannotWrite", "A file of the earlier run cannot be removed: " + failure.message(),
                        {entry.string(), "", {}}, "Check that you may write to its folder");
        }
    }
}

bool has_results(const fs::path& run) {
    for (const fs::path& entry : entries(run / "checkpoints")) {
        if (target_of_part(entry.filename().string()).empty()) {
            return true;
        }
    }
    const std::vector<fs::path> all = entries(run);
    return std::any_of(all.begin(), all.end(),
                       [](const fs::path& entry) { return entry.filename().string().starts_with("eval_"); });
}

/// The first entry that no training wrote.
std::string foreign_entry(const fs::path& run) {
    for (const fs::path& entry : entries(run)) {
        const std::string name = entry.filename().string();
        if (!holds(replaced, name) && !holds(kept, name) && !holds(folders, name) &&
            !name.starts_with("eval_") && name.find(".tmp") == std::string::npos && !name.starts_with('.')) {
            return name;
        }
    }
    return "";
}

} // namespace

void check_fresh_run(const fs::path& run, bool overwrite) {
    std::error_code failure;
    if (fs::exists(run, failure) && !fs::is_directory(run, failure)) {
        throw Error("WouldOverwrite", "There is a file where the run directory should be",
                    {run.string(), "", {}}, "Choose another name");
    }
    if (const std::string foreign = foreign_entry(run); !foreign.empty()) {
        throw Error("WouldOverwrite", "The folder holds '" + foreign + "', which no training wrote",
                    {run.string(), foreign, {}}, "Choose another name or output_dir");
    }
    if (overwrite) {
        return;
    }
    if (has_results(run)) {
        throw Error("WouldOverwrite", "There is a run of this name already", {run.string(), "", {}},
                    "Resume it with 'train resume', choose another name, or set overwrite=true");
    }
    if (fs::exists(run / "config.yaml", failure) && !fs::exists(run / "status.json", failure)) {
        throw Error("WouldOverwrite", "The folder holds a config.yaml that this program did not write",
                    {run.string(), "config.yaml", {}},
                    "Choose another name, move the file, or set overwrite=true");
    }
}

void check_resumable(const fs::path& run) {
    std::error_code failure;
    if (!fs::exists(run / "config.yaml", failure) ||
        !fs::exists(run / "checkpoints" / "last.ckpt", failure)) {
        throw Error("MissingMember", "There is no run to resume: it has no last.ckpt",
                    {run.string(), "checkpoints/last.ckpt", {}},
                    "Start the run anew, or choose a run directory with checkpoints");
    }
}

void clear_earlier_run(const fs::path& run) {
    remove_named(run, [](std::string_view name) { return holds(replaced, name); });
    remove_named(run / "checkpoints", is_checkpoint);
    remove_named(run / "version_0", is_curve);
    remove_named(run / "monitor", [](std::string_view name) { return holds(monitor_files, name); });
}

} // namespace ember
