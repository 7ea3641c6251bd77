#pragma once
// What a run consists of before its first step: settings, data, network and the files of its directory.

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/train.hpp"
#include "core/experiment/training_data.hpp"
#include "core/training/network.hpp"

namespace ember {

struct RunSetup {
    std::filesystem::path directory;
    bool resume = false;
    nlohmann::json config; ///< as config.yaml holds it
    TrainSettings settings;
    TrainingDataPtr data;
    LabelMap perturbations;         ///< of the network's input: the data's, and those of a pretrained model
    std::vector<std::int64_t> rows; ///< of the data's perturbations in it
    std::unique_ptr<TrainableNetwork> network;
    nlohmann::ordered_json hyper_parameters;
    std::vector<std::string> notes;    ///< sentences for the log
    std::vector<std::string> warnings; ///< sentences that the user should read
};

/// Makes the directory for a new run or finds the one to resume. Throws UsageError (unknown device),
/// NoDevice, BadConfig, WouldOverwrite (the directory holds a run, or files that no training wrote),
/// MissingMember (nothing to resume).
void claim_directory(const TrainRequest& request);

/// The configuration that counts: the request's, or config.yaml of the run to resume, whose relative paths
/// are looked up where that run was started.
nlohmann::json run_configuration(const TrainRequest& request);

/// Opens the data and builds the network; of a new run also copies pretrained weights and, last of all,
/// replaces what lay in the directory by the new run's files. Throws what TrainingData::open,
/// open_pretrained, transfer_weights and fresh_st_config throw, and DataChanged when a resumed run's data
/// have other genes, batches or perturbations.
RunSetup set_up_run(const TrainRequest& request, nlohmann::json config, JobContext& job);

} // namespace ember
