#pragma once
// How a run stands (`status.json`), and how one asks it to pause, go on or stop (`control`): files in its run
// directory, so that it may run in this process, in another or on another machine.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/train.hpp"

namespace ember {

/// status.json, rewritten whole (atomically) at most once a second and at every change of state.
struct RunStatus {
    RunState state = RunState::preparing;
    std::string name;
    std::int64_t pid = 0;
    std::string host;
    std::string started, updated; ///< ISO 8601, UTC; `updated` is the heartbeat
    std::int64_t step = 0, max_steps = 0, epoch = 0;
    std::int64_t checkpoint_step = -1; ///< of checkpoints/last.ckpt
    std::optional<double> train_loss, val_loss, best_val_loss;
    std::int64_t best_step = 0;
    double steps_per_second = 0, cells_per_second = 0, seconds_left = -1;
    double waiting_share = 0;       ///< of the step's time spent waiting for data
    std::uint64_t memory_bytes = 0; ///< peak resident size
    int rollbacks = 0;
    std::string message;                                ///< what it does now, or why it ended
    std::string error_class, error_place, error_remedy; ///< of a failed run
    std::vector<std::string> warnings;
};

const char* to_string(RunState state) noexcept; ///< "running"

void write_run_status(const std::filesystem::path& run_directory, const RunStatus& status);
/// Empty when there is no status.json (a run of arc-state). A run whose process is gone (same host, pid not
/// alive, or its lock free) while its state says otherwise reads as failed with class "Interrupted" and the
/// remedy to resume.
std::optional<RunStatus> read_run_status(const std::filesystem::path& run_directory);

enum class RunCommand { none, pause, proceed, stop };
/// Asks the run; replaces an earlier wish.
void ask_run(const std::filesystem::path& run_directory, RunCommand command);
/// What is asked now; `proceed` and `none` are the same to a running loop. Cheap: one stat unless it changed.
class RunControl {
public:
    explicit RunControl(std::filesystem::path run_directory);
    RunCommand read();
    void clear(); ///< forgets old wishes; called once at the start

private:
    std::filesystem::path file_;
    std::int64_t seen_ = -1;
    RunCommand command_ = RunCommand::none;
};

/// Held by the process that trains in a directory. Throws RunBusy naming the process that holds it.
class RunLock {
public:
    explicit RunLock(const std::filesystem::path& run_directory);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

private:
    int descriptor_ = -1;
};

} // namespace ember
