// Whose directory it is: what may be trained in, resumed or replaced.

#include "core/base/error.hpp"
#include "core/run/earlier_run.hpp"
#include "core/run/yaml_config.hpp"
#include "core/training/run_setup.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

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
    if (request.resume) {
        check_resumable(directory);
        return;
    }
    const json config = run_configuration(request);
    check_fresh_run(directory, config.value("overwrite", false));
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
