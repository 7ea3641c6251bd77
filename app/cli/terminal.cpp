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

/// A bar of at most `cells` characters; nothing when it would be too short to read.
std::string bar(double share, std::size_t cells) {
    constexpr std::size_t shortest = 5, longest = 20;
    if (cells < shortest) {
        return {};
    }
    cells = std::min(cells, longest);
    const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(cells));
    std::string drawn = " ";
    for (std::size_t i = 0; i < cells; ++i) {
        drawn += i < full ? "█" : "░";
    }
    return drawn;
}

/// "2,480 of 4,000 cells · 812 cells/s · 2 s left"
std::string amounts(const Progress& progress) {
    std::string text = with_thousands(progress.done);
    if (progress.total != 0) {
        text += " of " + with_thousands(progress.total);
    }
    text += " " + progress.unit;
    if (progress.per_second > 0) {
        const bool slow = progress.per_second < 10;
        text += " · " +
                (slow ? readable(progress.per_second) : with_thousands(std::llround(progress.per_second))) +
                " " + progress.unit + "/s";
    }
    if (progress.seconds_left >= 0 && progress.done < progress.total) {
        text += " · " + duration_text(progress.seconds_left) + " left";
    }
    return text;
}

} // namespace

std::string duration_text(double seconds) {
    const auto whole = static_cast<long long>(std::ceil(seconds));
    if (whole < 60) {
        return std::to_string(whole) + " s";
    }
    if (whole < 3600) {
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    }
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string progress_line(const Progress& progress, std::size_t columns) {
    if (progress.total == 0) {
        return fitted(progress.phase + (progress.done == 0 ? " …" : "  " + amounts(progress)), columns);
    }
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    const std::string rest = " " + std::to_string(static_cast<int>(share * 100)) + " %  " + amounts(progress);
    const std::size_t used = width_of(progress.phase) + width_of(rest) + 1;
    return fitted(progress.phase + bar(share, columns > used ? columns - used : 0) + rest, columns);
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
