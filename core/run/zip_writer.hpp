#pragma once
// A zip archive written in one pass, byte for byte in the manner of PyTorch: stored entries whose data begin
// at multiples of 64 bytes, checksums behind the data, zip64 where it is needed.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ember {

class ZipWriter {
public:
    /// Writes to an open, empty file, which stays the caller's; `file` is named in errors. Every method
    /// throws ResourceError `NoSpace` or Error `CannotWrite`.
    ZipWriter(int descriptor, std::filesystem::path file);
    ZipWriter(const ZipWriter&) = delete;
    ZipWriter& operator=(const ZipWriter&) = delete;

    /// An entry of exactly `size` bytes, given by write() in pieces.
    void begin(std::string name, std::uint64_t size);
    void write(std::span<const std::byte> piece);
    void end();
    /// A whole small entry.
    void add(std::string name, std::string_view content);

    /// The directory; nothing can be added after it.
    void finish();

    /// A number that depends on all checksums so far.
    std::uint64_t combined_checksum() const noexcept { return combined_; }

private:
    struct Entry {
        std::string name;
        std::uint64_t offset = 0, size = 0, given = 0;
        std::uint32_t crc = 0;
    };
    std::string central_header(const Entry& entry) const;
    void put(std::span<const std::byte> bytes);
    void put(std::string_view text);
    void flush();

    int descriptor_;
    std::filesystem::path file_;
    std::vector<Entry> entries_;
    std::uint64_t position_ = 0, combined_ = 0, started_ = 0;
    std::vector<std::byte> buffer_;
};

} // namespace ember
