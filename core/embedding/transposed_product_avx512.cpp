#define Eigen EigenAvx512
#include "core/embedding/transposed_product_kernel.hpp"

namespace ember {

void transposed_product_avx512(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out) {
    eigen_transposed_product(rows, a, b, out);
}

} // namespace ember
