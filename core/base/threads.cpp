#include "core/base/threads.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include <tbb/global_control.h>

namespace ember {

namespace {

int processor_cores() noexcept {
    const unsigned cores = std::thread::hardware_concurrency();
    return cores == 0 ? 1 : static_cast<int>(cores);
}

std::atomic<int> budget{0};

} // namespace

int thread_budget() noexcept {
    const int set = budget.load();
    return set > 0 ? set : processor_cores();
}

void set_thread_budget(int threads) {
    static std::mutex mutex;
    static std::unique_ptr<tbb::global_control> limit;
    const std::lock_guard lock(mutex);
    budget.store(threads < 1 ? processor_cores() : threads);
    limit = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                  static_cast<std::size_t>(budget.load()));
}

void lower_thread_priority() noexcept {
    // On Linux the nice value belongs to the thread; 5 leaves the window's thread clearly ahead.
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
}

} // namespace ember
