#include "app/cli/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

std::size_t terminal_columns() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) {
        return size.ws_col;
    }
    return 80;
}

std::string duration(double seconds) {
    const auto whole = static_cast<long long>(std::ceil(seconds));
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    if (whole < 3600) {
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    }
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string bar(double share) {
    constexpr int cells = 20;
    const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * cells);
    std::string drawn;
    for (int i = 0; i < cells; ++i) {
        drawn += i < full ? "█" : "░";
    }
    return drawn;
}

} // namespace

std::string progress_line(const Progress& progress, std::size_t columns) {
    std::string line = progress.phase;
    if (progress.total != 0) {
        const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        line += " " + bar(share) + " " + std::to_string(static_cast<int>(share * 100)) + " %  " +
                with_thousands(progress.done) + " of " + with_thousands(progress.total);
    } else if (progress.done != 0) {
        line += "  " + with_thousands(progress.done);
    } else {
        return fitted(line + " …", columns);
    }
    line += " " + progress.unit;
    if (progress.per_second > 0) {
        line += " · " + readable(progress.per_second) + " " + progress.unit + "/s";
    }
    if (progress.seconds_left >= 0 && progress.done < progress.total) {
        line += " · " + duration(progress.seconds_left) + " left";
    }
    return fitted(line, columns);
}

TerminalListener::TerminalListener(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

TerminalListener::~TerminalListener() {
    erase_bar();
}

void TerminalListener::erase_bar() {
    if (bar_shown_) {
        std::fputs("\r\033[K", stderr);
        bar_shown_ = false;
    }
}

void TerminalListener::on_progress(const Progress& progress) {
    if (quiet_ || !terminal_) {
        return;
    }
    const std::lock_guard lock(mutex_);
    std::fprintf(stderr, "\r%s\033[K", progress_line(progress, terminal_columns() - 1).c_str());
    bar_shown_ = true;
}

void TerminalListener::on_log(LogLevel level, std::string_view text) {
    if (quiet_ && level == LogLevel::info) {
        return;
    }
    const std::lock_guard lock(mutex_);
    erase_bar();
    std::string line = (level == LogLevel::warning ? "warning: " : "note: ") + std::string(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::fprintf(stderr, "%s\n", line.c_str());
}

} // namespace ember::cli
