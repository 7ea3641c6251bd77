#pragma once
// A file's bytes without reading them: a read-only memory mapping.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace ember {

/// A read-only mapping of a whole regular file; unmapped with the last owner.
class MappedFile {
public:
    /// Throws Error `CannotRead` (no such file, a folder, no permission).
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const noexcept { return bytes_; }

private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::span<const std::byte> bytes_;
};

} // namespace ember
