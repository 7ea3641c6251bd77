#pragma once
// The directory of a zip archive as PyTorch writes it: stored entries only, zip64, every bound checked.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ember {

struct ZipEntry {
    std::string name;
    std::uint64_t header_offset = 0; ///< of the local header
    std::uint64_t size = 0;          ///< bytes of data
    std::uint64_t end_limit = 0;     ///< the next entry's header, or the central directory
    std::uint32_t crc = 0;           ///< CRC-32 of the data; 0: PyTorch was told not to compute it
};

/// Views into `bytes`, which must outlive the archive. Only the central directory is read when it is made.
class ZipArchive {
public:
    /// Errors: NotACheckpoint (no zip), Truncated, Corrupt, UnsupportedType (compressed, encrypted or split).
    ZipArchive(std::span<const std::byte> bytes, std::string file);
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;
    ZipArchive(ZipArchive&&) = default;
    ZipArchive& operator=(ZipArchive&&) = default;
    ~ZipArchive() = default;

    const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
    const ZipEntry* find(std::string_view name) const;

    /// The entry's data, located by its local header, which is checked here.
    std::span<const std::byte> data(const ZipEntry& entry) const;

    /// As data(), and Corrupt when the checksum differs.
    std::span<const std::byte> checked_data(const ZipEntry& entry) const;

private:
    struct Directory {
        std::uint64_t offset = 0, size = 0, count = 0, end = 0;
    };
    Directory find_directory() const;
    Directory zip64_directory(std::uint64_t locator) const;
    void read_entries(const Directory& directory);
    ZipEntry read_entry(std::uint64_t& at, const Directory& directory) const;
    void read_zip64_extra(std::uint64_t at, std::uint64_t length, ZipEntry& entry,
                          std::uint32_t packed_size) const;
    void check_overlap(const Directory& directory);
    [[noreturn]] void corrupt(const std::string& what, const std::string& key = {}) const;

    std::span<const std::byte> bytes_;
    std::string file_;
    std::vector<ZipEntry> entries_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

/// Whether the bytes begin like a zip archive.
bool looks_like_zip(std::span<const std::byte> bytes) noexcept;

} // namespace ember
