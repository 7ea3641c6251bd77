// emberview-cli: the workbench without a window.

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "app/cli/command_line.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"
#include "core/base/processor.hpp"
#include "core/base/threads.hpp"

namespace {

using namespace ember;

int run(const std::vector<std::string>& arguments) {
    try {
        const std::stop_token stop = cli::watch_interrupts();
        const cli::Invocation invocation = cli::read_command_line(arguments);
        set_thread_budget(invocation.threads);
        cli::TerminalListener listener(invocation.quiet);
        JobContext job(&listener, stop);
        invocation.action(job);
    } catch (const cli::TextWanted& wanted) {
        std::fputs(wanted.text.c_str(), stdout);
    } catch (const cli::StatusWanted& wanted) {
        return wanted.status;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (const char* message = unsupported_processor_message(); *message) {
        std::fprintf(stderr, "error: %s\n", message);
        return static_cast<int>(ExitStatus::no_resources);
    }
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    const int status = cli::run_and_report([&] { return run(arguments); }, json);
    if (engine_loaded()) {
        // LibTorch takes its time to take itself apart, which helps nobody: every file is complete by now.
        std::fflush(nullptr);
        std::_Exit(status);
    }
    return status;
}
