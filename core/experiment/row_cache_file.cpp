#include "core/experiment/row_cache_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/experiment/counter_random.hpp"

namespace ember::row_cache {

namespace {

constexpr char magic[8] = {'E', 'M', 'B', 'R', 'O', 'W', 'S', '1'};

std::uint64_t checksum(std::span<const std::byte> bytes) {
    std::uint64_t sum = bytes.size();
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t count = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), count);
        sum = (sum ^ word) * 0x9E3779B97F4A7C15ULL;
        sum ^= sum >> 29U;
        bytes = bytes.subspan(count);
    }
    return CounterRandom::mix(sum);
}

template<typename T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

std::uint64_t header_check(const RowHeader& header) {
    return checksum(bytes_of(header).first(offsetof(RowHeader, check)));
}

class Descriptor {
public:
    Descriptor(const std::filesystem::path& file, int flags) : fd_(::open(file.c_str(), flags, 0666)) {}
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

// pread and no mapping: a file that is cut off while it is mapped would end the program.
class CachedRows final : public Matrix {
public:
    CachedRows(std::filesystem::path file, MatrixInfo info)
        : Matrix(std::move(info)), file_(std::move(file)), fd_(file_, O_RDONLY | O_CLOEXEC | O_NONBLOCK) {}

    bool check(const std::string& key);
    void for_each_block(const std::function<void(const RowBlock<float>&)>&, JobContext&) const override {
        throw UsageError("A row cache gives rows, no blocks");
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>&, JobContext&) const override {
        throw UsageError("A row cache gives rows, no blocks");
    }
    void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const override {
        std::vector<std::byte> bytes;
        for (std::uint64_t row = 0; row < count; ++row) {
            read_row(first + row, bytes, out.subspan(row * cols(), cols()));
        }
    }
    void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                     JobContext& job) const override {
        std::vector<std::byte> bytes;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            job.check_cancelled();
            read_row(rows[i], bytes, out.subspan(i * cols(), cols()));
        }
    }

private:
    bool read(std::uint64_t at, std::span<std::byte> out) const;
    void read_row(std::uint64_t row, std::vector<std::byte>& bytes, std::span<float> out) const;
    [[noreturn]] void corrupt() const {
        throw Error("Corrupt", "The copy of the cells for fast reading is damaged", {file_.string(), {}, {}},
                    "Remove this file: it is made again when needed");
    }

    std::filesystem::path file_;
    Descriptor fd_;
    RowHeader header_{};
    std::vector<RowRecord> records_;
};

bool CachedRows::read(std::uint64_t at, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ssize_t got = ::pread(fd_.get(), out.data(), out.size(), static_cast<off_t>(at));
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

bool CachedRows::check(const std::string& key) {
    struct stat status {};
    if (fd_.get() < 0 || ::fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        !read(0, std::as_writable_bytes(std::span(&header_, 1)))) {
        return false;
    }
    if (std::memcmp(header_.magic, magic, sizeof magic) != 0 || header_.version != 1 ||
        header_.check != header_check(header_) || key.size() != sizeof header_.key ||
        std::memcmp(header_.key, key.data(), key.size()) != 0 || header_.rows != rows() ||
        header_.cols != cols() || header_.file_bytes != static_cast<std::uint64_t>(status.st_size) ||
        header_.records_at + rows() * sizeof(RowRecord) != header_.file_bytes) {
        return false;
    }
    records_.resize(rows());
    const auto table = std::as_writable_bytes(std::span(records_));
    return read(header_.records_at, table) && checksum(table) == header_.records_check;
}

void CachedRows::read_row(std::uint64_t row, std::vector<std::byte>& bytes, std::span<float> out) const {
    const RowRecord& record = records_.at(row);
    if (record.entries == dense_row) {
        const auto raw = std::as_writable_bytes(out);
        if (!read(record.at, raw) || static_cast<std::uint32_t>(checksum(raw)) != record.check) {
            corrupt();
        }
        return;
    }
    bytes.resize(record.entries * entry_bytes);
    if (!read(record.at, bytes) || static_cast<std::uint32_t>(checksum(bytes)) != record.check) {
        corrupt();
    }
    std::fill(out.begin(), out.end(), 0.0F);
    const std::byte* columns = bytes.data();
    const std::byte* values = columns + record.entries * sizeof(std::uint32_t);
    for (std::uint32_t i = 0; i < record.entries; ++i) {
        std::uint32_t column = 0;
        std::memcpy(&column, columns + i * sizeof column, sizeof column);
        if (column >= out.size()) {
            corrupt();
        }
        std::memcpy(&out[column], values + i * sizeof(float), sizeof(float));
    }
}

/// Collects rows and writes them in large pieces.
class Writer {
public:
    explicit Writer(const std::filesystem::path& file)
        : atomic_(file), fd_(atomic_.temporary(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC) {
        put(bytes_of(RowHeader{}));
    }

    void add(std::span<const float> row) {
        std::uint32_t entries = 0;
        for (const float value : row) {
            entries += value != 0 ? 1 : 0; // a NaN is not zero
        }
        const bool sparse = entries * entry_bytes < row.size_bytes();
        if (sparse) {
            pack(row, entries);
        }
        const auto bytes = sparse ? std::span<const std::byte>(packed_) : std::as_bytes(row);
        records_.push_back({at_, sparse ? entries : dense_row, static_cast<std::uint32_t>(checksum(bytes))});
        put(bytes);
    }

    void finish(const std::string& key, std::uint64_t cols) {
        RowHeader header{};
        std::memcpy(header.magic, magic, sizeof magic);
        std::memcpy(header.key, key.data(), sizeof header.key);
        header.version = 1;
        header.rows = records_.size();
        header.cols = cols;
        header.records_at = at_;
        const auto table = std::as_bytes(std::span<const RowRecord>(records_));
        header.records_check = checksum(table);
        put(table);
        header.file_bytes = at_;
        header.check = header_check(header);
        flush();
        write_at(0, bytes_of(header));
        atomic_.place();
    }

private:
    void pack(std::span<const float> row, std::uint32_t entries) {
        packed_.resize(entries * entry_bytes);
        std::byte* columns = packed_.data();
        std::byte* values = columns + entries * sizeof(std::uint32_t);
        for (std::uint32_t column = 0; column < row.size(); ++column) {
            if (row[column] != 0) {
                std::memcpy(columns, &column, sizeof column);
                std::memcpy(values, &row[column], sizeof(float));
                columns += sizeof column;
                values += sizeof(float);
            }
        }
    }

    void put(std::span<const std::byte> bytes) {
        constexpr std::size_t piece = 4 << 20;
        at_ += bytes.size();
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        if (pending_.size() >= piece) {
            flush();
        }
    }

    void flush() {
        write_at(written_, pending_);
        written_ += pending_.size();
        pending_.clear();
    }

    void write_at(std::uint64_t at, std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count <= 0) {
                fail();
            }
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            at += static_cast<std::uint64_t>(count);
        }
    }

    [[noreturn]] void fail() const {
        const std::string place = atomic_.target().parent_path().string();
        if (errno == ENOSPC || errno == EDQUOT) {
            throw ResourceError("NoSpace", "The disk is full", {place, {}, {}},
                                "Free disk space, or set data.kwargs.shuffle=windows");
        }
        throw Error("CannotWrite", "The copy of the cells cannot be written", {place, {}, {}},
                    "Check that you may write to this folder");
    }

    AtomicFile atomic_;
    Descriptor fd_;
    std::uint64_t at_ = 0, written_ = 0;
    std::vector<std::byte> pending_, packed_;
    std::vector<RowRecord> records_;
};

} // namespace

MatrixPtr open_file(const std::filesystem::path& file, const std::string& key, const MatrixInfo& info) {
    MatrixInfo copy = info;
    copy.encoding = MatrixEncoding::dense;
    copy.contiguous = true;
    copy.chunk_rows = 0;
    const auto rows = std::make_shared<CachedRows>(file, std::move(copy));
    return rows->check(key) ? rows : nullptr;
}

void write_file(const std::filesystem::path& file, const std::string& key, const Matrix& matrix,
                JobContext& job) {
    Writer writer(file);
    job.begin("Copying cells for fast reading", matrix.rows(), "cells");
    std::vector<float> scratch;
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        for (std::uint64_t row = 0; row < block.rows; ++row) {
            if (!block.sparse) {
                writer.add(block.dense.subspan(row * block.cols, block.cols));
                continue;
            }
            scratch.assign(block.cols, 0.0F);
            for (std::uint64_t i = block.indptr[row]; i < block.indptr[row + 1]; ++i) {
                scratch[block.indices[i]] += block.values[i];
            }
            writer.add(scratch);
        }
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
    writer.finish(key, matrix.cols());
}

} // namespace ember::row_cache
