#pragma once
// Looks at run directories in a thread of its own; no Qt.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "views/training/run_snapshot.hpp"

namespace ember {

class RunPoller {
public:
    using Found = std::function<void(std::vector<RunSnapshotPtr> changed)>;
    /// `found` is called in the poller's thread, at most four times a second, with the runs that changed.
    explicit RunPoller(Found found);
    ~RunPoller(); ///< waits for the look in progress

    void add(const std::filesystem::path& run);
    void remove(const std::filesystem::path& run); ///< also not found again below a folder
    /// Runs in and below it are added as they appear.
    void add_folder(const std::filesystem::path& folder);
    /// Looks at everything now instead of at its next turn.
    void hurry();

private:
    using Clock = std::chrono::steady_clock;
    void work(const std::stop_token& stop);
    void search_folders(const std::stop_token& stop);
    std::vector<RunSnapshotPtr> look(const std::stop_token& stop, bool all);

    Found found_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::set<std::filesystem::path> runs_, folders_, removed_; ///< under the mutex
    bool hurry_ = false;                                       ///< under the mutex
    std::map<std::filesystem::path, RunReader> readers_;       ///< of the thread
    Clock::time_point searched_{}, looked_at_all_{};
    std::jthread thread_; ///< last: ends first
};

} // namespace ember
