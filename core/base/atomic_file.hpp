#pragma once
// Replaces files whole or not at all.

#include <filesystem>
#include <string_view>

namespace ember {

/// A temporary file in the folder of `target`. commit() makes it durable and moves it over the target;
/// without commit() the destructor removes it, so a failed or cancelled job leaves nothing behind.
class AtomicFile {
public:
    /// Reserves a temporary name beside `target`. Throws Error `CannotWrite` when the folder is missing or
    /// not writable.
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    const std::filesystem::path& temporary() const noexcept { return temporary_; }
    const std::filesystem::path& target() const noexcept { return target_; }

    /// fsync, rename over the target, fsync of the folder. Throws ResourceError `NoSpace` or Error
    /// `CannotWrite`.
    void commit();

    /// As commit(), without waiting for the disk: for caches, whose content is checked when it is read.
    void place();

private:
    std::filesystem::path target_, temporary_;
    bool committed_ = false;
};

/// Removes the temporaries of all files that are being written: for a process that leaves at once, without
/// destructors. Their commit() fails afterwards.
void remove_temporary_files() noexcept;

/// Writes `content` to `target` atomically.
void write_file_atomically(const std::filesystem::path& target, std::string_view content);

} // namespace ember
