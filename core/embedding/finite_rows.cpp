#include "core/embedding/finite_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr std::uint64_t buffer_bytes = 16u << 20;
constexpr std::uint32_t largest_exponent = 0x7f800000; ///< of infinities and NaN
constexpr std::uint64_t task_rows = 64, task_columns = 256;

} // namespace

std::uint64_t FiniteRows::most_rows() const {
    return std::clamp<std::uint64_t>(buffer_bytes / (cols_ * sizeof(float)), 1, 4096);
}

bool FiniteRows::load_row(const RowBlock<float>& block, std::uint64_t row, float* out) const {
    if (block.sparse) {
        for (std::uint64_t i = 0; i < cols_; ++i) {
            out[i] = -shift_[i];
        }
        for (std::uint64_t i = block.indptr[row]; i < block.indptr[row + 1]; ++i) {
            out[block.indices[i]] += block.values[i];
        }
    } else {
        const float* from = block.dense.data() + row * cols_;
        for (std::uint64_t i = 0; i < cols_; ++i) {
            out[i] = from[i] - shift_[i];
        }
    }
    std::uint32_t nonfinite = 0; // in whole numbers, whose order does not matter: the loop is vectorised
    for (std::uint64_t i = 0; i < cols_; ++i) {
        nonfinite |= (std::bit_cast<std::uint32_t>(out[i]) & largest_exponent) == largest_exponent ? 1u : 0u;
    }
    return nonfinite == 0;
}

void FiniteRows::load(const RowBlock<float>& block, std::uint64_t first, std::uint64_t count) {
    values_.resize(count * cols_);
    finite_.resize(count);
    tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, count, task_rows), [&](const auto& range) {
        for (std::uint64_t i = range.begin(); i < range.end(); ++i) {
            finite_[i] = load_row(block, first + i, values_.data() + i * cols_);
        }
    });
    kept_.clear();
    left_out_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
        if (!finite_[i]) {
            left_out_.push_back(block.first_row + first + i);
            continue;
        }
        if (kept_.size() < i) {
            std::memmove(values_.data() + kept_.size() * cols_, values_.data() + i * cols_,
                         cols_ * sizeof(float));
        }
        kept_.push_back(block.first_row + first + i);
    }
}

void FiniteRows::subtract_shift() {
    for (std::uint64_t row = 0; row < kept_.size(); ++row) {
        for (std::uint64_t i = 0; i < cols_; ++i) {
            values_[row * cols_ + i] -= shift_[i];
        }
    }
}

void FiniteRows::add_sums(std::span<double> sums, double& squares) const {
    const std::uint64_t parts = (cols_ + task_columns - 1) / task_columns;
    std::vector<double> square(parts);
    tbb::parallel_for(std::uint64_t{0}, parts, [&](std::uint64_t part) {
        const std::uint64_t begin = part * task_columns, end = std::min(cols_, begin + task_columns);
        double powers[task_columns] = {};
        for (std::uint64_t row = 0; row < kept_.size(); ++row) {
            const float* from = values_.data() + row * cols_;
            for (std::uint64_t i = begin; i < end; ++i) {
                const double x = from[i];
                sums[i] += x;
                powers[i - begin] += x * x;
            }
        }
        for (const double power : powers) {
            square[part] += power;
        }
    });
    for (const double part : square) {
        squares += part;
    }
}

std::vector<float> FiniteRows::column_means() const {
    std::vector<double> sums(cols_);
    double squares = 0;
    add_sums(sums, squares);
    std::vector<float> means(cols_);
    for (std::uint64_t i = 0; i < cols_; ++i) {
        means[i] = kept_.empty() ? 0.0f : static_cast<float>(sums[i] / static_cast<double>(kept_.size()));
    }
    return means;
}

} // namespace ember
