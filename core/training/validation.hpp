#pragma once
// The loss on the validation cells, and predictions of some of them for whoever watches.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/training_data.hpp"
#include "core/training/network.hpp"

namespace ember {

/// Predicted and observed profiles of a fixed sample of validation cells.
struct MonitorSample {
    std::int64_t width = 0;                                  ///< O
    std::vector<float> predicted, observed;                  ///< [cells × O]
    std::vector<std::string> cell_type, perturbation, batch; ///< [cells]
};

struct ValidationResult {
    std::map<std::string, double>
        values; ///< "val_loss", "val/decoder_loss" …: means weighted by cells, as Lightning's
    MonitorSample sample;
};

/// What a validation needs of its run.
struct ValidationInput {
    TrainableNetwork& network;
    const TrainingData& data;
    const TrainSettings& settings;
    const LabelMap& perturbations;         ///< of the network's input
    const std::vector<std::int64_t>& rows; ///< of the data's perturbations in it
};

/// All validation batches in evaluation mode. The paired controls are the same each time, so that losses of
/// different steps compare. Throws Cancelled and the errors of reading.
ValidationResult validate(const ValidationInput& input, JobContext& job);

/// monitor/predicted.npy, observed.npy and cells.csv, each atomically.
void write_monitor(const std::filesystem::path& run_directory, const MonitorSample& sample);

} // namespace ember
