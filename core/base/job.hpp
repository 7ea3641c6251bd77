#pragma once
// How a long operation reports progress, hears cancellation and logs, without knowing who listens.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace ember {

/// A state of advancement. `total == 0` means that the amount of work is unknown.
struct Progress {
    std::string phase;        ///< what is being done, in plain words: "Predicting"
    std::uint64_t done = 0;   ///< units finished
    std::uint64_t total = 0;  ///< units in all
    std::string unit;         ///< plural noun: "cells"
    double per_second = 0;    ///< measured rate, units/s
    double seconds_left = -1; ///< estimate; negative when unknown
};

enum class LogLevel { info, warning };

/// Receives what a job reports. Called from the job's thread, at most about 30 times a second for progress.
class JobListener {
public:
    virtual ~JobListener();
    virtual void on_progress(const Progress&) {}
    virtual void on_log(LogLevel, std::string_view) {}
};

/// Passed to every long operation. Cheap to make; a default one listens to nothing and never cancels.
/// Methods may be called from several threads at once.
class JobContext {
public:
    JobContext() = default;
    explicit JobContext(JobListener* listener, std::stop_token stop = {})
        : listener_(listener), stop_(std::move(stop)) {}
    JobContext(const JobContext&) = delete;
    JobContext& operator=(const JobContext&) = delete;

    /// Starts a phase: resets the count and the clock, and reports it.
    void begin(std::string phase, std::uint64_t total, std::string unit);

    /// Sets the units done in this phase; reports at most every 33 ms, and always the last one.
    void advance_to(std::uint64_t done);

    void info(std::string_view text);
    void warn(std::string_view text);

    bool cancel_requested() const noexcept { return stop_.stop_requested(); }
    const std::stop_token& stop_token() const noexcept { return stop_; }

    /// Throws ember::Cancelled when cancellation was asked for. Call at least every 50 ms of work.
    void check_cancelled() const;

private:
    using Clock = std::chrono::steady_clock;
    void report_locked();

    JobListener* listener_ = nullptr;
    std::stop_token stop_;
    std::mutex mutex_;
    Progress progress_;
    Clock::time_point started_{}, last_report_{};
};

} // namespace ember
