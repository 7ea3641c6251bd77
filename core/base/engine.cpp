#include "core/base/engine.hpp"

#include <atomic>
#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

#include "core/base/error.hpp"
#include "core/base/matmul.hpp"

namespace ember {

namespace {

std::atomic<Engine*> loaded{nullptr};

std::filesystem::path engine_library() {
    if (const char* path = std::getenv("EMBER_ENGINE"); path && *path) {
        return path;
    }
    // Beside libember.so itself, wherever that was installed.
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&engine_loaded), &info) != 0 && info.dli_fname) {
        const auto beside = std::filesystem::path(info.dli_fname).parent_path() / "libember_engine.so";
        if (std::filesystem::exists(beside)) {
            return beside;
        }
    }
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
           "lib/libember_engine.so";
}

Engine* load() {
    // LibTorch's OpenMP reads these when it is loaded: spinning workers would starve the window's thread.
    setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
    const std::filesystem::path path = engine_library();
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        throw Error(
            "EngineMissing",
            std::string("The prediction engine could not be loaded: ") + (reason ? reason : "unknown reason"),
            {path.string(), {}, {}}, "Run ./workbench build, or set EMBER_ENGINE to libember_engine.so");
    }
    using Factory = Engine* (*)();
    const auto factory = reinterpret_cast<Factory>(dlsym(library, "ember_engine_create"));
    Engine* made = factory ? factory() : nullptr;
    if (!made) {
        throw Error("EngineMissing", "The file is not an Emberview engine",
                    {path.string(), "ember_engine_create", {}}, "Rebuild it with ./workbench build");
    }
    set_matmul([made](auto m, auto n, auto k, const float* a, const float* b, float* c) {
        made->matmul(m, n, k, a, b, c);
    });
    return made;
}

} // namespace

Engine::~Engine() = default;

Engine& engine() {
    static std::mutex mutex;
    if (Engine* ready = loaded.load(std::memory_order_acquire)) {
        return *ready;
    }
    const std::lock_guard lock(mutex);
    if (!loaded.load()) {
        loaded.store(load(), std::memory_order_release);
    }
    return *loaded.load();
}

bool engine_loaded() noexcept {
    return loaded.load(std::memory_order_acquire) != nullptr;
}

} // namespace ember
