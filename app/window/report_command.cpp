#include "app/window/report_command.hpp"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <QString>

#include "app/cli/compare_options.hpp"
#include "app/cli/help_format.hpp"
#include "app/cli/output.hpp"
#include "app/cli/report_options.hpp"
#include "app/window/offscreen.hpp"
#include "views/report/report_content.hpp"

namespace ember {

namespace {

struct ReportCommand {
    cli::ReportOptions report;
    int threads = 0;
    bool json = false, quiet = false, help = false;
};

/// Prints the help and sets `help` where it was asked for.
ReportCommand parse(const std::vector<std::string>& arguments) {
    ReportCommand options;
    CLI::App program("Predictions beside the real cells, as a report to hand on", "emberview");
    program.formatter(cli::help_format());
    program.set_help_flag("-h,--help", "Print this help and leave");
    program.require_subcommand(1);
    CLI::App* command =
        program.add_subcommand("report", "Predictions beside the real cells, as HTML and PDF");
    cli::add_report_options(*command, options.report);
    command->add_flag("--json", options.json, "Print the result (or the error) as JSON on standard output");
    command->add_option("--threads", options.threads, "Processor cores to use (default: all)")
        ->check(CLI::Range(0, 1024))
        ->option_text("N");
    command->add_flag("--quiet", options.quiet, "No progress bar and no notes");
    std::vector<std::string> reversed; // CLI11 takes them from the back
    std::transform(arguments.rbegin(), arguments.rend(), std::back_inserter(reversed), hyphened);
    try {
        program.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        cli::print(program.help());
        options.help = true;
    } catch (const CLI::ParseError& error) {
        throw UsageError(error.what(), "See emberview report --help");
    }
    return options;
}

void tell(const ReportCommand& options, const ReportInput& input, const std::vector<std::string>& files) {
    if (options.json) {
        nlohmann::json all = compare_json(input.request, input.result);
        all["files"] = files;
        cli::print_json(all);
        return;
    }
    std::string text;
    for (const Verdict& verdict : input.result.verdicts) {
        text += std::string(to_string(verdict.severity)) + ": " + verdict.title + "\n";
    }
    for (const std::string& file : files) {
        text += (file == files.front() ? "Written: " : "         ") + file + "\n";
    }
    cli::print(text);
}

int write(const ReportCommand& options, JobContext& job) {
    const std::vector<std::string> files = cli::report_files(options.report);
    const ReportInput input = gatherReport(cli::request_of(options.report.compare), job);
    const ReportDocument document = reportOn(input);
    job.begin("Writing the report", files.size(), "files");
    for (std::size_t i = 0; i < files.size(); ++i) {
        writeReport(QString::fromStdString(files[i]), document, [&] { job.check_cancelled(); });
        job.advance_to(i + 1);
    }
    tell(options, input, files);
    return 0;
}

int run(const std::vector<std::string>& arguments, char* program) {
    const OffscreenProgram offscreen;
    const ReportCommand options = parse(arguments);
    if (options.help) {
        return 0;
    }
    return offscreen.run(program, {false, options.quiet, options.threads},
                         [&](JobContext& job) { return write(options, job); });
}

} // namespace

int runReportCommand(const std::vector<std::string>& arguments, char* program) {
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    return cli::run_and_report([&] { return run(arguments, program); }, json);
}

} // namespace ember
