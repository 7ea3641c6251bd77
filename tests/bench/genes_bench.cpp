// Differential expression of eleven cell types, each against the rest.
// usage: genes_bench make FILE.h5ad [ROWS]         log-normalised counts [ROWS × 2000] as CSR, 13 % not zero
//        genes_bench wilcoxon FILE.h5ad [--no-tie-correct] [--t-test] [--scores OUT.npy]
//                                                  the matrix in memory, then the file to the result
// Prints one JSON object.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <numeric>
#include <random>
#include <string>

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/column_writer.hpp"
#include "core/data/hdf5_output.hpp"
#include "core/data/npy.hpp"
#include "core/genes/differential_expression.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace ember;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Csr {
    std::uint64_t rows = 0, cols = 0;
    std::vector<std::uint64_t> indptr = {0};
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
};

/// Counts of eleven cell types of unequal size; each expresses forty genes of its own four times as strongly.
Csr make_counts(std::uint64_t rows, std::vector<std::int32_t>& type) {
    constexpr std::uint64_t genes = 2000, own = 40;
    std::mt19937_64 random(1);
    std::gamma_distribution<double> strength(0.35, 0.45);
    std::lognormal_distribution<double> depth(0, 0.4);
    std::discrete_distribution<std::int32_t> types(
        {18579, 11299, 11178, 6258, 2348, 2000, 1800, 1400, 1200, 800, 436});
    std::vector<double> base(genes);
    std::generate(base.begin(), base.end(), [&] { return strength(random); });
    Csr made{rows, genes, {0}, {}, {}};
    for (std::uint64_t row = 0; row < rows; ++row) {
        type.push_back(types(random));
        const double scale = depth(random);
        double total = 0;
        const std::size_t first = made.values.size();
        for (std::uint64_t gene = 0; gene < genes; ++gene) {
            const bool marker = gene / own == static_cast<std::uint64_t>(type.back());
            const double mean = base[gene] * scale * (marker ? 4 : 1) + 1e-12;
            if (const int count = std::poisson_distribution<int>(mean)(random); count > 0) {
                made.indices.push_back(static_cast<std::uint32_t>(gene));
                made.values.push_back(static_cast<float>(count));
                total += count;
            }
        }
        for (std::size_t i = first; i < made.values.size(); ++i) {
            made.values[i] =
                static_cast<float>(std::log1p(1e4 * static_cast<double>(made.values[i]) / total));
        }
        made.indptr.push_back(made.values.size());
    }
    return made;
}

std::vector<std::string> numbered(const std::string& start, std::uint64_t count) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back(start + std::to_string(i));
    }
    return names;
}

void make(const std::string& file, std::uint64_t rows) {
    CategoricalColumn types{numbered("c", 11), {}, false};
    const Csr made = make_counts(rows, types.codes);
    h5::Output output(file);
    output.set_encoding(output.root(), "anndata", "0.1.0");
    const auto obs = h5::begin_table(output, output.root(), "obs", "_index", numbered("cell", rows));
    h5::write_column(output, obs.get(), {"cell_type", "category", types});
    h5::finish_table(output, obs.get(), {"cell_type"});
    const auto var = h5::begin_table(output, output.root(), "var", "_index", numbered("G", made.cols));
    h5::finish_table(output, var.get(), {});
    const auto x = output.group(output.root(), "X", "csr_matrix", "0.1.0");
    output.set_integers(x.get(), "shape",
                        {static_cast<std::int64_t>(made.rows), static_cast<std::int64_t>(made.cols)});
    const std::vector<std::int32_t> indices(made.indices.begin(), made.indices.end());
    const std::vector<std::int32_t> indptr(made.indptr.begin(), made.indptr.end());
    output.write_array(x.get(), "data", h5::type_of("float32").get(), {made.values.size()},
                       made.values.data());
    output.write_array(x.get(), "indices", h5::type_of("int32").get(), {indices.size()}, indices.data());
    output.write_array(x.get(), "indptr", h5::type_of("int32").get(), {indptr.size()}, indptr.data());
    for (const char* name : {"layers", "obsm", "varm", "obsp", "varp", "uns"}) {
        output.dict(output.root(), name);
    }
    output.finish();
}

/// What the peer has before its clock starts.
class CsrInMemory : public Matrix {
public:
    CsrInMemory(const Matrix& matrix, JobContext& job) : Matrix(matrix.info()) {
        const std::function<void(const RowBlock<float>&)> keep = [&](const RowBlock<float>& block) {
            for (std::uint64_t row = 0; row < block.rows; ++row) {
                csr_.indptr.push_back(csr_.indices.size() + block.indptr[row + 1]);
            }
            csr_.indices.insert(csr_.indices.end(), block.indices.begin(), block.indices.end());
            csr_.values.insert(csr_.values.end(), block.values.begin(), block.values.end());
        };
        matrix.for_each_block(keep, job);
    }
    void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                        JobContext&) const override {
        RowBlock<float> block;
        block.rows = rows();
        block.cols = cols();
        block.sparse = true;
        block.indptr = csr_.indptr;
        block.indices = csr_.indices;
        block.values = csr_.values;
        visit(block);
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>&, JobContext&) const override {
        throw UsageError("The benchmark reads single precision");
    }
    void read_rows(std::uint64_t, std::uint64_t, std::span<float>) const override {
        throw UsageError("The benchmark reads blocks");
    }
    void gather_rows(std::span<const std::uint64_t>, std::span<float>, JobContext&) const override {
        throw UsageError("The benchmark reads blocks");
    }

private:
    Csr csr_;
};

/// The file with its matrix in memory.
class CellsInMemory : public AnnData {
public:
    CellsInMemory(AnnDataPtr file, JobContext& job)
        : file_(std::move(file)), matrix_(std::make_shared<CsrInMemory>(*file_->matrix({}), job)) {}
    const std::filesystem::path& path() const override { return file_->path(); }
    const std::string& generation() const override { return file_->generation(); }
    std::uint64_t n_obs() const override { return file_->n_obs(); }
    std::uint64_t n_vars() const override { return file_->n_vars(); }
    bool has_x() const override { return true; }
    const std::vector<std::string>& obs_names() const override { return file_->obs_names(); }
    const std::vector<std::string>& var_names() const override { return file_->var_names(); }
    const std::vector<ColumnInfo>& obs_columns() const override { return file_->obs_columns(); }
    const std::vector<ColumnInfo>& var_columns() const override { return file_->var_columns(); }
    std::shared_ptr<const Column> obs(const std::string& name) const override { return file_->obs(name); }
    std::shared_ptr<const Column> var(const std::string& name) const override { return file_->var(name); }
    const std::vector<std::string>& layers() const override { return file_->layers(); }
    const std::vector<MemberInfo>& obsm() const override { return file_->obsm(); }
    const std::vector<MemberInfo>& varm() const override { return file_->varm(); }
    const std::vector<MemberInfo>& obsp() const override { return file_->obsp(); }
    const std::vector<std::string>& uns_keys() const override { return file_->uns_keys(); }
    std::optional<MemberInfo> raw_x() const override { return {}; }
    MatrixPtr matrix(const MatrixSource&) const override { return matrix_; }
    std::vector<std::string> raw_var_names() const override { return {}; }
    nlohmann::json uns(const std::string& path) const override { return file_->uns(path); }
    std::vector<std::string> colors(const std::string& column) const override {
        return file_->colors(column);
    }

private:
    AnnDataPtr file_;
    MatrixPtr matrix_;
};

void write_scores(const DifferentialResult& result, const std::string& file) {
    NpyWriter writer(file, result.tables.size(), result.genes.size());
    for (std::uint64_t t = 0; t < result.tables.size(); ++t) {
        const std::vector<float> row(result.tables[t].score.begin(), result.tables[t].score.end());
        writer.write_rows(std::span(&t, 1), row);
    }
    writer.finish();
}

nlohmann::json wilcoxon(const std::vector<std::string>& arguments) {
    const auto has = [&](const char* name) {
        return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
    };
    JobContext job;
    DifferentialRequest request;
    request.adata = arguments.at(1);
    request.groupby = "cell_type";
    request.tie_correct = !has("--no-tie-correct");
    request.test = has("--t-test") ? GeneTest::welch : GeneTest::wilcoxon;
    auto start = Clock::now();
    const DifferentialResult from_file = differential_expression(*AnnData::open(request.adata), request, job);
    const double file_s = seconds_since(start);
    const CellsInMemory cells(AnnData::open(request.adata), job);
    const double cpu = cpu_seconds();
    start = Clock::now();
    const DifferentialResult result = differential_expression(cells, request, job);
    const double memory_s = seconds_since(start);
    const double memory_cpu_s = cpu_seconds() - cpu;
    if (has("--scores")) {
        write_scores(result, *(std::find(arguments.begin(), arguments.end(), "--scores") + 1));
    }
    return {{"file_s", file_s},       {"memory_s", memory_s},         {"memory_cpu_s", memory_cpu_s},
            {"cells", cells.n_obs()}, {"genes", result.genes.size()}, {"groups", result.tables.size()}};
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.size() >= 2 && arguments[0] == "make") {
        make(arguments[1], arguments.size() > 2 ? std::stoull(arguments[2]) : 57298);
        return 0;
    }
    if (arguments.size() >= 2 && arguments[0] == "wilcoxon") {
        std::cout << wilcoxon(arguments) << '\n';
        return 0;
    }
    std::cerr
        << "usage: genes_bench make FILE.h5ad [ROWS] | wilcoxon FILE.h5ad [--no-tie-correct] [--t-test] "
           "[--scores OUT.npy]\n";
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
