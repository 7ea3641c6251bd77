#pragma once
// Commands of the window program that draw without a display.

#include <functional>
#include <string>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

struct OffscreenOptions {
    bool dark = false, quiet = false;
    int threads = 0;
};

/// Hears interrupts from here on; call before Qt starts any thread.
class OffscreenProgram {
public:
    OffscreenProgram();

    /// Makes a QApplication without a display and runs `work` with progress on the terminal; returns its
    /// value.
    int run(char* program, const OffscreenOptions& options,
            const std::function<int(JobContext&)>& work) const;

private:
    std::stop_token stop_;
};

/// "--width_mm=90" → "--width-mm=90".
std::string hyphened(std::string argument);

} // namespace ember
