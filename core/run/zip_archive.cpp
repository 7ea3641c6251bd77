#include "core/run/zip_archive.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/run/crc32.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

constexpr std::uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50,
                        end_signature = 0x06054b50, end64_signature = 0x06064b50,
                        locator_signature = 0x07064b50;
constexpr std::size_t local_size = 30, central_size = 46, end_size = 22, end64_size = 56, locator_size = 20;
constexpr std::uint32_t in_zip64 = 0xffffffff;

} // namespace

bool looks_like_zip(std::span<const std::byte> bytes) noexcept {
    return bytes.size() >= 4 && read_little_endian<std::uint32_t>(bytes, 0) == local_signature;
}

void ZipArchive::corrupt(const std::string& what, const std::string& key) const {
    throw Error("Corrupt", "The archive is damaged: " + what, {file_, is_utf8(key) ? key : "", {}},
                "Copy the file again from its source");
}

ZipArchive::ZipArchive(std::span<const std::byte> bytes, std::string file)
    : bytes_(bytes), file_(std::move(file)) {
    const Directory directory = find_directory();
    read_entries(directory);
    check_overlap(directory);
}

ZipArchive::Directory ZipArchive::find_directory() const {
    if (!looks_like_zip(bytes_)) {
        throw Error("NotACheckpoint", "The file is not a zip archive as PyTorch writes it", {file_, "", {}},
                    "Choose a .ckpt, .pt or .safetensors file");
    }
    // The end record is followed by a comment of at most 65,535 bytes.
    const std::uint64_t size = bytes_.size();
    const std::uint64_t lowest = size < end_size + 65535 ? 0 : size - end_size - 65535;
    for (std::uint64_t at = size < end_size ? 0 : size - end_size + 1; at-- > lowest;) {
        if (read_little_endian<std::uint32_t>(bytes_, at) != end_signature ||
            at + end_size + read_little_endian<std::uint16_t>(bytes_, at + 20) != size) {
            continue;
        }
        if (read_little_endian<std::uint16_t>(bytes_, at + 4) != 0 ||
            read_little_endian<std::uint16_t>(bytes_, at + 6) != 0) {
            throw Error("UnsupportedType", "The archive is split over several files", {file_, "", {}});
        }
        Directory directory;
        directory.count = read_little_endian<std::uint16_t>(bytes_, at + 10);
        directory.size = read_little_endian<std::uint32_t>(bytes_, at + 12);
        directory.offset = read_little_endian<std::uint32_t>(bytes_, at + 16);
        directory.end = at;
        if (at >= locator_size &&
            read_little_endian<std::uint32_t>(bytes_, at - locator_size) == locator_signature) {
            directory = zip64_directory(at - locator_size);
        }
        if (directory.offset > directory.end || directory.size != directory.end - directory.offset) {
            corrupt("its directory does not lie where the end record says");
        }
        return directory;
    }
    throw Error("Truncated", "The archive has no end record: the file is cut off", {file_, "", {}},
                "Copy the file again from its source");
}

ZipArchive::Directory ZipArchive::zip64_directory(std::uint64_t locator) const {
    const auto at = read_little_endian<std::uint64_t>(bytes_, locator + 8);
    if (locator < end64_size || at > locator - end64_size ||
        read_little_endian<std::uint32_t>(bytes_, at) != end64_signature) {
        corrupt("its zip64 end record is not where the locator says");
    }
    Directory directory;
    directory.count = read_little_endian<std::uint64_t>(bytes_, at + 32);
    directory.size = read_little_endian<std::uint64_t>(bytes_, at + 40);
    directory.offset = read_little_endian<std::uint64_t>(bytes_, at + 48);
    directory.end = at;
    return directory;
}

void ZipArchive::read_entries(const Directory& directory) {
    if (directory.count > directory.size / central_size) {
        corrupt("its directory is too small for the number of entries");
    }
    entries_.reserve(directory.count);
    std::uint64_t at = directory.offset;
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        entries_.push_back(read_entry(at, directory));
    }
    if (at != directory.end) {
        corrupt("its directory holds more than the number of entries");
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!index_.emplace(entries_[i].name, i).second) {
            corrupt("an entry appears twice", entries_[i].name);
        }
    }
}

ZipEntry ZipArchive::read_entry(std::uint64_t& at, const Directory& directory) const {
    if (directory.end - at < central_size ||
        read_little_endian<std::uint32_t>(bytes_, at) != central_signature) {
        corrupt("a directory entry is cut off");
    }
    const auto flags = read_little_endian<std::uint16_t>(bytes_, at + 8);
    const auto method = read_little_endian<std::uint16_t>(bytes_, at + 10);
    const auto packed_size = read_little_endian<std::uint32_t>(bytes_, at + 20);
    const std::uint64_t name_length = read_little_endian<std::uint16_t>(bytes_, at + 28);
    const std::uint64_t extra_length = read_little_endian<std::uint16_t>(bytes_, at + 30);
    const std::uint64_t comment_length = read_little_endian<std::uint16_t>(bytes_, at + 32);
    if (directory.end - at - central_size < name_length + extra_length + comment_length) {
        corrupt("a directory entry is cut off");
    }
    ZipEntry entry;
    const auto* const name = reinterpret_cast<const char*>(bytes_.data() + at + central_size);
    entry.name.assign(name, name_length);
    entry.crc = read_little_endian<std::uint32_t>(bytes_, at + 16);
    entry.size = read_little_endian<std::uint32_t>(bytes_, at + 24);
    entry.header_offset = read_little_endian<std::uint32_t>(bytes_, at + 42);
    if (method != 0 || (flags & 0x41) != 0) {
        throw Error("UnsupportedType",
                    method != 0 ? "An entry of the archive is compressed, which PyTorch never does"
                                : "An entry of the archive is encrypted",
                    {file_, is_utf8(entry.name) ? entry.name : "", {}},
                    "Save the model again with torch.save");
    }
    read_zip64_extra(at + central_size + name_length, extra_length, entry, packed_size);
    at += central_size + name_length + extra_length + comment_length;
    return entry;
}

void ZipArchive::read_zip64_extra(std::uint64_t at, std::uint64_t length, ZipEntry& entry,
                                  std::uint32_t packed_size32) const {
    const std::uint64_t end = at + length;
    std::uint64_t packed_size = packed_size32;
    bool missing = entry.size == in_zip64 || packed_size == in_zip64 || entry.header_offset == in_zip64;
    while (missing && end - at >= 4) {
        const auto id = read_little_endian<std::uint16_t>(bytes_, at);
        const std::uint64_t field_end = at + 4 + read_little_endian<std::uint16_t>(bytes_, at + 2);
        at += 4;
        if (field_end > end) {
            break;
        }
        if (id == 1) {
            missing = false;
            for (std::uint64_t* value : {&entry.size, &packed_size, &entry.header_offset}) {
                if (*value == in_zip64) {
                    if (field_end - at < 8) {
                        corrupt("a zip64 field is cut off", entry.name);
                    }
                    *value = read_little_endian<std::uint64_t>(bytes_, at);
                    at += 8;
                }
            }
        }
        at = field_end;
    }
    if (missing || packed_size != entry.size) {
        corrupt("an entry's sizes contradict each other", entry.name);
    }
}

void ZipArchive::check_overlap(const Directory& directory) {
    std::vector<ZipEntry*> order;
    order.reserve(entries_.size());
    for (ZipEntry& entry : entries_) {
        order.push_back(&entry);
    }
    std::sort(order.begin(), order.end(),
              [](const ZipEntry* a, const ZipEntry* b) { return a->header_offset < b->header_offset; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        ZipEntry& entry = *order[i];
        entry.end_limit = i + 1 < order.size() ? order[i + 1]->header_offset : directory.offset;
        const std::uint64_t fixed = local_size + entry.name.size();
        if (entry.header_offset > entry.end_limit || entry.end_limit > directory.offset ||
            entry.end_limit - entry.header_offset < fixed ||
            entry.end_limit - entry.header_offset - fixed < entry.size) {
            corrupt("an entry reaches into the next one or beyond the file", entry.name);
        }
    }
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &entries_[found->second];
}

std::span<const std::byte> ZipArchive::data(const ZipEntry& entry) const {
    const std::uint64_t at = entry.header_offset;
    if (read_little_endian<std::uint32_t>(bytes_, at) != local_signature ||
        read_little_endian<std::uint16_t>(bytes_, at + 8) != 0 ||
        read_little_endian<std::uint16_t>(bytes_, at + 26) != entry.name.size()) {
        corrupt("an entry's local header differs from the directory", entry.name);
    }
    const std::uint64_t start =
        at + local_size + entry.name.size() + read_little_endian<std::uint16_t>(bytes_, at + 28);
    if (start > entry.end_limit || entry.end_limit - start < entry.size) {
        corrupt("an entry reaches into the next one or beyond the file", entry.name);
    }
    return bytes_.subspan(start, entry.size);
}

std::span<const std::byte> ZipArchive::checked_data(const ZipEntry& entry) const {
    const std::span<const std::byte> found = data(entry);
    if (entry.crc != 0 && crc32_of(0, found) != entry.crc) {
        corrupt("an entry's checksum is wrong", entry.name);
    }
    return found;
}

} // namespace ember
