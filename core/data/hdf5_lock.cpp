#include "core/data/hdf5_lock.hpp"

#include <filesystem>
#include <hdf5.h>
#include <mutex>

#include "core/data/lzf_filter.hpp"

namespace ember::h5 {

namespace {

std::recursive_mutex& mutex() {
    static std::recursive_mutex instance;
    return instance;
}

thread_local int depth = 0;

/// Debian and Ubuntu keep the filter plug-ins where libhdf5 does not look by itself.
void add_plugin_folders() {
    for (const char* folder :
         {"/usr/lib/x86_64-linux-gnu/hdf5/serial/plugins", "/usr/lib/x86_64-linux-gnu/hdf5/plugins"}) {
        if (std::filesystem::is_directory(folder)) {
            H5PLappend(folder);
        }
    }
}

} // namespace

Lock::Lock() {
    mutex().lock();
    ++depth;
    static const bool once = (H5open(), add_plugin_folders(), register_lzf_filter(), true);
    static_cast<void>(once);
    // A library built thread-safe keeps this setting per thread, one built without keeps it once.
    thread_local bool quiet = false;
    if (!quiet) {
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
