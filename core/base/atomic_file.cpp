#include "core/base/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
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
        std::error_code ignored;
        std::filesystem::remove(temporary_, ignored);
    }
}

void AtomicFile::commit() {
    {
        const Descriptor fd(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC));
        if (fd.get() < 0 || ::fsync(fd.get()) != 0) {
            throw_errno(target_, "The file could not be completed");
        }
    }
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        throw_errno(target_, "The file could not be put in its place");
    }
    committed_ = true;
    sync_folder(target_.has_parent_path() ? target_.parent_path() : std::filesystem::path("."));
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
