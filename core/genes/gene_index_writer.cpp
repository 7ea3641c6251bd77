#include "core/genes/gene_index_writer.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/genes/gene_index_format.hpp"
#include "core/genes/gene_segment.hpp"

namespace ember::gene_index {

namespace {

constexpr std::size_t write_bytes = std::size_t{4} << 20;

/// A file that is written from front to back.
class Output {
public:
    explicit Output(const std::filesystem::path& file)
        : file_(file), fd_(::open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC)) {
        if (fd_ < 0) {
            fail();
        }
    }
    ~Output() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void write(std::span<const std::byte> bytes, std::uint64_t at) const {
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                fail();
            }
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            at += static_cast<std::uint64_t>(written);
        }
    }

private:
    [[noreturn]] void fail() const {
        const int error = errno;
        const Place place{file_.parent_path().string(), {}, {}};
        if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
            throw ResourceError("NoSpace", "The disk is full: genes cannot be indexed", place,
                                "Free some space, or set XDG_CACHE_HOME to a folder on another disk");
        }
        throw Error("CannotWrite", std::string("The gene index cannot be written: ") + std::strerror(error),
                    place, "Make this folder writable, or set XDG_CACHE_HOME to another one");
    }

    std::filesystem::path file_;
    int fd_;
};

class IndexWriter {
public:
    IndexWriter(const Matrix& matrix, const std::filesystem::path& file, std::uint64_t segment_entries)
        : matrix_(matrix), output_(file), segment_(matrix.cols(), segment_entries), entries_(matrix.cols()) {}

    void run(const std::string& key, JobContext& job) {
        job.begin("Indexing genes", matrix_.rows(), "cells");
        const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
            for (std::uint64_t row = 0; row < block.rows;) {
                row = segment_.append(block, row);
                if (row < block.rows) {
                    flush(job);
                }
            }
            job.advance_to(block.first_row + block.rows);
        };
        matrix_.for_each_block(visit, job);
        if (!segment_.empty()) {
            flush(job);
        }
        finish(key);
    }

private:
    /// The segment's genes, written in pieces so that cancel is heard.
    void flush(JobContext& job) {
        segment_.turn(job);
        buffer_.clear();
        std::uint64_t written = at_;
        for (std::uint64_t gene = 0; gene < matrix_.cols(); ++gene) {
            const std::size_t from = buffer_.size();
            const std::uint32_t count = segment_.encode(gene, buffer_);
            const auto payload = std::span<const std::byte>(buffer_).subspan(from);
            entries_[gene].push_back(
                {at_, count, payload_checksum(payload, gene, segments_.size(), at_, count)});
            at_ += payload.size();
            if (buffer_.size() >= write_bytes) {
                job.check_cancelled();
                output_.write(buffer_, written);
                written = at_;
                buffer_.clear();
            }
        }
        output_.write(buffer_, written);
        segments_.push_back({segment_.first_cell(), segment_.cells()});
        segment_.clear();
    }

    void finish(const std::string& key) {
        Header header = make_header(key, matrix_.rows(), matrix_.cols());
        header.segments = segments_.size();
        header.entries_at = at_;
        for (const auto& of_gene : entries_) {
            output_.write(std::as_bytes(std::span(of_gene)), at_);
            at_ += of_gene.size() * sizeof(GeneEntry);
        }
        header.segments_at = at_;
        const auto table = std::as_bytes(std::span(segments_));
        output_.write(table, at_);
        header.file_bytes = at_ + table.size();
        header.segments_checksum = gene_index::checksum(table);
        header.checksum = header_checksum(header);
        std::vector<std::byte> whole(header_bytes);
        std::memcpy(whole.data(), &header, sizeof header);
        output_.write(whole, 0);
    }

    const Matrix& matrix_;
    Output output_;
    GeneSegment segment_;
    std::vector<std::vector<GeneEntry>> entries_; ///< [genes][segments]
    std::vector<SegmentRecord> segments_;
    std::vector<std::byte> buffer_;
    std::uint64_t at_ = header_bytes;
};

} // namespace

void write_index(const Matrix& matrix, const std::string& key, const std::filesystem::path& file,
                 JobContext& job, std::uint64_t segment_entries) {
    IndexWriter(matrix, file, segment_entries).run(key, job);
}

} // namespace ember::gene_index
