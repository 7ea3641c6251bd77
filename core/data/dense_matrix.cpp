#include "core/data/dense_matrix.hpp"

#include <algorithm>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/data/compound_table.hpp"
#include "core/data/convert.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t block_bytes = 16 << 20;
constexpr std::uint64_t largest_aligned_block = 64 << 20; ///< blocks grow to whole chunks up to here
constexpr std::uint64_t gap_rows = 4;                     ///< unwanted rows read along between wanted ones
constexpr std::size_t convert_grain = 1 << 18;            ///< values per task

template<typename T>
void convert_parallel(const ElementType& type, std::span<const std::byte> bytes, std::span<T> out) {
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, out.size(), convert_grain),
                          [&](const tbb::blocked_range<std::size_t>& range) {
                              convert(type,
                                      bytes.subspan(range.begin() * type.size, range.size() * type.size),
                                      out.subspan(range.begin(), range.size()));
                          });
    });
}

class DenseMatrix final : public Matrix {
public:
    explicit DenseMatrix(const MatrixSpec& spec)
        : Matrix(spec.info),
          dataset_(spec.dense ? spec.dense : spec.table),
          compound_(spec.dense ? TableField{} : find_field(*spec.table, spec.field)),
          is_field_(!spec.dense),
          type_(is_field_ ? compound_.type : dataset_->type()) {}

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
    template<typename T>
    void read(std::uint64_t first, std::uint64_t count, std::span<T> out, std::vector<std::byte>& raw) const;
    std::uint64_t rows_per_block(std::uint64_t value_bytes) const;
    void require_possible_rows(std::uint64_t value_bytes) const; ///< before a row is allocated
    std::size_t run_end(std::span<const std::uint64_t> rows, std::size_t begin, std::uint64_t most) const;

    DatasetPtr dataset_;
    TableField compound_;
    bool is_field_;
    ElementType type_;
};

std::uint64_t DenseMatrix::rows_per_block(std::uint64_t value_bytes) const {
    const std::uint64_t row_bytes =
        std::max<std::uint64_t>(1, cols() * std::max<std::uint64_t>(value_bytes, type_.size));
    const std::uint64_t fitting = std::max<std::uint64_t>(1, block_bytes / row_bytes);
    const std::uint64_t chunk = is_field_ ? 0 : dataset_->chunk_rows();
    if (chunk < 2) {
        return fitting;
    }
    if (chunk >= fitting) {
        return chunk * row_bytes <= largest_aligned_block ? chunk : fitting;
    }
    return fitting / chunk * chunk;
}

void DenseMatrix::require_possible_rows(std::uint64_t value_bytes) const {
    if (cols() > largest_aligned_block / value_bytes && !dataset_->plausible()) {
        throw dataset_->error("ShapeMismatch", "'" + info_.name + "' declares " + std::to_string(cols()) +
                                                   " columns, more than the file can hold");
    }
}

template<typename T>
void DenseMatrix::read(std::uint64_t first, std::uint64_t count, std::span<T> out,
                       std::vector<std::byte>& raw) const {
    if (!is_field_ && type_.native_float(sizeof(T))) {
        dataset_->read_rows(first, count, std::as_writable_bytes(out));
        return;
    }
    raw.resize(count * cols() * type_.size);
    if (is_field_) {
        read_field(*dataset_, compound_, first, count, raw);
    } else {
        dataset_->read_rows(first, count, raw);
    }
    convert_parallel(type_, std::span<const std::byte>(raw), out);
}

template<typename T>
void DenseMatrix::stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
    require_possible_rows(sizeof(T));
    const std::uint64_t step = rows_per_block(sizeof(T));
    std::vector<T> values;
    std::vector<std::byte> raw;
    for (std::uint64_t row = 0; row < rows(); row += step) {
        job.check_cancelled();
        RowBlock<T> block;
        block.first_row = row;
        block.rows = std::min(step, rows() - row);
        block.cols = cols();
        values.resize(block.rows * cols());
        read<T>(row, block.rows, values, raw);
        block.dense = values;
        visit(block);
    }
}

void DenseMatrix::read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const {
    if (first > rows() || count > rows() - first || out.size() != count * cols()) {
        throw dataset_->error("ShapeMismatch",
                              "Rows are asked of '" + info_.name + "' that it does not have");
    }
    const std::uint64_t step = rows_per_block(sizeof(float));
    std::vector<std::byte> raw;
    for (std::uint64_t row = 0; row < count;) {
        // End at multiples of the block, so that no chunk is decoded twice.
        const std::uint64_t n = std::min(count - row, step - (first + row) % step);
        read<float>(first + row, n, out.subspan(row * cols(), n * cols()), raw);
        row += n;
    }
}

/// End of a run of wanted rows that lie in one block, near enough to be read together.
std::size_t DenseMatrix::run_end(std::span<const std::uint64_t> rows, std::size_t begin,
                                 std::uint64_t most) const {
    const bool together = !is_field_ && dataset_->chunked();
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end] / most == rows[begin] / most &&
           (together || rows[end] - rows[end - 1] <= gap_rows)) {
        ++end;
    }
    return end;
}

void DenseMatrix::gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                              JobContext& job) const {
    if (out.size() != rows.size() * cols() || (!rows.empty() && rows.back() >= this->rows())) {
        throw dataset_->error("ShapeMismatch",
                              "Rows are asked of '" + info_.name + "' that it does not have");
    }
    const std::uint64_t most = rows_per_block(sizeof(float));
    std::vector<float> window;
    std::vector<std::byte> raw;
    for (std::size_t begin = 0; begin < rows.size();) {
        job.check_cancelled();
        const std::size_t end = run_end(rows, begin, most);
        const std::uint64_t first = rows[begin], count = rows[end - 1] - first + 1;
        if (count == end - begin) {
            read<float>(first, count, out.subspan(begin * cols(), count * cols()), raw);
        } else {
            window.resize(count * cols());
            read<float>(first, count, window, raw);
            for (std::size_t i = begin; i < end; ++i) {
                std::copy_n(window.data() + (rows[i] - first) * cols(), cols(), out.data() + i * cols());
            }
        }
        begin = end;
    }
}

} // namespace

MatrixPtr open_dense(const MatrixSpec& spec) {
    return std::make_shared<DenseMatrix>(spec);
}

} // namespace ember::h5
