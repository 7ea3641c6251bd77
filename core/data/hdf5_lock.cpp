#include "core/data/hdf5_lock.hpp"

#include <hdf5.h>
#include <mutex>

namespace ember::h5 {

namespace {

std::recursive_mutex& mutex() {
    static std::recursive_mutex instance;
    return instance;
}

thread_local int depth = 0;

} // namespace

Lock::Lock() {
    mutex().lock();
    ++depth;
    // A library built thread-safe keeps this setting per thread, one built without keeps it once.
    thread_local bool quiet = false;
    if (!quiet) {
        H5open();
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        quiet = true;
    }
}

Lock::~Lock() {
    --depth;
    mutex().unlock();
}

bool Lock::held_here() noexcept {
    return depth > 0;
}

} // namespace ember::h5
