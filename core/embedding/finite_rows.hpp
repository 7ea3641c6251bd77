#pragma once
// Blocks of a matrix as dense rows, without those that hold NaN or infinite values.

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/matrix.hpp"

namespace ember {

class FiniteRows {
public:
    explicit FiniteRows(std::uint64_t cols) : cols_(cols), shift_(cols) {}

    /// Rows that load() may take at once, so that they stay some 16 MiB.
    std::uint64_t most_rows() const;

    /// Taken off every value by load().
    void set_shift(std::vector<float> shift) { shift_ = std::move(shift); }
    const std::vector<float>& shift() const { return shift_; }

    /// Takes it off what is loaded now.
    void subtract_shift();

    /// Rows [first, first + count) of the block.
    void load(const RowBlock<float>& block, std::uint64_t first, std::uint64_t count);

    const float* values() const { return values_.data(); }                   ///< [rows().size() × cols]
    const std::vector<std::uint64_t>& rows() const { return kept_; }         ///< of the matrix, ascending
    const std::vector<std::uint64_t>& left_out() const { return left_out_; } ///< of this load

    /// Adds the columns' sums, and their squares' sum to `squares`.
    void add_sums(std::span<double> sums, double& squares) const;

    std::vector<float> column_means() const;

private:
    bool load_row(const RowBlock<float>& block, std::uint64_t row, float* out) const;

    std::uint64_t cols_;
    std::vector<float> shift_, values_;
    std::vector<std::uint64_t> kept_, left_out_;
    std::vector<char> finite_;
};

} // namespace ember
