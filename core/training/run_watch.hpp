#pragma once
// Keeps status.json alive and hears wishes while a run works: a thread of its own, so that a wish is
// acknowledged within 200 ms however long a step takes.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/job.hpp"
#include "core/run/run_status.hpp"

namespace ember {

class RunWatch {
public:
    /// Writes the first status.json. `job` outlives the watch; its cancel is a wish to stop.
    RunWatch(std::filesystem::path run_directory, RunStatus first, const JobContext& job);
    ~RunWatch();
    RunWatch(const RunWatch&) = delete;
    RunWatch& operator=(const RunWatch&) = delete;

    /// Requested as soon as somebody wants the run to stop; steps of the network hear it.
    std::stop_token stop_token() const { return stop_.get_token(); }
    bool stop_wanted() const { return stop_.stop_requested(); }
    bool pause_wanted() const { return wish_ == RunCommand::pause; }

    /// Changes what status.json says; it is written within a second, at once when the state changes.
    void update(const std::function<void(RunStatus&)>& change);
    RunStatus status() const;

    /// Sleeps until the wish to pause is gone or the run is to stop.
    void wait_while_paused();

    /// Ends the thread and writes the last status.json. Never throws: a full disk must not hide why a run
    /// ended.
    void finish(const std::function<void(RunStatus&)>& change) noexcept;

private:
    void watch();
    void write(std::unique_lock<std::mutex>& lock) noexcept;

    std::filesystem::path run_directory_;
    const JobContext& job_;
    RunControl control_;
    std::stop_source stop_;
    std::atomic<RunCommand> wish_ = RunCommand::none;
    mutable std::mutex mutex_;
    std::mutex file_mutex_; ///< one writer of status.json at a time
    std::condition_variable changed_;
    RunStatus status_;
    bool ended_ = false;
    std::thread thread_;
};

/// Peak resident size of this process in bytes; 0 when the system does not tell.
std::uint64_t peak_resident_bytes();

/// "2026-01-31T12:00:00Z"
std::string time_stamp();

} // namespace ember
