#include "core/base/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// A POSIX file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// The temporaries of this process that are not yet in their place.
struct Pending {
    std::mutex mutex;
    std::set<std::filesystem::path> files;
};

Pending& pending() {
    static Pending files;
    return files;
}

[[noreturn]] void throw_errno(const std::filesystem::path& file, const char* what) {
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT) {
        throw ResourceError("NoSpace", std::string(what) + ": the disk is full", {file.string(), {}, {}},
                            "Free some space or choose another folder");
    }
    throw Error("CannotWrite", std::string(what) + ": " + std::strerror(error), {file.string(), {}, {}},
                "Choose a folder that exists and that you may write to");
}

void sync_folder(const std::filesystem::path& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() >= 0) {
        ::fsync(fd.get()); // some network file systems refuse; the rename itself has succeeded
    }
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
    const auto folder = target_.has_parent_path() ? target_.parent_path() : std::filesystem::path(".");
    std::random_device random;
    // O_EXCL with mode 0666 gives the permissions of any other new file, which mkstemp does not.
    for (int attempt = 0; attempt < 16; ++attempt) {
        temporary_ = folder / ("." + target_.filename().string() + "." + std::to_string(random()) + ".part");
        const Descriptor fd(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (fd.get() >= 0) {
            const std::lock_guard lock(pending().mutex);
            pending().files.insert(temporary_);
            return;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    throw_errno(target_, "The file cannot be written");
}

AtomicFile::~AtomicFile() {
    if (!committed_) {
        const std::lock_guard lock(pending().mutex);
        pending().files.erase(temporary_);
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::commit() {
    {
        const Descriptor fd(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
        if (fd.get() < 0 || ::fsync(fd.get()) != 0) {
            throw_errno(target_, "The file could not be completed");
        }
    }
    place();
    sync_folder(target_.has_parent_path() ? target_.parent_path() : std::filesystem::path("."));
}

void AtomicFile::place() {
    const std::lock_guard lock(pending().mutex);
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        throw_errno(target_, "The file could not be put in its place");
    }
    committed_ = true;
    pending().files.erase(temporary_);
}

void remove_temporary_files() noexcept {
    const std::lock_guard lock(pending().mutex);
    for (const std::filesystem::path& file : pending().files) {
        ::unlink(file.c_str());
    }
}

void write_file_atomically(const std::filesystem::path& target, std::string_view content) {
    AtomicFile file(target);
    {
        const Descriptor fd(::open(file.temporary().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
        if (fd.get() < 0) {
            throw_errno(target, "The file cannot be written");
        }
        while (!content.empty()) {
            const ssize_t written = ::write(fd.get(), content.data(), content.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                throw_errno(target, "The file cannot be written");
            }
            content.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    file.commit();
}

} // namespace ember
