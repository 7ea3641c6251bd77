#pragma once
// Aᵀ · B of float32 matrices that are parts of wider ones; Eigen's kernels in the best instruction set, on
// the calling thread.

#include <cstdint>

namespace ember {

/// Row-major columns of a wider matrix.
struct MatrixPart {
    const float* values = nullptr;
    std::int64_t stride = 0; ///< values from one row to the next
    std::int64_t columns = 0;
};

/// out [a.columns × b.columns] row-major = Aᵀ · B over `rows` rows.
void transposed_product(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out);

void transposed_product_portable(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out);

} // namespace ember
