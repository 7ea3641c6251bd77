#pragma once
// Sums of products of columns: XᵀX of float32 blocks, summed in double.

#include <cstdint>
#include <vector>

#include "core/embedding/gram_product.hpp"

namespace ember {

/// XᵀX [cols × cols] over rows that come in blocks. Products are summed in float32 over 256 rows and in
/// double from there; only the upper triangle is computed.
class Gram {
public:
    explicit Gram(std::uint64_t cols, const GramKernel& kernel = gram_kernel());

    /// `rows` [count × cols] row-major; all threads of the budget.
    void add(const float* rows, std::uint64_t count);

    /// The full symmetric matrix, row-major.
    std::vector<double> finish();

private:
    void pack(const float* rows, std::uint64_t count, std::uint64_t panel, std::vector<float>& to) const;
    void add_tile(std::uint64_t count, std::uint64_t left, std::uint64_t right);

    std::uint64_t cols_;
    GramKernel kernel_;
    std::vector<double> sums_;        ///< upper triangle
    std::vector<float> left_, right_; ///< packed rows: panels of columns, zeros beyond the last
};

} // namespace ember
