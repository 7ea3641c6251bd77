#include "core/data/matrix_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ember {

namespace {

class Summariser {
public:
    explicit Summariser(const Matrix& matrix) : rows_(matrix.rows()), cols_(matrix.cols()) {}

    void add(const RowBlock<double>& block) {
        for (std::uint64_t i = 0; i < block.rows; ++i) {
            const double row_sum = block.sparse ? add_sparse_row(block, i) : add_dense_row(block, i);
            if (block.first_row + i == 0) {
                result_.row_sum_first = row_sum;
            }
            if (block.first_row + i + 1 == rows_) {
                result_.row_sum_last = row_sum;
            }
        }
    }

    MatrixSummary result() const {
        auto result = result_;
        result.min = result.finite > 0 ? min_ : 0;
        result.max = result.finite > 0 ? max_ : 0;
        return result;
    }

private:
    double add_dense_row(const RowBlock<double>& block, std::uint64_t row) {
        const auto values = block.dense.subspan(row * block.cols, block.cols);
        double sum = 0;
        for (const double value : values) {
            add_value(value);
            sum += value;
        }
        if (!values.empty()) {
            result_.col_sum_first += values.front();
            result_.col_sum_last += values.back();
        }
        return sum;
    }

    double add_sparse_row(const RowBlock<double>& block, std::uint64_t row) {
        double sum = 0;
        for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
            const double value = block.values[at];
            add_value(value);
            sum += value;
            result_.col_sum_first += block.indices[at] == 0 ? value : 0;
            result_.col_sum_last += block.indices[at] + 1 == cols_ ? value : 0;
        }
        return sum;
    }

    void add_value(double value) {
        if (!std::isfinite(value)) {
            ++result_.non_finite;
            ++result_.nonzero;
            return;
        }
        ++result_.finite;
        result_.nonzero += value != 0 ? 1 : 0;
        result_.sum += value;
        result_.sum_squares += value * value;
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }

    std::uint64_t rows_, cols_;
    double min_ = std::numeric_limits<double>::infinity();
    double max_ = -std::numeric_limits<double>::infinity();
    MatrixSummary result_;
};

} // namespace

MatrixSummary summarise(const Matrix& matrix, JobContext& job) {
    Summariser summariser(matrix);
    const std::function<void(const RowBlock<double>&)> visit = [&](const RowBlock<double>& block) {
        summariser.add(block);
        job.advance_to(block.first_row + block.rows);
    };
    job.begin("Reading " + matrix.info().name, matrix.rows(), "rows");
    matrix.for_each_block(visit, job);
    return summariser.result();
}

} // namespace ember
