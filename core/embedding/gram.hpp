#pragma once
// Sums of products of columns: XᵀX of float32 blocks, summed in double.

#include <cstdint>
#include <vector>

namespace ember {

/// XᵀX [cols × cols] over rows that come in blocks. Products are float32 within a block of some 2,000 rows,
/// as precise as their sum needs, and double across blocks; only the upper triangle is computed.
class Gram {
public:
    explicit Gram(std::uint64_t cols);

    /// `rows` [rows × cols] row-major; all threads of the budget.
    void add(const float* rows, std::uint64_t count);

    /// The full symmetric matrix, row-major.
    std::vector<double> finish();

private:
    std::uint64_t cols_;
    std::vector<double> sums_; ///< upper triangle in tiles' places
};

} // namespace ember
