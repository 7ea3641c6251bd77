// emberview-cli report: hands over to emberview, which can draw.

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

#include "app/cli/command_line.hpp"
#include "app/cli/report_options.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

/// Becomes the window's program, beside this one, with the same arguments; returns only by an exception.
[[noreturn]] void become_emberview(const std::vector<std::string>& arguments) {
    std::error_code ignored;
    const std::string program =
        (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "emberview").string();
    std::vector<std::string> texts = {program};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    execv(program.c_str(), pointers.data());
    const int reason = errno;
    if (reason == ENOENT) {
        throw Error("WindowMissing", "Reports are drawn by the program emberview, which is not here",
                    {program, {}, {}},
                    "Install it beside emberview-cli; compare writes the same results as tables");
    }
    throw Error("WindowMissing",
                std::string("The program emberview cannot be started: ") + std::strerror(reason),
                {program, {}, {}}, "Check its permissions");
}

} // namespace

void add_report_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command =
        program.add_subcommand("report", "The same as compare, as a report to hand on: HTML and PDF");
    add_report_options(*command, *options);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext&) { become_emberview(invocation.arguments); };
    });
}

} // namespace ember::cli
