// Whose directory it is: what may be trained in, resumed or replaced.

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "core/run/yaml_config.hpp"
#include "core/training/run_setup.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// What training writes, here or in arc-state, before and after its first checkpoint.
constexpr std::array early_names{"status.json", "control",     "lock",
                                 "log.txt",     "config.yaml", "init_report.json"};
constexpr std::array run_names{"data_module.torch",
                               "pert_onehot_map.pt",
                               "batch_onehot_map.torch",
                               "cell_type_onehot_map.torch",
                               "batch_onehot_map.pkl",
                               "cell_type_onehot_map.pkl",
                               "var_dims.pkl",
                               "version_0",
                               "checkpoints",
                               "monitor",
                               "wandb_path.txt"};

template<typename Names>
bool holds(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_checkpoints(const fs::path& directory) {
    std::error_code failure;
    for (fs::directory_iterator entry(directory / "checkpoints", failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (entry->path().extension() == ".ckpt") {
            return true;
        }
    }
    return false;
}

/// The first entry that no training wrote.
std::string foreign_entry(const fs::path& directory) {
    std::error_code failure;
    for (fs::directory_iterator entry(directory, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (!holds(early_names, name) && !holds(run_names, name) && !name.starts_with("eval_") &&
            name.find(".tmp") == std::string::npos && !name.starts_with('.')) {
            return name;
        }
    }
    return "";
}

void check_device(const std::string& device) {
    if (device != "auto" && device != "cpu" && device != "cuda") {
        throw UsageError("There is no device '" + device + "'", "Use auto, cpu or cuda");
    }
    if (device == "cuda") {
        throw Error("NoDevice", "This build of the engine has no CUDA", {"", "--device", {}},
                    "Use --device cpu");
    }
}

/// The folder in which the run was started, as its output_dir and name tell.
fs::path start_folder(const fs::path& run_directory, const json& config) {
    fs::path folder = fs::absolute(run_directory).lexically_normal();
    if (!folder.has_filename()) {
        folder = folder.parent_path();
    }
    const std::string output = config.value("output_dir", "");
    if (fs::path(output).is_absolute()) {
        return folder.parent_path();
    }
    const fs::path below = (fs::path(output) / config.value("name", "")).lexically_normal();
    for (const fs::path& part : below) {
        if (part != "." && !part.empty()) {
            folder = folder.parent_path();
        }
    }
    return folder;
}

void make_absolute(json& value, const fs::path& start) {
    if (!value.is_string() || value.get<std::string>().empty()) {
        return;
    }
    const fs::path path = value.get<std::string>();
    if (path.is_absolute()) {
        return;
    }
    std::error_code failure;
    const bool here = fs::exists(path, failure);
    value = (here || !fs::exists(start / path, failure) ? fs::absolute(path) : start / path)
                .lexically_normal()
                .string();
}

} // namespace

void claim_directory(const TrainRequest& request) {
    check_device(request.device);
    const fs::path& directory = request.run_directory;
    if (directory.empty()) {
        throw UsageError("No run directory is given", "Set output_dir and name");
    }
    std::error_code failure;
    if (request.resume) {
        const fs::path last = directory / "checkpoints" / "last.ckpt";
        if (!fs::exists(directory / "config.yaml", failure) || !fs::exists(last, failure)) {
            throw Error("MissingMember", "There is no run to resume: it has no last.ckpt",
                        {directory.string(), "checkpoints/last.ckpt", {}},
                        "Start the run anew, or choose a run directory with checkpoints");
        }
        return;
    }
    const json config = run_configuration(request);
    if (fs::exists(directory, failure) && !fs::is_directory(directory, failure)) {
        throw Error("WouldOverwrite", "There is a file where the run directory should be",
                    {directory.string(), "", {}}, "Choose another name");
    }
    if (const std::string foreign = foreign_entry(directory); !foreign.empty()) {
        throw Error("WouldOverwrite", "The folder holds '" + foreign + "', which no training wrote",
                    {directory.string(), foreign, {}}, "Choose another name or output_dir");
    }
    if (has_checkpoints(directory) && !config.value("overwrite", false)) {
        throw Error("WouldOverwrite", "There is a run of this name already", {directory.string(), "", {}},
                    "Resume it with 'train resume', choose another name, or set overwrite=true");
    }
    fs::create_directories(directory);
}

json run_configuration(const TrainRequest& request) {
    json config;
    if (request.resume) {
        config = read_yaml(request.run_directory / "config.yaml");
    } else {
        config = json::parse(request.config, nullptr, false);
        if (!config.is_object()) {
            throw Error("BadConfig", "The configuration is not a JSON object");
        }
    }
    const fs::path start = request.resume ? start_folder(request.run_directory, config) : fs::current_path();
    for (const char* const pointer : {"/data/kwargs/toml_config_path",
                                      "/data/kwargs/perturbation_features_file", "/model/kwargs/init_from"}) {
        if (const json::json_pointer place(pointer); config.contains(place)) {
            make_absolute(config[place], start);
        }
    }
    if (const json::json_pointer files("/data/kwargs/files");
        config.contains(files) && config[files].is_array()) {
        for (json& file : config[files]) {
            make_absolute(file, start);
        }
    }
    return config;
}

} // namespace ember
