#pragma once
// A second process for tests of what processes tell each other by files.

#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace ember::test {

/// Runs `work` in a forked process, which says "ready" by returning from `work`'s first argument.
class ChildProcess {
public:
    using Ready = std::function<void()>;
    explicit ChildProcess(const std::function<void(const Ready&)>& work) {
        int channel[2];
        if (::pipe(channel) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(channel[0]);
            int status = 0;
            try {
                work([&] {
                    const char byte = 'r';
                    if (::write(channel[1], &byte, 1) != 1) {
                        ::_exit(3);
                    }
                });
            } catch (...) {
                status = 2;
            }
            ::_exit(status);
        }
        ::close(channel[1]);
        char byte = 0;
        became_ready_ = ::read(channel[0], &byte, 1) == 1;
        ::close(channel[0]);
    }
    ~ChildProcess() { end(SIGKILL); }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }
    bool became_ready() const { return became_ready_; }
    /// Sends the signal (0: none) and waits; the exit status, or minus the signal that ended it.
    int end(int signal) {
        if (pid_ <= 0) {
            return status_;
        }
        if (signal != 0) {
            ::kill(pid_, signal);
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        return status_;
    }

private:
    pid_t pid_ = -1;
    int status_ = 0;
    bool became_ready_ = false;
};

} // namespace ember::test
