#pragma once
// Runs of one machine wait for each other: each takes a ticket and starts when all earlier ones are done or
// gone.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/run/run_status.hpp"

namespace ember {

struct QueuedRun {
    std::filesystem::path run_directory;
    std::int64_t pid = 0;
    std::string since; ///< ISO 8601, UTC
};

/// A place in the queue, kept as long as this object and its process live.
class QueueTicket {
public:
    /// Takes the last place. Throws NoSpace, CannotWrite.
    explicit QueueTicket(const std::filesystem::path& run_directory);
    ~QueueTicket(); ///< leaves the queue
    QueueTicket(const QueueTicket&) = delete;
    QueueTicket& operator=(const QueueTicket&) = delete;
    /// Returns when it is this run's turn. Throws Cancelled, also when the run was asked to stop (ask_run)
    /// since the ticket was taken.
    void wait(JobContext& job);
    /// Runs before this one.
    std::size_t ahead() const;

private:
    std::filesystem::path file_;
    RunControl control_;
    int descriptor_ = -1;
};

/// Those of this machine that wait or run, in order. The folder is $XDG_STATE_HOME/emberview/queue
/// (~/.local/state/emberview/queue).
std::vector<QueuedRun> queued_runs();

/// Throws RunBusy when a run of this directory trains, or waits in the queue as another process.
void check_run_is_free(const std::filesystem::path& run_directory);

} // namespace ember
