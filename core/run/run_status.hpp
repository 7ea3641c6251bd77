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

/// status.json, rewritten whole (atomically) at most once a second and at every change of state. Unknown
/// fields are passed over when it is read; what is absent keeps these defaults.
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
/// Whether a process should stand behind a run in this state.
bool is_active(RunState state) noexcept;

/// Puts the file in its place; waits for the disk only when the state is not active. Throws NoSpace,
/// CannotWrite.
void write_run_status(const std::filesystem::path& run_directory, const RunStatus& status);
/// Empty when there is no status.json (a run of arc-state). A run whose process is gone while its state says
/// otherwise reads as failed with class "Interrupted" and the remedy to resume: on this host when its pid is
/// not alive or its lock is free (a queued run holds none yet); of another host when the lock is free and the
/// heartbeat is older than five minutes. Throws BadStatus when the file is damaged.
std::optional<RunStatus> read_run_status(const std::filesystem::path& run_directory);

enum class RunCommand { none, pause, proceed, stop };
/// Asks the run; replaces an earlier wish. Throws NoSpace, CannotWrite.
void ask_run(const std::filesystem::path& run_directory, RunCommand command);
/// What is asked now; `proceed` and `none` are the same to a running loop. Cheap: one stat unless it changed.
class RunControl {
public:
    explicit RunControl(std::filesystem::path run_directory);
    RunCommand read(); ///< a damaged file asks for nothing
    void clear();      ///< forgets old wishes; called once at the start

private:
    /// What tells one version of the file from the next.
    struct Version {
        std::uint64_t inode = 0;
        std::int64_t seconds = 0, nanoseconds = 0, bytes = -1;
        bool operator==(const Version&) const = default;
    };
    std::filesystem::path file_;
    Version seen_;
    std::int64_t sequence_ = -1; ///< of the wish in the file
    std::int64_t done_ = -1;     ///< wishes up to this one are forgotten
    RunCommand command_ = RunCommand::none;
};

/// Whether some process holds the directory's lock. Takes nothing, so a run may start at the same moment.
bool is_run_locked(const std::filesystem::path& run_directory);

/// Throws RunBusy naming the process that holds the lock.
[[noreturn]] void throw_run_busy(const std::filesystem::path& run_directory);

/// Held by the process that trains in a directory (a lock on its file `lock`, which goes with the process).
class RunLock {
public:
    /// Throws RunBusy naming the process that holds it, CannotWrite.
    explicit RunLock(const std::filesystem::path& run_directory);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

private:
    int descriptor_ = -1;
};

} // namespace ember
