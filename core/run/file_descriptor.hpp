#pragma once
// A POSIX file descriptor that closes itself, and writing that says why it fails.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace ember {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
    ~FileDescriptor();
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }

    /// As open(2), with O_CLOEXEC; `valid()` is false when it fails (errno tells).
    static FileDescriptor open(const std::filesystem::path& file, int flags) noexcept;
    /// The same, for writing. Throws ResourceError `NoSpace` or Error `CannotWrite`.
    static FileDescriptor open_to_write(const std::filesystem::path& file, int flags);

    bool valid() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    /// Gives the descriptor away.
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

/// Writes everything. Throws ResourceError `NoSpace` or Error `CannotWrite`, which name `file`.
void write_all(int descriptor, std::span<const std::byte> bytes, const std::filesystem::path& file);
void write_all(int descriptor, std::string_view text, const std::filesystem::path& file);

/// Throws the error of the last system call (errno).
[[noreturn]] void throw_write_error(const std::filesystem::path& file);

/// The whole of a small file; empty when it cannot be read. At most `most_bytes` are read.
bool read_small_file(const std::filesystem::path& file, std::size_t most_bytes, std::string& text);

} // namespace ember
