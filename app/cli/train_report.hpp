#pragma once
// What `train` says: before a run, after it, and about runs.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/train.hpp"
#include "core/experiment/preparation.hpp"
#include "core/run/run_status.hpp"

namespace ember::cli {

nlohmann::json preparation_json(const std::filesystem::path& run, const Preparation& preparation);
std::string preparation_text(const std::filesystem::path& run, const Preparation& preparation);

/// "data.kwargs.control_pert: No cell … (place). Remedy"
std::string finding_text(const ConfigFinding& finding);

nlohmann::json result_json(const TrainResult& result);
/// With the command that predicts with the run.
std::string result_text(const TrainResult& result);

/// A word for a shell: quoted where it must be.
std::string shell_word(const std::string& word);

} // namespace ember::cli
