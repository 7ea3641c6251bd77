#include "memory_anndata.hpp"

#include <algorithm>

namespace ember::test {

namespace {

MatrixInfo info_of(const std::string& name, const MemoryMatrix& matrix) {
    MatrixInfo info;
    info.name = name;
    info.rows = matrix.rows;
    info.cols = matrix.cols;
    info.encoding = matrix.sparse ? MatrixEncoding::csr : MatrixEncoding::dense;
    info.dtype = matrix.needs_double ? "float64" : "float32";
    info.stored = matrix.values.size();
    info.needs_double = matrix.needs_double;
    return info;
}

class StoredMatrix : public Matrix {
public:
    StoredMatrix(const std::string& name, MemoryMatrix matrix)
        : Matrix(info_of(name, matrix)), stored_(std::move(matrix)) {}

    void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                        JobContext& job) const override {
        stream<float>(visit, job);
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>& visit,
                        JobContext& job) const override {
        stream<double>(visit, job);
    }
    void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const override {
        const auto begin = stored_.values.begin() + static_cast<std::ptrdiff_t>(first * stored_.cols);
        std::copy(begin, begin + static_cast<std::ptrdiff_t>(count * stored_.cols), out.begin());
    }
    void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out, JobContext&) const override {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            read_rows(rows[i], 1, out.subspan(i * stored_.cols, stored_.cols));
        }
    }

private:
    template<typename T>
    void stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
        for (std::uint64_t first = 0; first < stored_.rows; first += stored_.block_rows) {
            job.check_cancelled();
            const std::uint64_t rows = std::min(stored_.block_rows, stored_.rows - first);
            stored_.sparse ? visit_sparse(visit, first, rows) : visit_dense(visit, first, rows);
        }
    }

    template<typename T>
    void visit_dense(const std::function<void(const RowBlock<T>&)>& visit, std::uint64_t first,
                     std::uint64_t rows) const {
        const auto begin = stored_.values.begin() + static_cast<std::ptrdiff_t>(first * stored_.cols);
        const std::vector<T> values(begin, begin + static_cast<std::ptrdiff_t>(rows * stored_.cols));
        RowBlock<T> block;
        block.first_row = first;
        block.rows = rows;
        block.cols = stored_.cols;
        block.dense = values;
        visit(block);
    }

    template<typename T>
    void visit_sparse(const std::function<void(const RowBlock<T>&)>& visit, std::uint64_t first,
                      std::uint64_t rows) const {
        std::vector<std::uint64_t> indptr = {0};
        std::vector<std::uint32_t> indices;
        std::vector<T> values;
        for (std::uint64_t row = first; row < first + rows; ++row) {
            for (std::uint64_t col = 0; col < stored_.cols; ++col) {
                if (const double value = stored_.values[row * stored_.cols + col]; value != 0) {
                    indices.push_back(static_cast<std::uint32_t>(col));
                    values.push_back(static_cast<T>(value));
                }
            }
            indptr.push_back(values.size());
        }
        RowBlock<T> block;
        block.first_row = first;
        block.rows = rows;
        block.cols = stored_.cols;
        block.sparse = true;
        block.indptr = indptr;
        block.indices = indices;
        block.values = values;
        visit(block);
    }

    MemoryMatrix stored_;
};

} // namespace

MemoryAnnData::MemoryAnnData(std::uint64_t cells, std::uint64_t genes) {
    for (std::uint64_t i = 0; i < cells; ++i) {
        obs_names_.push_back("cell" + std::to_string(i));
    }
    for (std::uint64_t i = 0; i < genes; ++i) {
        var_names_.push_back("gene" + std::to_string(i));
    }
}

MemoryAnnData& MemoryAnnData::set_x(MemoryMatrix matrix) {
    matrices_["X"] = std::make_shared<StoredMatrix>("X", std::move(matrix));
    return *this;
}

MemoryAnnData& MemoryAnnData::set_obsm(const std::string& key, MemoryMatrix matrix) {
    obsm_.push_back({key, matrix.rows, matrix.cols, false});
    matrices_["obsm/" + key] = std::make_shared<StoredMatrix>("obsm/" + key, std::move(matrix));
    return *this;
}

MemoryAnnData& MemoryAnnData::add_column(Column column) {
    obs_columns_.push_back({column.name, column.dtype});
    const std::string name = column.name;
    columns_[name] = std::make_shared<const Column>(std::move(column));
    return *this;
}

MemoryAnnData& MemoryAnnData::add_text(const std::string& name, std::vector<std::string> labels) {
    return add_column({name, "object", TextColumn{std::move(labels), {}}});
}

MemoryAnnData& MemoryAnnData::add_categories(const std::string& name, CategoricalColumn column) {
    return add_column({name, "category", std::move(column)});
}

MemoryAnnData& MemoryAnnData::add_numbers(const std::string& name, std::vector<double> values) {
    return add_column({name, "float64", NumericColumn{std::move(values), {}}});
}

MemoryAnnData& MemoryAnnData::set_var_names(std::vector<std::string> names) {
    var_names_ = std::move(names);
    return *this;
}

MemoryAnnData& MemoryAnnData::set_obs_names(std::vector<std::string> names) {
    obs_names_ = std::move(names);
    return *this;
}

std::shared_ptr<const Column> MemoryAnnData::obs(const std::string& name) const {
    const auto found = columns_.find(name);
    if (found == columns_.end()) {
        throw Error("MissingMember", "There is no obs column '" + name + "'");
    }
    return found->second;
}

std::shared_ptr<const Column> MemoryAnnData::var(const std::string& name) const {
    throw Error("MissingMember", "There is no var column '" + name + "'");
}

MatrixPtr MemoryAnnData::matrix(const MatrixSource& source) const {
    const auto found = matrices_.find(to_string(source));
    if (found == matrices_.end()) {
        throw Error("MissingMember", "There is no matrix '" + to_string(source) + "'");
    }
    return found->second;
}

} // namespace ember::test
