#include "core/genes/gene_index_cache.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/fingerprint.hpp"
#include "core/genes/gene_index.hpp"

namespace ember {

namespace fs = std::filesystem;

fs::path gene_index_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && fs::path(cache).is_absolute()) {
        return fs::path(cache) / "emberview" / "gene-index";
    }
    const char* home = std::getenv("HOME");
    const fs::path base = home != nullptr && *home != '\0' ? fs::path(home) : fs::temp_directory_path();
    return base / ".cache" / "emberview" / "gene-index";
}

namespace gene_index {

namespace {

constexpr std::uint64_t piece_bytes = 64 << 10;
constexpr std::uint64_t pieces = 18;
constexpr const char* ending = ".genes";

/// Pieces of a file, evenly spread, first and last among them.
std::string pieces_of(const fs::path& file, std::uint64_t size) {
    std::ifstream stream(file, std::ios::binary);
    std::string text, piece;
    const std::uint64_t last = size > piece_bytes ? size - piece_bytes : 0;
    for (std::uint64_t i = 0; i < pieces && stream; ++i) {
        piece.resize(std::min(size, piece_bytes));
        stream.seekg(static_cast<std::streamoff>(last * i / (pieces - 1)));
        stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text += piece;
    }
    return stream ? text : std::string();
}

struct Kept {
    fs::path file;
    fs::file_time_type used;
    std::uint64_t bytes = 0;
};

std::vector<Kept> files_in(const fs::path& folder) {
    std::vector<Kept> files;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.is_regular_file(ignored)) {
            files.push_back({entry.path(), entry.last_write_time(ignored), entry.file_size(ignored)});
        }
    }
    return files;
}

} // namespace

std::string key_of(const AnnData& data, const Matrix& matrix) {
    struct stat status {};
    if (::stat(data.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
        return {};
    }
    std::string text = pieces_of(data.path(), static_cast<std::uint64_t>(status.st_size));
    if (text.empty()) {
        return {};
    }
    const MatrixInfo& info = matrix.info();
    for (const std::uint64_t number :
         {static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_mtim.tv_sec),
          static_cast<std::uint64_t>(status.st_mtim.tv_nsec), info.rows, info.cols, info.stored}) {
        text += ' ' + std::to_string(number);
    }
    text += ' ' + info.name;
    return sha256_of_bytes(text.data(), text.size());
}

fs::path file_of(const std::string& key) {
    return gene_index_folder() / (key + ending);
}

void make_room(const fs::path& keep, std::uint64_t most) noexcept {
    try {
        std::vector<Kept> files = files_in(gene_index_folder());
        const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
        std::error_code ignored;
        std::erase_if(files, [&](const Kept& kept) {
            const bool left_over = kept.file.extension() != ending && kept.used < yesterday;
            if (left_over) {
                fs::remove(kept.file, ignored);
            }
            return left_over || kept.file == keep || kept.file.extension() != ending;
        });
        std::sort(files.begin(), files.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
        std::uint64_t bytes = 0;
        for (const Kept& kept : files) {
            bytes += kept.bytes;
        }
        for (const Kept& kept : files) {
            if (bytes <= most) {
                break;
            }
            fs::remove(kept.file, ignored);
            bytes -= kept.bytes;
        }
    } catch (...) {
        return; // a folder that cannot be tidied is no reason to fail
    }
}

void touch(const fs::path& file) noexcept {
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);
}

BuildLock::BuildLock(const fs::path& file, JobContext& job)
    : file_(file), fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    constexpr std::chrono::milliseconds pause(40);
    while (fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
        if (job.cancel_requested()) {
            ::close(fd_);
            job.check_cancelled();
        }
        std::this_thread::sleep_for(pause);
    }
}

BuildLock::~BuildLock() {
    if (fd_ >= 0) {
        ::unlink(file_.c_str());
        ::close(fd_);
    }
}

} // namespace gene_index
} // namespace ember
