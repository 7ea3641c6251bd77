#include "app/cli/interrupt.hpp"

#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

bool is_ignored(int signal) {
    struct sigaction current {};
    return sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

void say(const char* text, std::size_t size) {
    if (isatty(STDERR_FILENO) == 1 && write(STDERR_FILENO, text, size) < 0) {
        _exit(static_cast<int>(ExitStatus::cancelled)); // the terminal is gone
    }
}

} // namespace

std::stop_token watch_interrupts() {
    sigset_t watched;
    sigemptyset(&watched);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(signal)) {
            sigaddset(&watched, signal);
        }
    }
    pthread_sigmask(SIG_BLOCK, &watched, nullptr);
    std::stop_source source;
    std::stop_token token = source.get_token();
    std::thread([watched, source = std::move(source)]() mutable {
        int signal = 0;
        sigwait(&watched, &signal);
        constexpr char stopping[] = "\r\033[KStopping … (again to leave at once)\n";
        say(stopping, sizeof stopping - 1);
        source.request_stop();
        sigwait(&watched, &signal);
        remove_temporary_files();
        _exit(static_cast<int>(ExitStatus::cancelled));
    }).detach(); // waits for signals until the process ends
    return token;
}

} // namespace ember::cli
