#include "core/experiment/run_place.hpp"

#include <filesystem>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/experiment/training_config.hpp"
#include "core/run/earlier_run.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

/// The run's folder, or the nearest one above it that exists.
fs::path existing_part(fs::path folder) {
    std::error_code failure;
    folder = fs::absolute(folder, failure).lexically_normal();
    while (!fs::exists(folder, failure) && folder.has_parent_path() && folder != folder.parent_path()) {
        folder = folder.parent_path();
    }
    return folder;
}

} // namespace

void check_run_place(const nlohmann::json& config, TrainingFaults& faults) {
    const fs::path run = run_directory_of(config);
    try {
        check_fresh_run(run, config_value(config, "overwrite") == true);
    } catch (const Error& error) {
        faults.add("name", error);
    }
    const fs::path there = existing_part(run);
    std::error_code failure;
    if (!fs::is_directory(there, failure) || access(there.c_str(), W_OK | X_OK) != 0) {
        faults.add("output_dir", Error("CannotWrite", "The folder of the run cannot be written",
                                       {there.string(), "", {}}, "Choose another output_dir"));
    }
}

} // namespace ember
