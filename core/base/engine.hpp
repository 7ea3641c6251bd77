#pragma once
// The door to the engine library, which holds everything that needs LibTorch and is loaded when first needed.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/infer.hpp"
#include "core/base/job.hpp"
#include "core/base/train.hpp"

namespace ember {

struct EngineInfo {
    std::string libtorch_version; ///< "2.15.0"
    std::string device;           ///< "CPU" or the GPU's name
    int threads = 1;
};

/// What the engine can do. One object per process, made by the engine library; it lives until the process
/// ends. Every method may be called from any thread.
class Engine {
public:
    virtual ~Engine();
    virtual EngineInfo info() const = 0;

    /// Predicts with a State Transition model; see InferRequest.
    virtual InferResult infer(const InferRequest& request, JobContext& job) = 0;

    /// Trains a State Transition model; see TrainRequest.
    virtual TrainResult train(const TrainRequest& request, JobContext& job) = 0;

    /// C [m × n] = A [m × k] · B [k × n], row-major float32, with LibTorch's GEMM.
    virtual void matmul(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                        float* c) = 0;
};

/// The engine; loads `libember_engine.so` on the first call (from `EMBER_ENGINE`, or ../lib beside the
/// program). Throws Error `EngineMissing` when the library or LibTorch cannot be loaded. Thread-safe.
Engine& engine();

/// Whether engine() has loaded the library already. Never loads it.
bool engine_loaded() noexcept;

} // namespace ember
