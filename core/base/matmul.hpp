#pragma once
// The one dense float32 product of the data side.

#include <cstdint>
#include <functional>

namespace ember {

/// C [m × n] = A [m × k] · B [k × n], all row-major float32 and not overlapping.
/// Eigen's kernels (AVX-512 where the processor has it) until the engine is loaded, LibTorch's afterwards: no
/// BLAS library may stand in the process's global scope, because LibTorch would bind to it.
void matmul(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c);

using MatmulFunction =
    std::function<void(std::int64_t, std::int64_t, std::int64_t, const float*, const float*, float*)>;

/// Replaces the implementation behind matmul(); the engine does so when it is loaded.
void set_matmul(MatmulFunction function);

/// Eigen's product on the calling thread with the portable (x86-64-v3) kernels; the reference of the tests.
void matmul_portable(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                     float* c);

/// Eigen's product in the best instruction set of this processor, on all threads of the budget.
void matmul_eigen(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c);

} // namespace ember
