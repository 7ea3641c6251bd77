#pragma once
// Progress and messages on standard error.

#include <mutex>
#include <string>

#include "core/base/job.hpp"

namespace ember::cli {

/// A progress bar when standard error is a terminal; warnings always; notes unless quiet.
class TerminalListener : public JobListener {
public:
    explicit TerminalListener(bool quiet);
    ~TerminalListener() override;
    void on_progress(const Progress& progress) override;
    void on_log(LogLevel level, std::string_view text) override;

private:
    void erase_bar();

    std::mutex mutex_;
    bool quiet_, terminal_;
    bool bar_shown_ = false;
};

/// "Predicting ████░░░░ 62 %  2,480 of 4,000 cells · 812 cells/s · 2 s left", at most `columns` wide.
std::string progress_line(const Progress& progress, std::size_t columns);

/// "12 s", "3 min 20 s", "2 h 5 min"
std::string duration_text(double seconds);

} // namespace ember::cli
