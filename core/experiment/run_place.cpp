#include "core/experiment/run_place.hpp"

#include <filesystem>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/experiment/training_config.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

bool has_checkpoints(const fs::path& run) {
    std::error_code failure;
    for (fs::directory_iterator entry(run / "checkpoints", failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (entry->path().extension() == ".ckpt") {
            return true;
        }
    }
    return false;
}

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
    if (has_checkpoints(run) && config_value(config, "overwrite") != true) {
        faults.add("name",
                   Error("WouldOverwrite", "There is a run of this name already", {run.string(), "", {}},
                         "Resume it with 'train resume', choose another name, or set overwrite=true"));
    }
    const fs::path there = existing_part(run);
    std::error_code failure;
    if (!fs::is_directory(there, failure) || access(there.c_str(), W_OK | X_OK) != 0) {
        faults.add("output_dir", Error("CannotWrite", "The folder of the run cannot be written",
                                       {there.string(), "", {}}, "Choose another output_dir"));
    }
}

} // namespace ember
