#include <algorithm>

#include "core/data/sparse_matrix.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t block_entries = 2 << 20;
constexpr std::uint64_t gap_entries = 4096; ///< unwanted entries read along between wanted rows, at least

class CsrMatrix final : public Matrix {
public:
    explicit CsrMatrix(const MatrixSpec& spec) : Matrix(spec.info), arrays_(spec) {}

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

private:
    template<typename T>
    void stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const;

    SparseArrays arrays_;
};

template<typename T>
void CsrMatrix::stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
    const auto& starts = arrays_.starts();
    std::vector<std::uint32_t> indices;
    std::vector<T> values;
    std::vector<std::uint64_t> indptr;
    for (std::uint64_t row = 0; row < rows();) {
        job.check_cancelled();
        const std::uint64_t end = slice_run_end(starts, row, block_entries);
        arrays_.read(starts[row], starts[end] - starts[row], indices, values);
        indptr.clear();
        for (std::uint64_t i = row; i <= end; ++i) {
            indptr.push_back(starts[i] - starts[row]);
        }
        RowBlock<T> block;
        block.first_row = row;
        block.rows = end - row;
        block.cols = cols();
        block.sparse = true;
        block.indptr = indptr;
        block.indices = indices;
        block.values = values;
        visit(block);
        row = end;
    }
}

void CsrMatrix::read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const {
    std::vector<std::uint64_t> wanted(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        wanted[i] = first + i;
    }
    JobContext quiet;
    gather_rows(wanted, out, quiet);
}

void CsrMatrix::gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                            JobContext& job) const {
    if (out.size() != rows.size() * cols() || (!rows.empty() && rows.back() >= this->rows())) {
        throw arrays_.values().error("ShapeMismatch",
                                     "Rows are asked of '" + info_.name + "' that it does not have");
    }
    const auto& starts = arrays_.starts();
    // What lies in the same chunk is decoded anyway.
    const std::uint64_t gap = std::max(gap_entries, arrays_.values().chunk_rows());
    std::fill(out.begin(), out.end(), 0.0F);
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    for (std::size_t begin = 0; begin < rows.size();) {
        job.check_cancelled();
        const std::uint64_t first = starts[rows[begin]];
        std::size_t end = begin + 1;
        while (end < rows.size() && starts[rows[end]] - starts[rows[end - 1] + 1] <= gap &&
               starts[rows[end] + 1] - first <= block_entries) {
            ++end;
        }
        arrays_.read(first, starts[rows[end - 1] + 1] - first, indices, values);
        for (std::size_t i = begin; i < end; ++i) {
            float* row = out.data() + i * cols();
            for (std::uint64_t at = starts[rows[i]] - first; at < starts[rows[i] + 1] - first; ++at) {
                row[indices[at]] += values[at];
            }
        }
        begin = end;
    }
}

} // namespace

MatrixPtr open_csr(const MatrixSpec& spec) {
    return std::make_shared<CsrMatrix>(spec);
}

} // namespace ember::h5
