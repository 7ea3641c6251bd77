// emberview-cli: the workbench without a window.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "app/cli/command_line.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"
#include "core/base/filesystem_failure.hpp"
#include "core/base/processor.hpp"
#include "core/base/threads.hpp"

namespace {

using namespace ember;

nlohmann::json as_json(const Error& error) {
    const Place& place = error.place();
    nlohmann::json where = {{"file", place.file}, {"key", place.key}, {"row", nullptr}};
    if (place.row) {
        where["row"] = *place.row;
    }
    return {{"error",
             {{"class", error.class_name()},
              {"message", error.message()},
              {"place", where},
              {"remedy", error.remedy()}}}};
}

/// On standard output as JSON where asked; in words on standard error otherwise, or when that fails.
int report(const Error& error, bool json) {
    bool told = false;
    if (json) {
        try {
            cli::print_json(as_json(error));
            told = true;
        } catch (const Error&) {
            told = false;
        }
    }
    if (!told) {
        std::fprintf(stderr, "error: %s\n", error.what());
    }
    return static_cast<int>(error.exit_status());
}

int run(const std::vector<std::string>& arguments, std::stop_token stop) {
    const cli::Invocation invocation = cli::read_command_line(arguments);
    set_thread_budget(invocation.threads);
    cli::TerminalListener listener(invocation.quiet);
    JobContext job(&listener, std::move(stop));
    try {
        invocation.action(job);
    } catch (const std::filesystem::filesystem_error& failure) {
        throw_filesystem_failure(failure);
    }
    return 0;
}

int run_and_report(const std::vector<std::string>& arguments) {
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    try {
        return run(arguments, cli::watch_interrupts());
    } catch (const cli::TextWanted& wanted) {
        std::fputs(wanted.text.c_str(), stdout);
        return 0;
    } catch (const Error& error) {
        return report(error, json);
    } catch (const std::bad_alloc&) {
        return report(ResourceError("NoMemory", "There is not enough memory for this", {},
                                    "Close other programs, or use a smaller file"),
                      json);
    } catch (const std::exception& error) {
        return report(Error("Internal", std::string("Unexpected failure: ") + error.what(), {},
                            "Please report this with the command that you ran"),
                      json);
    }
}

} // namespace

int main(int argc, char** argv) {
    if (const char* message = unsupported_processor_message(); *message) {
        std::fprintf(stderr, "error: %s\n", message);
        return static_cast<int>(ExitStatus::no_resources);
    }
    const int status = run_and_report({argv + std::min(argc, 1), argv + argc});
    if (engine_loaded()) {
        // LibTorch takes its time to take itself apart, which helps nobody: every file is complete by now.
        std::fflush(nullptr);
        std::_Exit(status);
    }
    return status;
}
