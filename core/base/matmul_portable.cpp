#define Eigen EigenPortable
#include "core/base/matmul_kernel.hpp"

#include "core/base/matmul.hpp"

namespace ember {

void matmul_portable(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                     float* c) {
    eigen_product(m, n, k, a, b, c);
}

} // namespace ember
