#include "core/base/matmul.hpp"

#include <algorithm>
#include <memory>
#include <mutex>

#include <tbb/parallel_for.h>

#include "core/base/threads.hpp"

namespace ember {

// Compiled for x86-64-v4 in a file of its own; call only where the processor has it.
void matmul_avx512(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c);

namespace {

std::mutex replacement_mutex;
std::shared_ptr<const MatmulFunction> replacement;

bool has_avx512() noexcept {
    static const bool yes = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512cd");
    return yes;
}

} // namespace

void matmul_eigen(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
    const auto product = has_avx512() ? &matmul_avx512 : &matmul_portable;
    const std::int64_t parts = std::clamp<std::int64_t>(m / 64, 1, thread_budget());
    if (parts == 1) {
        product(m, n, k, a, b, c);
        return;
    }
    // One slab of rows per thread: each packs B once, and no thread writes another's cache lines.
    tbb::parallel_for(std::int64_t{0}, parts, [&](std::int64_t part) {
        const std::int64_t first = m * part / parts, last = m * (part + 1) / parts;
        product(last - first, n, k, a + first * k, b, c + first * n);
    });
}

void set_matmul(MatmulFunction function) {
    const std::lock_guard lock(replacement_mutex);
    replacement = function ? std::make_shared<const MatmulFunction>(std::move(function)) : nullptr;
}

void matmul(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
    std::shared_ptr<const MatmulFunction> function;
    {
        const std::lock_guard lock(replacement_mutex);
        function = replacement;
    }
    if (function) {
        (*function)(m, n, k, a, b, c);
    } else {
        matmul_eigen(m, n, k, a, b, c);
    }
}

} // namespace ember
