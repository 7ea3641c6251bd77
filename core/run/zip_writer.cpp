#include "core/run/zip_writer.hpp"

#include <fcntl.h>
#include <stdexcept>

#include "core/run/crc32.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/little_endian.hpp"

namespace ember {

namespace {

constexpr std::uint64_t alignment = 64, in_zip64 = 0xffffffff;
constexpr std::uint16_t flags = 0x0808; ///< checksum behind the data, names in UTF-8
constexpr std::size_t local_bytes = 30, extra_bytes = 4, buffer_bytes = std::size_t{1} << 20;
/// So much is handed to the disk at a time, so that the wait at the end is short.
constexpr std::uint64_t writeback_bytes = std::uint64_t{32} << 20;

/// The number's bytes, in the width that the format has for it.
template<typename T>
std::string little(std::uint64_t value) {
    return little_endian_text(static_cast<T>(value));
}

} // namespace

ZipWriter::ZipWriter(int descriptor, std::filesystem::path file)
    : descriptor_(descriptor), file_(std::move(file)) {
    buffer_.reserve(buffer_bytes);
}

void ZipWriter::flush() {
    write_all(descriptor_, std::span<const std::byte>(buffer_), file_);
    buffer_.clear();
}

void ZipWriter::put(std::span<const std::byte> bytes) {
    position_ += bytes.size();
    if (buffer_.size() + bytes.size() > buffer_bytes) {
        flush();
    }
    if (bytes.size() < buffer_bytes) {
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
        return;
    }
    write_all(descriptor_, bytes, file_);
    if (position_ - started_ >= writeback_bytes) {
        // Only a hint: where the file system does not know it, all is written at the end.
        ::sync_file_range(descriptor_, static_cast<off64_t>(started_),
                          static_cast<off64_t>(position_ - started_), SYNC_FILE_RANGE_WRITE);
        started_ = position_;
    }
}

void ZipWriter::put(std::string_view text) {
    put(std::as_bytes(std::span(text)));
}

void ZipWriter::begin(std::string name, std::uint64_t size) {
    Entry entry;
    entry.name = std::move(name);
    entry.offset = position_;
    entry.size = size;
    const std::string zip64 = size < in_zip64 ? ""
                                              : little<std::uint16_t>(1) + little<std::uint16_t>(16) +
                                                    little<std::uint64_t>(0) + little<std::uint64_t>(0);
    const std::uint64_t start = position_ + local_bytes + entry.name.size() + zip64.size() + extra_bytes;
    const std::uint64_t padding = (alignment - start % alignment) % alignment;
    std::string header = little<std::uint32_t>(0x04034b50) + little<std::uint16_t>(zip64.empty() ? 0 : 45) +
                         little<std::uint16_t>(flags);
    header.append(6, '\0'); // stored; no date; the checksum comes behind the data
    const std::uint64_t shown = zip64.empty() ? 0 : in_zip64;
    header += little<std::uint32_t>(0) + little<std::uint32_t>(shown) + little<std::uint32_t>(shown);
    header += little<std::uint16_t>(entry.name.size()) +
              little<std::uint16_t>(zip64.size() + extra_bytes + padding);
    put(header + entry.name + zip64 + "FB" + little<std::uint16_t>(padding) + std::string(padding, 'Z'));
    entries_.push_back(std::move(entry));
}

void ZipWriter::write(std::span<const std::byte> piece) {
    Entry& entry = entries_.back();
    entry.crc = crc32_of(entry.crc, piece);
    entry.given += piece.size();
    put(piece);
}

void ZipWriter::end() {
    const Entry& entry = entries_.back();
    if (entry.given != entry.size) {
        throw std::logic_error("a zip entry was announced with another size");
    }
    std::string descriptor = little<std::uint32_t>(0x08074b50) + little<std::uint32_t>(entry.crc);
    descriptor += entry.size < in_zip64
                      ? little<std::uint32_t>(entry.size) + little<std::uint32_t>(entry.size)
                      : little<std::uint64_t>(entry.size) + little<std::uint64_t>(entry.size);
    put(descriptor);
    combined_ = combined_ * 0x9e3779b97f4a7c15ULL + entry.crc + 1;
}

void ZipWriter::add(std::string name, std::string_view content) {
    begin(std::move(name), content.size());
    write(std::as_bytes(std::span(content)));
    end();
}

std::string ZipWriter::central_header(const Entry& entry) const {
    std::string large;
    if (entry.size >= in_zip64) {
        large += little<std::uint64_t>(entry.size) + little<std::uint64_t>(entry.size);
    }
    if (entry.offset >= in_zip64) {
        large += little<std::uint64_t>(entry.offset);
    }
    const auto narrow = [](std::uint64_t value) {
        return little<std::uint32_t>(value < in_zip64 ? value : in_zip64);
    };
    const std::string extra =
        large.empty() ? "" : little<std::uint16_t>(1) + little<std::uint16_t>(large.size()) + large;
    return little<std::uint32_t>(0x02014b50) + little<std::uint16_t>(0) +
           little<std::uint16_t>(large.empty() ? 0 : 45) + little<std::uint16_t>(flags) +
           std::string(6, '\0') + little<std::uint32_t>(entry.crc) + narrow(entry.size) + narrow(entry.size) +
           little<std::uint16_t>(entry.name.size()) + little<std::uint16_t>(extra.size()) +
           std::string(10, '\0') + narrow(entry.offset) + entry.name + extra;
}

void ZipWriter::finish() {
    const std::uint64_t start = position_, count = entries_.size();
    std::string directory;
    for (const Entry& entry : entries_) {
        directory += central_header(entry);
    }
    put(directory);
    const std::uint64_t end = position_;
    const bool fits = start < in_zip64 && directory.size() < in_zip64 && count < 0xffff;
    put(little<std::uint32_t>(0x06064b50) + little<std::uint64_t>(44) + little<std::uint16_t>(0x031e) +
        little<std::uint16_t>(45) + std::string(8, '\0') + little<std::uint64_t>(count) +
        little<std::uint64_t>(count) + little<std::uint64_t>(directory.size()) +
        little<std::uint64_t>(start));
    put(little<std::uint32_t>(0x07064b50) + little<std::uint32_t>(0) + little<std::uint64_t>(end) +
        little<std::uint32_t>(1));
    const auto shown_count = little<std::uint16_t>(fits ? count : 0xffff);
    put(little<std::uint32_t>(0x06054b50) + little<std::uint32_t>(0) + shown_count + shown_count +
        little<std::uint32_t>(fits ? directory.size() : in_zip64) +
        little<std::uint32_t>(fits ? start : in_zip64) + little<std::uint16_t>(0));
    flush();
}

} // namespace ember
