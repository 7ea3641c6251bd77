#include <algorithm>

#include "core/data/column_access.hpp"
#include "core/data/sparse_matrix.hpp"

namespace ember {
ColumnAccess::~ColumnAccess() = default;
}

namespace ember::h5 {

namespace {

constexpr std::uint64_t block_entries = 2 << 20; ///< read at a time
constexpr std::uint64_t pass_entries = 8 << 20;  ///< turned into rows in one pass over the file

class CscMatrix final : public Matrix, public ColumnAccess {
public:
    explicit CscMatrix(const MatrixSpec& spec) : Matrix(spec.info), arrays_(spec) {}

    void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                        JobContext& job) const override {
        stream<float>(visit, job);
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>& visit,
                        JobContext& job) const override {
        stream<double>(visit, job);
    }
    void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const override;
    void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                     JobContext& job) const override;
    void read_column(std::uint64_t column, std::span<float> out) const override;

private:
    template<typename T>
    void stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const;
    template<typename T>
    void visit_rows(std::uint64_t first, std::uint64_t end, const std::vector<std::uint64_t>& row_starts,
                    const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const;
    std::vector<std::uint64_t> count_rows(JobContext& job) const;

    SparseArrays arrays_;
};

/// Start of each row among the entries sorted by row, [rows + 1].
std::vector<std::uint64_t> CscMatrix::count_rows(JobContext& job) const {
    std::vector<std::uint64_t> starts(rows() + 1, 0);
    std::vector<std::uint32_t> indices;
    const std::uint64_t stored = arrays_.starts().back();
    for (std::uint64_t at = 0; at < stored; at += block_entries) {
        job.check_cancelled();
        arrays_.read_indices(at, std::min(block_entries, stored - at), indices);
        for (const auto row : indices) {
            ++starts[row + 1];
        }
    }
    for (std::uint64_t row = 0; row < rows(); ++row) {
        starts[row + 1] += starts[row];
    }
    return starts;
}

template<typename T>
void CscMatrix::visit_rows(std::uint64_t first, std::uint64_t end,
                           const std::vector<std::uint64_t>& row_starts,
                           const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
    const auto& starts = arrays_.starts();
    std::vector<std::uint64_t> indptr, next;
    for (std::uint64_t row = first; row <= end; ++row) {
        indptr.push_back(row_starts[row] - row_starts[first]);
    }
    next = indptr;
    std::vector<std::uint32_t> columns(indptr.back()), indices;
    std::vector<T> sorted(indptr.back()), values;
    for (std::uint64_t col = 0; col < cols() && indptr.back() > 0;) {
        job.check_cancelled();
        const std::uint64_t stop = slice_run_end(starts, col, block_entries);
        arrays_.read(starts[col], starts[stop] - starts[col], indices, values);
        for (const std::uint64_t origin = starts[col]; col < stop; ++col) {
            for (std::uint64_t at = starts[col] - origin; at < starts[col + 1] - origin; ++at) {
                if (indices[at] >= first && indices[at] < end) {
                    const auto place = next[indices[at] - first]++;
                    columns[place] = static_cast<std::uint32_t>(col);
                    sorted[place] = values[at];
                }
            }
        }
    }
    RowBlock<T> block;
    block.first_row = first;
    block.rows = end - first;
    block.cols = cols();
    block.sparse = true;
    block.indptr = indptr;
    block.indices = columns;
    block.values = sorted;
    visit(block);
}

template<typename T>
void CscMatrix::stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
    const auto row_starts = count_rows(job);
    for (std::uint64_t row = 0; row < rows();) {
        const std::uint64_t end = slice_run_end(row_starts, row, pass_entries);
        visit_rows<T>(row, end, row_starts, visit, job);
        row = end;
    }
}

void CscMatrix::read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const {
    std::vector<std::uint64_t> wanted(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        wanted[i] = first + i;
    }
    JobContext quiet;
    gather_rows(wanted, out, quiet);
}

void CscMatrix::gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                            JobContext& job) const {
    if (out.size() != rows.size() * cols() || (!rows.empty() && rows.back() >= this->rows())) {
        throw arrays_.values().error("ShapeMismatch",
                                     "Rows are asked of '" + info_.name + "' that it does not have");
    }
    constexpr std::uint32_t unwanted = ~0U;
    std::vector<std::uint32_t> position(this->rows(), unwanted);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        position[rows[i]] = static_cast<std::uint32_t>(i);
    }
    std::fill(out.begin(), out.end(), 0.0F);
    const auto& starts = arrays_.starts();
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    for (std::uint64_t col = 0; col < cols();) {
        job.check_cancelled();
        const std::uint64_t stop = slice_run_end(starts, col, block_entries);
        arrays_.read(starts[col], starts[stop] - starts[col], indices, values);
        for (const std::uint64_t origin = starts[col]; col < stop; ++col) {
            for (std::uint64_t at = starts[col] - origin; at < starts[col + 1] - origin; ++at) {
                if (position[indices[at]] != unwanted) {
                    out[position[indices[at]] * cols() + col] += values[at];
                }
            }
        }
    }
}

void CscMatrix::read_column(std::uint64_t column, std::span<float> out) const {
    if (column >= cols() || out.size() != rows()) {
        throw arrays_.values().error("ShapeMismatch",
                                     "A column is asked of '" + info_.name + "' that it does not have");
    }
    const auto& starts = arrays_.starts();
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    arrays_.read(starts[column], starts[column + 1] - starts[column], indices, values);
    std::fill(out.begin(), out.end(), 0.0F);
    for (std::size_t at = 0; at < indices.size(); ++at) {
        out[indices[at]] += values[at];
    }
}

} // namespace

MatrixPtr open_csc(const MatrixSpec& spec) {
    return std::make_shared<CscMatrix>(spec);
}

} // namespace ember::h5
