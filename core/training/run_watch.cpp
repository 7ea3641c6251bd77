#include "core/training/run_watch.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds listen_every{50};
constexpr std::chrono::seconds heartbeat{1};

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// A wish since this process took its place in the queue still counts.
bool was_queued_here(const std::filesystem::path& run_directory) {
    try {
        const auto before = read_run_status(run_directory);
        return before && before->state == RunState::queued && before->pid == getpid() &&
               before->host == host_name();
    } catch (const Error&) {
        return false;
    }
}

} // namespace

std::string time_stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text.data();
}

std::uint64_t peak_resident_bytes() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("VmHWM:")) {
            std::istringstream text(line.substr(6));
            std::uint64_t kilobytes = 0;
            text >> kilobytes;
            return kilobytes * 1024;
        }
    }
    return 0;
}

RunWatch::RunWatch(std::filesystem::path run_directory, RunStatus first, const JobContext& job)
    : run_directory_(std::move(run_directory)),
      job_(job),
      control_(run_directory_),
      status_(std::move(first)) {
    if (!was_queued_here(run_directory_)) {
        control_.clear();
    }
    status_.pid = getpid();
    status_.host = host_name();
    status_.started = status_.updated = time_stamp();
    status_.memory_bytes = peak_resident_bytes();
    write_run_status(run_directory_, status_);
    thread_ = std::thread([this] { watch(); });
}

RunWatch::~RunWatch() {
    finish([](RunStatus&) {});
}

void RunWatch::update(const std::function<void(RunStatus&)>& change) {
    std::unique_lock lock(mutex_);
    const RunState before = status_.state;
    change(status_);
    if (stop_.stop_requested() && is_active(status_.state)) {
        status_.state = RunState::stopping;
    }
    if (status_.state != before) {
        write(lock);
    }
}

RunStatus RunWatch::status() const {
    const std::unique_lock lock(mutex_);
    return status_;
}

void RunWatch::wait_while_paused() {
    while (pause_wanted() && !stop_wanted()) {
        std::this_thread::sleep_for(listen_every);
    }
}

void RunWatch::write(std::unique_lock<std::mutex>& lock) noexcept {
    try {
        status_.updated = time_stamp();
        status_.memory_bytes = std::max(status_.memory_bytes, peak_resident_bytes());
        const RunStatus copy = status_;
        lock.unlock();
        {
            const std::lock_guard one_writer(file_mutex_);
            write_run_status(run_directory_, copy);
        }
    } catch (const std::exception&) {
        // A status that cannot be written must not end a run: the next heartbeat tries again.
    }
    if (!lock.owns_lock()) {
        lock.lock();
    }
}

void RunWatch::watch() {
    Clock::time_point written = Clock::now();
    std::unique_lock lock(mutex_);
    while (!ended_) {
        changed_.wait_for(lock, listen_every, [this] { return ended_; });
        if (ended_) {
            return;
        }
        RunCommand wish = RunCommand::none;
        try {
            wish = control_.read();
        } catch (const std::exception&) {
            wish = wish_;
        }
        if ((wish == RunCommand::stop || job_.cancel_requested()) && !stop_.stop_requested()) {
            stop_.request_stop();
            status_.state = RunState::stopping;
            status_.message = "Stopping after this step";
            write(lock);
            written = Clock::now();
        }
        if (wish != wish_) {
            if (wish == RunCommand::pause && !stop_.stop_requested()) {
                status_.message = "Pausing after this step";
            }
            wish_ = wish;
            write(lock);
            written = Clock::now();
        } else if (Clock::now() - written >= heartbeat) {
            write(lock);
            written = Clock::now();
        }
    }
}

void RunWatch::finish(const std::function<void(RunStatus&)>& change) noexcept {
    if (!thread_.joinable()) {
        return;
    }
    try {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        changed_.notify_all();
        thread_.join();
        std::unique_lock lock(mutex_);
        change(status_);
        write(lock);
    } catch (const std::exception&) {
        // The caller's own error counts.
    }
}

} // namespace ember
