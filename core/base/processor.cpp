#include "core/base/processor.hpp"

#include <cstddef>
#include <unistd.h>

// This file is compiled for plain x86-64, so that it can speak on a processor that the rest would crash on.

namespace ember {

const char* unsupported_processor_message() noexcept {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
        return "";
    }
    return "Emberview needs a processor with AVX2 (x86-64-v3: Intel Haswell of 2013, AMD Excavator of 2015, "
           "or "
           "newer).";
}

} // namespace ember

namespace {

// Runs before every other initialiser of this library: those may already use AVX2.
__attribute__((constructor(101))) void refuse_old_processor() {
    const char* message = ember::unsupported_processor_message();
    if (!*message) {
        return;
    }
    constexpr char prefix[] = "error: ";
    std::size_t length = 0;
    while (message[length]) {
        ++length;
    }
    const bool said = write(STDERR_FILENO, prefix, sizeof prefix - 1) > 0 &&
                      write(STDERR_FILENO, message, length) > 0 && write(STDERR_FILENO, "\n", 1) > 0;
    _exit(said ? 4 : 5);
}

} // namespace
