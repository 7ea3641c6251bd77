#pragma once
// What `train` is told on the command line, and how it becomes a configuration.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/training_config.hpp"

namespace ember::cli {

struct TrainOptions {
    std::string file;                  ///< --config
    std::vector<std::string> settings; ///< key=value, or a .yaml file
    bool check = false, resume = false, queue = false, list = false;
    std::string device = "auto";
};

/// The configuration, completed from the data; its notices are told.
TrainingConfig configuration(const TrainOptions& options, JobContext& job);

/// Applies `key=value` of the section training to the configuration of a run that goes on, and saves it.
/// Throws UsageError for options and groups of other sections (the model and the data of a run stay what they
/// are) and for those of training that decide which cells a step sees.
void change_run(const std::filesystem::path& run, const std::vector<std::string>& settings);

/// All options with default and explanation, by section.
std::string options_text();

} // namespace ember::cli
