#pragma once
// The commands of emberview-cli and their shared options.

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/output.hpp"
#include "core/base/job.hpp"

namespace ember::cli {

/// What the command line asked for.
struct Invocation {
    bool json = false;  ///< machine-readable standard output
    bool quiet = false; ///< no progress and no notes on standard error
    int threads = 0;    ///< 0: all cores
    std::function<void(JobContext&)> action;
    std::vector<std::string> arguments; ///< all of them, the command first
};

/// Help or version was asked for; carries the text.
struct TextWanted {
    std::string text;
};

/// The command has said what it has to say and ends with this status.
struct StatusWanted {
    int status = 0;
};

/// Reads the arguments after the program's name. Option names may be written with `_` instead of `-`. Throws
/// UsageError (with the nearest names for an unknown command or option) and TextWanted.
Invocation read_command_line(std::vector<std::string> arguments);

/// Each adds its command to the program; `invocation` outlives the program's parsing and the action.
void add_compare_command(CLI::App& program, Invocation& invocation);
void add_de_command(CLI::App& program, Invocation& invocation);
void add_demo_command(CLI::App& program, Invocation& invocation);
void add_embed_command(CLI::App& program, Invocation& invocation);
void add_evaluate_command(CLI::App& program, Invocation& invocation);
void add_enrich_command(CLI::App& program, Invocation& invocation);
void add_infer_command(CLI::App& program, Invocation& invocation);
void add_inspect_command(CLI::App& program, Invocation& invocation);
void add_report_command(CLI::App& program, Invocation& invocation);
void add_stats_command(CLI::App& program, Invocation& invocation);
void add_train_command(CLI::App& program, Invocation& invocation);

/// `--json`, `--threads` and `--quiet`, for the commands where they matter.
void add_json_option(CLI::App& command, Invocation& invocation);
void add_work_options(CLI::App& command, Invocation& invocation);

} // namespace ember::cli
