#include "core/genes/gene_index.hpp"

#include <list>
#include <mutex>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/filesystem_failure.hpp"
#include "core/data/column_access.hpp"
#include "core/genes/gene_index_cache.hpp"
#include "core/genes/gene_index_reader.hpp"
#include "core/genes/gene_index_writer.hpp"
#include "core/genes/gene_segment.hpp"

namespace ember {

namespace {

/// The indices used last, so that the next gene needs no key: what the file and the matrix were called, and
/// when the file was changed.
class OpenIndices {
public:
    using Stamp = std::pair<std::filesystem::file_time_type, std::uintmax_t>;

    static OpenIndices& instance() {
        static OpenIndices indices;
        return indices;
    }

    GeneIndexPtr find(const std::string& name, const Stamp& stamp) {
        const std::lock_guard lock(mutex_);
        for (auto at = kept_.begin(); at != kept_.end(); ++at) {
            if (at->name == name && at->stamp == stamp) {
                kept_.splice(kept_.begin(), kept_, at);
                return kept_.front().index;
            }
        }
        return nullptr;
    }

    void keep(const std::string& name, const Stamp& stamp, GeneIndexPtr index) {
        const std::lock_guard lock(mutex_);
        kept_.remove_if([&name](const Kept& kept) { return kept.name == name; });
        kept_.push_front({name, stamp, std::move(index)});
        if (kept_.size() > most) {
            kept_.pop_back();
        }
    }

    void drop(const std::string& name) {
        const std::lock_guard lock(mutex_);
        kept_.remove_if([&name](const Kept& kept) { return kept.name == name; });
    }

private:
    static constexpr std::size_t most = 8;
    struct Kept {
        std::string name;
        Stamp stamp;
        GeneIndexPtr index;
    };
    std::mutex mutex_;
    std::list<Kept> kept_;
};

std::string name_of(const AnnData& data, const MatrixSource& source) {
    return data.path().string() + '\n' + to_string(source) + '\n' + gene_index_folder().string();
}

std::optional<OpenIndices::Stamp> stamp_of(const AnnData& data) {
    std::error_code failure;
    const auto time = std::filesystem::last_write_time(data.path(), failure);
    const auto size = failure ? 0 : std::filesystem::file_size(data.path(), failure);
    return failure ? std::nullopt : std::optional(OpenIndices::Stamp{time, size});
}

void create_folder() {
    try {
        std::filesystem::create_directories(gene_index_folder());
    } catch (const std::filesystem::filesystem_error& failure) {
        if (failure.code() == std::errc::no_space_on_device) {
            throw_filesystem_failure(failure);
        }
        throw Error("CannotWrite", "The folder of gene indices cannot be made: " + failure.code().message(),
                    {gene_index_folder().string(), {}, {}},
                    "Set XDG_CACHE_HOME to a folder that you may write to");
    }
}

} // namespace

bool wants_gene_index(const Matrix& matrix) {
    constexpr std::uint64_t quick_entries = 4 << 20; ///< read in well under 100 ms, compressed or not
    return dynamic_cast<const ColumnAccess*>(&matrix) == nullptr && matrix.info().stored > quick_entries;
}

GeneIndexPtr find_gene_index(const AnnData& data, const MatrixSource& source, JobContext& job) {
    const auto stamp = stamp_of(data);
    if (!stamp) {
        return nullptr;
    }
    const std::string name = name_of(data, source);
    if (GeneIndexPtr index = OpenIndices::instance().find(name, *stamp)) {
        return index;
    }
    const MatrixPtr matrix = data.matrix(source);
    const std::string key = gene_index::key_of(data, *matrix);
    job.check_cancelled();
    const std::filesystem::path file = gene_index::file_of(key);
    std::error_code ignored;
    if (key.empty() || !std::filesystem::exists(file, ignored)) {
        return nullptr;
    }
    GeneIndexPtr index = gene_index::open_index(file, key, matrix->rows(), matrix->cols());
    if (index == nullptr) {
        std::filesystem::remove(file, ignored);
        return nullptr;
    }
    gene_index::touch(file);
    OpenIndices::instance().keep(name, *stamp, index);
    return index;
}

GeneIndexPtr make_gene_index(const AnnData& data, const MatrixSource& source, JobContext& job) {
    if (GeneIndexPtr index = find_gene_index(data, source, job)) {
        return index;
    }
    const MatrixPtr matrix = data.matrix(source);
    const std::string key = gene_index::key_of(data, *matrix);
    if (key.empty()) {
        throw Error("CannotRead", "The file cannot be read", {data.path().string(), {}, {}},
                    "Check that it is still there");
    }
    create_folder();
    const std::filesystem::path file = gene_index::file_of(key);
    const gene_index::BuildLock lock(file.string() + ".lock", job);
    if (GeneIndexPtr index = find_gene_index(data, source, job)) {
        return index; // another builder was quicker
    }
    AtomicFile output(file);
    gene_index::write_index(*matrix, key, output.temporary(), job, gene_index::GeneSegment::most_entries);
    if (gene_index::key_of(data, *matrix) != key) {
        throw Error("FileChanged", "The file was changed while its genes were indexed",
                    {data.path().string(), {}, {}}, "Open it again");
    }
    job.check_cancelled();
    output.place();
    gene_index::make_room(file);
    GeneIndexPtr index = find_gene_index(data, source, job);
    if (index == nullptr) {
        throw Error("Corrupt", "The gene index that was written cannot be read", {file.string(), {}, {}},
                    "Check the disk, or set XDG_CACHE_HOME to a folder on another one");
    }
    return index;
}

std::vector<float> gene_values(const AnnData& data, const MatrixSource& source, std::uint64_t column,
                               JobContext& job) {
    if (const GeneIndexPtr index = find_gene_index(data, source, job)) {
        try {
            return index->gene(column);
        } catch (const Error& error) {
            if (error.class_name() != "Corrupt") {
                throw;
            }
            OpenIndices::instance().drop(name_of(data, source));
            std::error_code ignored;
            std::filesystem::remove(gene_index::file_of(gene_index::key_of(data, *data.matrix(source))),
                                    ignored);
        }
    }
    return read_gene(data, source, column, job);
}

} // namespace ember
