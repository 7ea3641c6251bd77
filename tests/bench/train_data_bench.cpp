// Batches of training sets: how fast they come, and what of a training step they cost.
// usage: train_data_bench make FOLDER [CELLS]      the same log-normalised cells [CELLS × 2000], 13 % not
// zero, as
//                                                  contiguous values, gzip chunks, CSR and gzip CSR
//        train_data_bench read FOLDER [--batches N] every way of reading, 1 and 4 sets of 256
// What does not come from memory has a budget of 16 MiB, and the page cache is emptied of the file first.
// Prints one JSON object, for each way: seconds of wall clock and CPU per batch with the reader alone, and
// the share of a step of 1.5 s (1 set) or 4.5 s (4 sets) on all cores that is left for computing.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <random>

#include <fcntl.h>
#include <hdf5.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/threads.hpp"
#include "core/data/column_writer.hpp"
#include "core/data/hdf5_output.hpp"
#include "core/experiment/row_cache.hpp"
#include "core/experiment/training_data.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::uint64_t genes = 2000, chunk_cells = 500;
constexpr std::int64_t set_len = 256;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<std::string> numbered(const std::string& start, std::uint64_t count) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back(start + std::to_string(i));
    }
    return names;
}

CategoricalColumn random_labels(const std::string& start, int labels, std::uint64_t cells, unsigned seed) {
    std::mt19937 random(seed);
    CategoricalColumn column{numbered(start, static_cast<std::uint64_t>(labels)), {}, false};
    for (std::uint64_t cell = 0; cell < cells; ++cell) {
        column.codes.push_back(static_cast<std::int32_t>(random() % static_cast<unsigned>(labels)));
    }
    return column;
}

/// One storage of the matrix X: values come cell by cell from a generator that begins anew for each file.
class CellWriter {
public:
    CellWriter(const fs::path& file, std::uint64_t cells, bool csr, bool gzip)
        : output_(file), cells_(cells), csr_(csr), gzip_(gzip) {
        output_.set_encoding(output_.root(), "anndata", "0.1.0");
        const auto obs = h5::begin_table(output_, output_.root(), "obs", "_index", numbered("cell", cells));
        h5::write_column(output_, obs.get(), {"cell_type", "category", random_labels("type", 11, cells, 1)});
        h5::write_column(output_, obs.get(), {"drug", "category", random_labels("drug", 20, cells, 2)});
        h5::write_column(output_, obs.get(), {"batch", "category", random_labels("batch", 3, cells, 3)});
        h5::finish_table(output_, obs.get(), {"cell_type", "drug", "batch"});
        const auto var = h5::begin_table(output_, output_.root(), "var", "_index", numbered("G", genes));
        h5::finish_table(output_, var.get(), {});
    }

    void write() {
        if (csr_) {
            write_csr();
        } else {
            write_dense();
        }
        for (const char* name : {"layers", "obsm", "varm", "obsp", "varp", "uns"}) {
            output_.dict(output_.root(), name);
        }
        output_.finish();
    }

private:
    void next_cell(std::vector<float>& row) {
        std::fill(row.begin(), row.end(), 0.0F);
        for (int i = 0; i < 280; ++i) {
            row[random_() % genes] = std::log1p(static_cast<float>(1 + random_() % 40));
        }
    }

    h5::Handle dataset(hid_t parent, const char* name, const char* type, const std::vector<hsize_t>& dims,
                       const std::vector<hsize_t>& chunk) {
        const h5::Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
        const h5::Handle creation(H5Pcreate(H5P_DATASET_CREATE));
        if (gzip_) {
            H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data());
            H5Pset_deflate(creation.get(), 4);
        }
        return output_.create(parent, name, h5::type_of(type).get(), space.get(), creation.get());
    }

    void write_dense() {
        const auto values = dataset(output_.root(), "X", "float32", {cells_, genes}, {chunk_cells, genes});
        output_.set_encoding(values.get(), "array", "0.2.0");
        std::vector<float> block(chunk_cells * genes), row(genes);
        for (std::uint64_t first = 0; first < cells_; first += chunk_cells) {
            const std::uint64_t count = std::min(chunk_cells, cells_ - first);
            for (std::uint64_t i = 0; i < count; ++i) {
                next_cell(row);
                std::copy(row.begin(), row.end(), block.begin() + static_cast<std::ptrdiff_t>(i * genes));
            }
            output_.write_rows(values.get(), h5::type_of("float32").get(), first, count, block.data());
        }
    }

    void write_csr() {
        std::vector<float> row(genes), values;
        std::vector<std::int32_t> indices;
        std::vector<std::int64_t> indptr = {0};
        for (std::uint64_t cell = 0; cell < cells_; ++cell) {
            next_cell(row);
            for (std::uint64_t gene = 0; gene < genes; ++gene) {
                if (row[gene] != 0) {
                    indices.push_back(static_cast<std::int32_t>(gene));
                    values.push_back(row[gene]);
                }
            }
            indptr.push_back(static_cast<std::int64_t>(values.size()));
        }
        const auto x = output_.group(output_.root(), "X", "csr_matrix", "0.1.0");
        output_.set_integers(x.get(), "shape",
                             {static_cast<std::int64_t>(cells_), static_cast<std::int64_t>(genes)});
        const std::vector<hsize_t> chunk = {100000};
        const auto write_all = [&](const char* name, const char* type, std::uint64_t count,
                                   const void* data) {
            const auto part = dataset(x.get(), name, type, {count}, {std::min<hsize_t>(chunk[0], count)});
            output_.write_rows(part.get(), h5::type_of(type).get(), 0, count, data);
        };
        write_all("data", "float32", values.size(), values.data());
        write_all("indices", "int32", indices.size(), indices.data());
        write_all("indptr", "int64", indptr.size(), indptr.data());
    }

    h5::Output output_;
    std::uint64_t cells_;
    bool csr_, gzip_;
    std::mt19937 random_{7};
};

/// Tells the system to forget the pages of the files in a folder.
void forget_pages(const fs::path& folder) {
    std::error_code absent;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, absent)) {
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file >= 0) {
            ::fdatasync(file);
            ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
            ::close(file);
        }
    }
}

nlohmann::json measure(const std::string& way, const fs::path& file, std::int64_t memory, CellShuffle shuffle,
                       std::int64_t sets, int batches) {
    DataSettings settings;
    settings.files = {file};
    settings.output_space = "all";
    settings.pert_col = "drug";
    settings.cell_type_key = "cell_type";
    settings.batch_col = "batch";
    settings.control_pert = "drug0";
    settings.memory_bytes = memory;
    settings.shuffle = shuffle;
    LoopSettings loop;
    loop.batch_sets = sets;
    JobContext job;
    auto start = Clock::now();
    const auto data = TrainingData::open(settings, loop, set_len, job);
    const double open_s = std::chrono::duration<double>(Clock::now() - start).count();
    forget_pages(file.parent_path());
    forget_pages(row_cache_folder());
    const auto stream = data->stream(Split::train, 42, 0);
    const double cpu = cpu_seconds();
    start = Clock::now();
    for (int i = 0; i < batches; ++i) {
        stream->recycle(stream->next(job));
    }
    const double wall_s = std::chrono::duration<double>(Clock::now() - start).count() / batches;
    const double cpu_s = (cpu_seconds() - cpu) / batches;
    const double step_s = sets == 1 ? 1.5 : 4.5;
    const double waiting = std::max(0.0, wall_s - step_s) / step_s;
    return {{"way", way},
            {"reading", data->reading()},
            {"sets", sets},
            {"open_s", open_s},
            {"batch_wall_s", wall_s},
            {"batch_cpu_s", cpu_s},
            {"batches_per_s", 1 / wall_s},
            {"waiting_percent", 100 * waiting},
            {"compute_percent", 100 * (1 - cpu_s / (step_s * thread_budget())) / (1 + waiting)},
            {"resident_bytes", data->resident_bytes()}};
}

void read(const fs::path& folder, int batches) {
    constexpr std::int64_t plenty = std::int64_t{8} << 30, little = 16 << 20;
    setenv("XDG_CACHE_HOME", fs::absolute(folder / "cache").c_str(), 1);
    nlohmann::json figures = nlohmann::json::array();
    struct Way {
        const char *name, *file;
        std::int64_t memory;
        CellShuffle shuffle;
    };
    for (const Way& way : {Way{"memory", "contiguous.h5ad", plenty, CellShuffle::automatic},
                           Way{"contiguous", "contiguous.h5ad", little, CellShuffle::automatic},
                           Way{"gzip chunks, copied", "gzip.h5ad", little, CellShuffle::automatic},
                           Way{"gzip chunks, windows", "gzip.h5ad", little, CellShuffle::windows},
                           Way{"CSR", "csr.h5ad", little, CellShuffle::automatic},
                           Way{"gzip CSR, copied", "csr_gzip.h5ad", little, CellShuffle::automatic},
                           Way{"gzip CSR, windows", "csr_gzip.h5ad", little, CellShuffle::windows}}) {
        for (const std::int64_t sets : {1, 4}) {
            figures.push_back(measure(way.name, folder / way.file, way.memory, way.shuffle, sets, batches));
            std::cerr << figures.back().dump() << std::endl;
        }
    }
    std::cout << nlohmann::json{{"ways", figures}}.dump() << std::endl;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    try {
        const fs::path folder = arguments.at(1);
        if (arguments.at(0) == "make") {
            constexpr std::uint64_t usual = 40000;
            const std::uint64_t cells = arguments.size() > 2 ? std::stoull(arguments[2]) : usual;
            fs::create_directories(folder);
            CellWriter(folder / "contiguous.h5ad", cells, false, false).write();
            CellWriter(folder / "gzip.h5ad", cells, false, true).write();
            CellWriter(folder / "csr.h5ad", cells, true, false).write();
            CellWriter(folder / "csr_gzip.h5ad", cells, true, true).write();
        } else {
            const auto given = std::find(arguments.begin(), arguments.end(), "--batches");
            read(folder, given == arguments.end() ? 40 : std::stoi(*(given + 1)));
        }
        return 0;
    } catch (const Error& error) {
        std::cerr << error.what() << '\n';
        return static_cast<int>(error.exit_status());
    }
}
