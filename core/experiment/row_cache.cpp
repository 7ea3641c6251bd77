#include "core/experiment/row_cache.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>

#include "core/base/error.hpp"
#include "core/base/filesystem_failure.hpp"
#include "core/experiment/row_cache_file.hpp"
#include "core/genes/gene_index_cache.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

constexpr const char* ending = ".rows";

fs::path file_of(const std::string& key) {
    return row_cache_folder() / (key + ending);
}

struct Copy {
    fs::path file;
    fs::file_time_type used;
    std::uint64_t bytes = 0;
};

/// Removes the copies that were not used for longest, and what crashed programs left a day ago.
void make_room(const fs::path& keep, std::uint64_t most) {
    std::vector<Copy> copies;
    std::error_code ignored;
    const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
    for (const fs::directory_entry& entry : fs::directory_iterator(row_cache_folder(), ignored)) {
        const Copy copy{entry.path(), entry.last_write_time(ignored), entry.file_size(ignored)};
        if (copy.file.extension() == ending && copy.file != keep) {
            copies.push_back(copy);
        } else if (copy.file.extension() != ending && copy.used < yesterday) {
            fs::remove(copy.file, ignored);
        }
    }
    std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return a.used > b.used; });
    std::uint64_t bytes = 0;
    for (const Copy& copy : copies) {
        bytes += copy.bytes;
        if (bytes > most) {
            fs::remove(copy.file, ignored);
        }
    }
}

void require_space(std::uint64_t needed) {
    std::error_code failure;
    const fs::space_info space = fs::space(row_cache_folder(), failure);
    constexpr std::uint64_t reserve = std::uint64_t{1} << 30; // left for everybody else
    if (!failure && space.available < needed + reserve) {
        throw ResourceError(
            "NoSpace",
            "A copy of the cells for fast reading needs " + std::to_string(needed >> 20U) + " MiB, and " +
                std::to_string(space.available >> 20U) + " MiB are free",
            {row_cache_folder().string(), {}, {}},
            "Free disk space, raise data.kwargs.memory_bytes, or set data.kwargs.shuffle=windows");
    }
}

} // namespace

fs::path row_cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && fs::path(cache).is_absolute()) {
        return fs::path(cache) / "emberview" / "training-cells";
    }
    const char* home = std::getenv("HOME");
    const fs::path base = home != nullptr && *home != '\0' ? fs::path(home) : fs::temp_directory_path();
    return base / ".cache" / "emberview" / "training-cells";
}

std::uint64_t row_cache_bytes(const Matrix& matrix, JobContext& job) {
    const std::uint64_t dense = matrix.rows() * matrix.cols() * sizeof(float);
    std::uint64_t entries = matrix.info().stored;
    if (matrix.info().encoding == MatrixEncoding::dense) {
        constexpr std::uint64_t places = 5, run = 20;
        const std::uint64_t count = std::min<std::uint64_t>(run, matrix.rows());
        std::vector<float> values(count * matrix.cols());
        std::uint64_t filled = 0;
        for (std::uint64_t place = 0; place < places && count > 0; ++place) {
            job.check_cancelled();
            matrix.read_rows((matrix.rows() - count) * place / (places - 1), count, values);
            filled +=
                values.size() - static_cast<std::uint64_t>(std::count(values.begin(), values.end(), 0.0F));
        }
        entries = count == 0 ? 0 : filled * matrix.rows() / (count * places) * 21 / 20;
    }
    return std::min(dense, entries * row_cache::entry_bytes) + matrix.rows() * sizeof(row_cache::RowRecord) +
           sizeof(row_cache::RowHeader);
}

bool has_row_cache(const AnnData& data, const Matrix& matrix) {
    const std::string key = gene_index::key_of(data, matrix);
    return !key.empty() && row_cache::open_file(file_of(key), key, matrix.info()) != nullptr;
}

MatrixPtr open_row_cache(const AnnData& data, const MatrixPtr& matrix, std::uint64_t most, JobContext& job) {
    const std::string key = gene_index::key_of(data, *matrix);
    if (key.empty()) {
        throw Error("CannotRead", "The file cannot be read", {data.path().string(), {}, {}},
                    "Check that it is there and that you may read it");
    }
    try {
        fs::create_directories(row_cache_folder());
    } catch (const fs::filesystem_error& failure) {
        throw_filesystem_failure(failure);
    }
    const fs::path file = file_of(key);
    const gene_index::BuildLock one_builder(fs::path(file).replace_extension(".lock"), job);
    MatrixPtr copy = row_cache::open_file(file, key, matrix->info());
    if (!copy) {
        const std::uint64_t needed = row_cache_bytes(*matrix, job);
        make_room(file, most > needed ? most - needed : 0);
        require_space(needed);
        row_cache::write_file(file, key, *matrix, job);
        copy = row_cache::open_file(file, key, matrix->info());
    }
    if (!copy) {
        throw Error("Corrupt", "The copy of the cells was damaged as soon as it was written",
                    {file.string(), {}, {}}, "Check the disk, and remove this file");
    }
    gene_index::touch(file);
    return copy;
}

} // namespace ember
