#include "views/training/run_poller.hpp"

#include <utility>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr auto pace = std::chrono::milliseconds(250);
/// Runs that nobody trains change seldom: another program may resume them.
constexpr auto quiet_pace = std::chrono::seconds(2);
constexpr auto search_pace = std::chrono::seconds(10);

} // namespace

RunPoller::RunPoller(Found found)
    : found_(std::move(found)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

RunPoller::~RunPoller() = default;

void RunPoller::add(const std::filesystem::path& run) {
    const std::lock_guard lock(mutex_);
    removed_.erase(run);
    runs_.insert(run);
    hurry_ = true;
    wake_.notify_all();
}

void RunPoller::remove(const std::filesystem::path& run) {
    const std::lock_guard lock(mutex_);
    runs_.erase(run);
    removed_.insert(run);
}

void RunPoller::add_folder(const std::filesystem::path& folder) {
    const std::lock_guard lock(mutex_);
    folders_.insert(folder);
    searched_ = {};
    hurry_ = true;
    wake_.notify_all();
}

void RunPoller::hurry() {
    const std::lock_guard lock(mutex_);
    hurry_ = true;
    wake_.notify_all();
}

void RunPoller::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        bool all = false;
        {
            std::unique_lock lock(mutex_);
            // With nothing to watch the thread sleeps until it is told of something.
            wake_.wait(lock, stop, [this] { return hurry_ || !runs_.empty() || !folders_.empty(); });
            all = std::exchange(hurry_, false);
        }
        search_folders(stop);
        all = all || Clock::now() - looked_at_all_ > quiet_pace;
        std::vector<RunSnapshotPtr> changed = look(stop, all);
        if (!changed.empty() && !stop.stop_requested()) {
            found_(std::move(changed));
        }
        // A wish to hurry is heard, but never more than four times a second.
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, pace, [] { return false; });
    }
}

void RunPoller::search_folders(const std::stop_token& stop) {
    std::set<std::filesystem::path> folders;
    {
        const std::lock_guard lock(mutex_);
        if (Clock::now() - searched_ < search_pace) {
            return;
        }
        searched_ = Clock::now();
        folders = folders_;
    }
    for (const auto& folder : folders) {
        try {
            if (stop.stop_requested()) {
                return;
            }
            for (const auto& run : find_runs(folder)) {
                const std::lock_guard lock(mutex_);
                if (!removed_.contains(run)) {
                    runs_.insert(run);
                }
            }
        } catch (const std::exception&) {
            continue; // a share that is not there now may come back
        }
    }
}

std::vector<RunSnapshotPtr> RunPoller::look(const std::stop_token& stop, bool all) {
    std::set<std::filesystem::path> runs;
    {
        const std::lock_guard lock(mutex_);
        runs = runs_;
    }
    std::erase_if(readers_, [&](const auto& entry) { return !runs.contains(entry.first); });
    std::vector<RunSnapshotPtr> changed;
    for (const auto& run : runs) {
        if (stop.stop_requested()) {
            return changed;
        }
        RunReader& reader = readers_.try_emplace(run, run).first->second;
        if (reader.latest() != nullptr && !reader.exists()) {
            auto gone = std::make_shared<RunSnapshot>(*reader.latest());
            gone->gone = true;
            changed.push_back(std::move(gone));
            readers_.erase(run); // read anew when it comes back
            continue;
        }
        if (reader.latest() == nullptr || reader.latest()->active() || all) {
            if (RunSnapshotPtr snapshot = reader.look()) {
                changed.push_back(std::move(snapshot));
            }
        }
    }
    if (all) {
        looked_at_all_ = Clock::now();
    }
    return changed;
}

} // namespace ember
