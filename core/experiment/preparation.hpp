#pragma once
// What can be known before the first step: faults, each beside its option, and what the run will cost.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/training_config.hpp"
#include "core/experiment/training_data.hpp"

namespace ember {

/// A fault or a remark about one option.
struct ConfigFinding {
    bool fault = false; ///< training cannot start
    std::string key;    ///< "data.kwargs.control_pert"; the form shows it beside that field
    std::string class_name, message, place, remedy;
};

struct RunEstimate {
    std::int64_t parameters = 0, trainable = 0;
    std::uint64_t memory_bytes = 0;               ///< peak of the process
    std::optional<std::uint64_t> available_bytes; ///< of the machine now, when known
    std::uint64_t disk_bytes = 0;                 ///< all checkpoints that the run will keep
    std::optional<std::uint64_t> free_disk_bytes; ///< where it will write, when known
    double step_seconds = 0, total_seconds = 0; ///< from the products' size and the machine's measured speed
    std::int64_t steps = 0;
};

struct Preparation {
    std::vector<ConfigFinding> findings;
    RunEstimate estimate;
    SplitSummary train, val, test;
    bool can_start() const {
        for (const ConfigFinding& finding : findings) {
            if (finding.fault) {
                return false;
            }
        }
        return true;
    }
};

/// Checks a configuration against its data, its pretrained file, memory and disk. Reads labels, no matrices.
/// Throws only Cancelled: every fault is a finding.
Preparation prepare_training(const TrainingConfig& config, JobContext& job);

} // namespace ember
