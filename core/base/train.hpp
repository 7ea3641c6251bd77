#pragma once
// What a training run is asked to do and what came of it. The run directory is the only truth about a run:
// whoever wants to watch one reads its files (core/run/run_status.hpp, metrics_log.hpp), wherever it runs.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ember {

/// How a run ended or stands.
enum class RunState { queued, preparing, running, paused, stopping, finished, stopped, failed };

struct TrainRequest {
    /// The resolved configuration as JSON text (core/experiment/training_config.hpp). Ignored when resuming:
    /// the run directory's own config.yaml counts.
    std::string config;
    std::filesystem::path run_directory; ///< <output_dir>/<name>
    bool resume = false;                 ///< go on from checkpoints/last.ckpt
    int threads = 0;                     ///< 0: the thread budget
    std::string device = "auto";         ///< auto, cpu or cuda
};

struct TrainResult {
    std::filesystem::path run_directory;
    RunState state = RunState::finished; ///< finished or stopped
    std::int64_t steps = 0, epochs = 0;  ///< optimizer steps, passes over the training sets
    std::optional<double> train_loss, val_loss, best_val_loss;
    std::int64_t best_step = 0;
    std::string reason;                      ///< why it ended, one sentence: "All 400 steps are done"
    double seconds = 0, waiting_seconds = 0; ///< of the steps; of these waiting for data
    std::vector<std::string> warnings;
};

} // namespace ember
