#include "core/genes/gene_index_reader.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/genes/gene_index_format.hpp"

namespace ember::gene_index {

namespace {

// pread and no mapping: a file that is cut off while it is mapped would end the program.
class IndexFile final : public GeneIndex {
public:
    explicit IndexFile(const std::filesystem::path& file)
        : file_(file), fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~IndexFile() override {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    IndexFile(const IndexFile&) = delete;
    IndexFile& operator=(const IndexFile&) = delete;

    bool check(const std::string& key, std::uint64_t cells, std::uint64_t genes);
    std::uint64_t cells() const override { return header_.cells; }
    std::uint64_t genes() const override { return header_.genes; }
    std::vector<float> gene(std::uint64_t column) const override;

private:
    bool read(std::uint64_t at, std::span<std::byte> out) const;
    void take(std::uint64_t gene, std::uint64_t segment, const GeneEntry& entry,
              std::vector<std::byte>& bytes, std::span<float> out) const;
    [[noreturn]] void corrupt() const {
        throw Error("Corrupt", "The gene index is damaged", {file_.string(), {}, {}},
                    "Remove this file: it is made again when needed");
    }

    std::filesystem::path file_;
    int fd_;
    Header header_{};
    std::vector<SegmentRecord> segments_;
};

bool IndexFile::read(std::uint64_t at, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ssize_t got = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        out = out.subspan(static_cast<std::size_t>(got));
        at += static_cast<std::uint64_t>(got);
    }
    return true;
}

bool IndexFile::check(const std::string& key, std::uint64_t cells, std::uint64_t genes) {
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode) ||
        !read(0, std::as_writable_bytes(std::span(&header_, 1)))) {
        return false;
    }
    const Header expected = make_header(key, cells, genes);
    const bool ours = std::memcmp(header_.magic, expected.magic, sizeof expected.magic) == 0 &&
                      header_.version == version && header_.checksum == header_checksum(header_) &&
                      std::memcmp(header_.key, expected.key, sizeof expected.key) == 0 &&
                      header_.cells == cells && header_.genes == genes;
    // The checksum vouches for the numbers below; the size says that nothing is cut off.
    if (!ours || header_.file_bytes != static_cast<std::uint64_t>(status.st_size) ||
        header_.segments > cells ||
        header_.segments_at + header_.segments * sizeof(SegmentRecord) != header_.file_bytes ||
        header_.entries_at + header_.segments * genes * sizeof(GeneEntry) != header_.segments_at) {
        return false;
    }
    segments_.resize(header_.segments);
    const auto table = std::as_writable_bytes(std::span(segments_));
    if (!read(header_.segments_at, table) || checksum(table) != header_.segments_checksum) {
        return false;
    }
    std::uint64_t next = 0;
    for (const SegmentRecord& segment : segments_) {
        if (segment.first_cell != next || segment.cells > segment_cells) {
            return false;
        }
        next += segment.cells;
    }
    return next == cells;
}

void IndexFile::take(std::uint64_t gene, std::uint64_t segment, const GeneEntry& entry,
                     std::vector<std::byte>& bytes, std::span<float> out) const {
    const std::uint64_t size = payload_bytes(entry.count, out.size());
    if (entry.at < header_bytes || entry.at > header_.entries_at || size > header_.entries_at - entry.at) {
        corrupt();
    }
    bytes.resize(size);
    if (!read(entry.at, bytes) ||
        payload_checksum(bytes, gene, segment, entry.at, entry.count) != entry.checksum) {
        corrupt();
    }
    if (entry.count == stored_dense) {
        std::memcpy(out.data(), bytes.data(), bytes.size());
        return;
    }
    const std::byte* cells = bytes.data() + entry.count * sizeof(float);
    for (std::uint32_t i = 0; i < entry.count; ++i) {
        float value = 0;
        std::uint16_t cell = 0;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        std::memcpy(&cell, cells + i * sizeof cell, sizeof cell);
        if (cell >= out.size()) {
            corrupt();
        }
        out[cell] += value;
    }
}

std::vector<float> IndexFile::gene(std::uint64_t column) const {
    if (column >= genes()) {
        throw Error("MissingMember", "The matrix has no such gene");
    }
    std::vector<GeneEntry> entries(segments_.size());
    if (!read(header_.entries_at + column * entries.size() * sizeof(GeneEntry),
              std::as_writable_bytes(std::span(entries)))) {
        corrupt();
    }
    std::vector<float> values(cells(), 0.0F);
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        take(column, i, entries[i], bytes,
             std::span(values).subspan(segments_[i].first_cell, segments_[i].cells));
    }
    return values;
}

} // namespace

GeneIndexPtr open_index(const std::filesystem::path& file, const std::string& key, std::uint64_t cells,
                        std::uint64_t genes) {
    auto index = std::make_shared<IndexFile>(file);
    return index->check(key, cells, genes) ? index : nullptr;
}

} // namespace ember::gene_index
