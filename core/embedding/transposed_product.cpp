#define Eigen EigenPortable
#include "core/embedding/transposed_product_kernel.hpp"

namespace ember {

// Compiled for x86-64-v4 in a file of its own; call only where the processor has it.
void transposed_product_avx512(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out);

void transposed_product_portable(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out) {
    eigen_transposed_product(rows, a, b, out);
}

void transposed_product(std::int64_t rows, const MatrixPart& a, const MatrixPart& b, float* out) {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512cd");
    (avx512 ? transposed_product_avx512 : transposed_product_portable)(rows, a, b, out);
}

} // namespace ember
