// No BLAS library may stand in the process's global scope: LibTorch's own sgemm_ would be bound to it and
// lose most of its speed. Checked where it shows: in the symbols, and in the speed of both sides with all
// loaded.

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/engine.hpp"
#include "core/base/matmul.hpp"

namespace ember {
namespace {

constexpr std::int64_t m = 1024, n = 1488, k = 1488;

template<typename Product>
double best_gflops(const Product& product) {
    const std::vector<float> a(m * k, 0.5F), b(k * n, 0.25F);
    std::vector<float> c(m * n);
    double best = 0;
    for (int round = 0; round < 6; ++round) {
        const auto start = std::chrono::steady_clock::now();
        product(a.data(), b.data(), c.data());
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, 2e-9 * static_cast<double>(m * n * k) / seconds);
    }
    EXPECT_FLOAT_EQ(c.back(), 0.125F * k);
    return best;
}

bool process_maps(const std::string& library) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos) {
            return true;
        }
    }
    return false;
}

TEST(BlasScope, NothingExportsBlasBesideTheEngine) {
    const double data_side =
        best_gflops([](const float* a, const float* b, float* c) { matmul(m, n, k, a, b, c); });
    EXPECT_FALSE(process_maps("libtorch_cpu")) << "the engine is loaded only when asked for";
    EXPECT_EQ(dlsym(RTLD_DEFAULT, "sgemm_"), nullptr);

    Engine& loaded = engine();
    EXPECT_TRUE(process_maps("libtorch_cpu"));
    EXPECT_EQ(dlsym(RTLD_DEFAULT, "sgemm_"), nullptr) << "the engine's BLAS leaked into the global scope";
    EXPECT_FALSE(process_maps("libopenblas"));
    EXPECT_FALSE(process_maps("libblas.so"));

    // A wrongly bound LibTorch is six times slower than the data side's own product, a right one faster; a
    // busy machine slows both.
    const double engine_side =
        best_gflops([&loaded](const float* a, const float* b, float* c) { loaded.matmul(m, n, k, a, b, c); });
    EXPECT_GT(engine_side, 0.4 * data_side);
    RecordProperty("engine_gflops", std::to_string(engine_side));
    RecordProperty("data_side_gflops", std::to_string(data_side));
}

} // namespace
} // namespace ember
