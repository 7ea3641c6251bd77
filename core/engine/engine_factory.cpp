// The engine library's only exported symbol, and the edge where LibTorch's exceptions end.

#include "core/base/engine.hpp"

#include <new>

#include "core/base/error.hpp"
#include "core/base/filesystem_failure.hpp"
#include "core/base/threads.hpp"
#include "core/model/infer.hpp"
#include "core/model/torch.hpp"
#include "core/training/train.hpp"

namespace ember {

namespace {

/// Runs `work` and turns what LibTorch throws into errors that a user can act on.
template<typename Work>
auto translated(Work work) {
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        if (text.find("not enough memory") != std::string::npos ||
            text.find("can't allocate memory") != std::string::npos) {
            throw ResourceError("NoMemory", "There is not enough memory", {},
                                "Close other programs or use shorter or fewer sets of cells at a time");
        }
        throw Error("EngineFailure", "LibTorch: " + text.substr(0, text.find('\n')), {},
                    "Report this with the log of the job");
    } catch (const std::bad_alloc&) {
        throw ResourceError("NoMemory", "There is not enough memory", {},
                            "Close other programs or use a smaller data set");
    } catch (const std::filesystem::filesystem_error& error) {
        throw_filesystem_failure(error);
    } catch (const std::exception& error) {
        throw Error("EngineFailure", error.what(), {}, "Report this with the log of the job");
    }
}

class LibTorchEngine final : public Engine {
public:
    EngineInfo info() const override { return {TORCH_VERSION, "CPU", thread_budget()}; }

    InferResult infer(const InferRequest& request, JobContext& job) override {
        return translated([&] {
            use_threads(request.threads);
            return infer_with_st_model(request, job);
        });
    }

    TrainResult train(const TrainRequest& request, JobContext& job) override {
        return translated([&] {
            use_threads(request.threads);
            return train_st_model(request, job);
        });
    }

    void matmul(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b,
                float* c) override {
        translated([&] {
            use_threads(0);
            const c10::InferenceMode inference;
            const auto borrow = [](const float* data, std::int64_t rows, std::int64_t cols) {
                return at::from_blob(const_cast<float*>(data), {rows, cols}, at::kFloat);
            };
            at::Tensor out = borrow(c, m, n);
            at::mm_out(out, borrow(a, m, k), borrow(b, k, n));
        });
    }

private:
    /// LibTorch keeps the number of threads per calling thread.
    static void use_threads(int wanted) { at::set_num_threads(wanted > 0 ? wanted : thread_budget()); }
};

} // namespace

} // namespace ember

extern "C" __attribute__((visibility("default"))) ember::Engine* ember_engine_create() noexcept {
    try {
        // Lives until the process ends: the library is never unloaded.
        static ember::LibTorchEngine engine;
        return &engine;
    } catch (...) {
        return nullptr;
    }
}
