#define Eigen EigenAvx512
#include "core/base/matmul_kernel.hpp"

namespace ember {

void matmul_avx512(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
    eigen_product(m, n, k, a, b, c);
}

} // namespace ember
