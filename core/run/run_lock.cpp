// The lock is one of an open file description: it is asked about without being taken, works over NFS, and
// goes with the process however that ends.

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/run_status.hpp"
#include "core/run/this_machine.hpp"
#include "core/run/whole_file_lock.hpp"

namespace ember {

namespace {

constexpr const char* lock_name = "lock";

} // namespace

void throw_run_busy(const std::filesystem::path& run_directory) {
    std::string holder;
    read_small_file(run_directory / lock_name, 512, holder);
    while (!holder.empty() && holder.back() == '\n') {
        holder.pop_back();
    }
    throw Error("RunBusy",
                "Another process trains in this directory" + (holder.empty() ? "" : " (" + holder + ")"),
                {run_directory.string(), lock_name, {}},
                "Wait for it, stop it, or choose another name for the new run");
}

bool is_run_locked(const std::filesystem::path& run_directory) {
    const FileDescriptor file = FileDescriptor::open(run_directory / lock_name, O_RDONLY);
    if (!file.valid()) {
        return false;
    }
    return is_whole_file_locked(file.get());
}

RunLock::RunLock(const std::filesystem::path& run_directory) {
    const std::filesystem::path path = run_directory / lock_name;
    FileDescriptor file = FileDescriptor::open_to_write(path, O_RDWR | O_CREAT);
    if (!lock_whole_file(file.get(), false)) {
        if (errno == EAGAIN || errno == EACCES) {
            throw_run_busy(run_directory);
        }
        throw_write_error(path);
    }
    const std::string holder = "process " + std::to_string(::getpid()) + " on " + host_name() + "\n";
    if (::ftruncate(file.get(), 0) != 0) {
        throw_write_error(path);
    }
    write_all(file.get(), holder, path);
    descriptor_ = file.release();
}

RunLock::~RunLock() {
    ::close(descriptor_);
}

} // namespace ember
