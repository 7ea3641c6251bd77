#include "core/base/job.hpp"

#include "core/base/error.hpp"

namespace ember {

namespace {
constexpr std::chrono::milliseconds report_interval{33};
}

JobListener::~JobListener() = default;

void JobContext::begin(std::string phase, std::uint64_t total, std::string unit) {
    const std::lock_guard lock(mutex_);
    progress_ = Progress{std::move(phase), 0, total, std::move(unit), 0, -1};
    started_ = last_report_ = Clock::now();
    if (listener_) {
        listener_->on_progress(progress_);
    }
}

void JobContext::advance_to(std::uint64_t done) {
    const std::lock_guard lock(mutex_);
    progress_.done = done;
    const bool last = progress_.total != 0 && done >= progress_.total;
    if (listener_ && (last || Clock::now() - last_report_ >= report_interval)) {
        report_locked();
    }
}

void JobContext::report_locked() {
    last_report_ = Clock::now();
    const double seconds = std::chrono::duration<double>(last_report_ - started_).count();
    if (seconds > 0 && progress_.done > 0) {
        progress_.per_second = static_cast<double>(progress_.done) / seconds;
        if (progress_.total >= progress_.done && progress_.total != 0) {
            progress_.seconds_left =
                static_cast<double>(progress_.total - progress_.done) / progress_.per_second;
        }
    }
    listener_->on_progress(progress_);
}

void JobContext::info(std::string_view text) {
    if (listener_) {
        listener_->on_log(LogLevel::info, text);
    }
}

void JobContext::warn(std::string_view text) {
    if (listener_) {
        listener_->on_log(LogLevel::warning, text);
    }
}

void JobContext::check_cancelled() const {
    if (cancel_requested()) {
        throw Cancelled();
    }
}

} // namespace ember
