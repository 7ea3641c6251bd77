#include "app/cli/command_line.hpp"

#include <algorithm>

#include "app/cli/help_format.hpp"
#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember::cli {

namespace {

constexpr const char* about = "Emberview on the command line: look into single-cell data and State "
                              "Transition (ST) models, train them, predict, and "
                              "compute the statistics of predictions.";
constexpr const char* closing =
    "\nStart with the demo:\n"
    "  emberview-cli demo mydemo --predict\n"
    "\nEach command explains itself: emberview-cli COMMAND --help. Exit status: 0 done, 2 wrong usage, 3 bad "
    "input,\n4 not enough memory or disk, 130 cancelled (Ctrl+C).";

constexpr int most_threads = 1024;

bool is_long_option(const std::string& argument) {
    return argument.size() > 2 && argument.starts_with("--");
}

/// "--embed_key=X_hvg" → "--embed-key=X_hvg": only the name changes.
std::string with_hyphens(const std::string& argument) {
    std::string changed = argument;
    const auto end =
        changed.begin() + static_cast<std::ptrdiff_t>(std::min(changed.find('='), changed.size()));
    std::replace(changed.begin(), end, '_', '-');
    return changed;
}

/// cell-eval's short names of two letters.
std::string with_long_name(const std::string& argument) {
    const std::pair<const char*, const char*> names[] = {
        {"-ap", "--adata-pred"}, {"-ar", "--adata-real"}, {"-dp", "--de-pred"}, {"-dr", "--de-real"}};
    for (const auto& [name, full] : names) {
        if (argument == name) {
            return full;
        }
    }
    return argument;
}

/// `help infer` → `infer --help`; hyphens in the names of options up to a bare `--`.
std::vector<std::string> tidy(std::vector<std::string> arguments) {
    if (!arguments.empty() && arguments.front() == "help") {
        arguments.erase(arguments.begin());
        arguments.insert(arguments.begin() + (arguments.empty() ? 0 : 1), "--help");
    }
    const bool evaluates = !arguments.empty() && arguments.front() == "evaluate";
    for (std::string& argument : arguments) {
        if (argument == "--") {
            break;
        }
        argument = evaluates ? with_long_name(argument) : argument;
        if (is_long_option(argument)) {
            argument = with_hyphens(argument);
        }
    }
    return arguments;
}

std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names) {
    const std::vector<std::string> nearest = nearest_names(wanted, names);
    return nearest.empty() ? std::string() : "Did you mean " + quoted_list(nearest) + "? ";
}

std::vector<std::string> commands_of(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

void check_command(const CLI::App& program, const std::string& name) {
    const std::vector<std::string> names = commands_of(program);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        throw UsageError("There is no command '" + name + "'",
                         did_you_mean(name, names) + "emberview-cli --help lists the commands");
    }
}

/// Whether a word may stand after the command that is not one of its family: `train key=value`.
bool takes_words(const CLI::App& command) {
    const auto options = command.get_options();
    return std::any_of(options.begin(), options.end(),
                       [](const CLI::Option* option) { return option->get_positional(); });
}

/// The command that the arguments name: `stats`, or one of a family, `embed pca`. Takes their names away.
const CLI::App& named_command(const CLI::App& program, std::vector<std::string>& arguments) {
    const CLI::App* command = &program;
    while (!arguments.empty() && !arguments.front().starts_with("-") && !commands_of(*command).empty()) {
        const std::vector<std::string> names = commands_of(*command);
        if (takes_words(*command) &&
            std::find(names.begin(), names.end(), arguments.front()) == names.end()) {
            break;
        }
        check_command(*command, arguments.front());
        command = command->get_subcommand(arguments.front());
        arguments.erase(arguments.begin());
    }
    return *command;
}

/// "stats", "embed pca"
std::string full_name(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    const bool of_family = parent != nullptr && parent->get_parent() != nullptr;
    return (of_family ? parent->get_name() + " " : std::string()) + command.get_name();
}

void check_options(const CLI::App& command, const std::vector<std::string>& arguments) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    for (const std::string& argument : arguments) {
        if (argument == "--") {
            return;
        }
        const std::string name = argument.substr(0, argument.find('='));
        if (is_long_option(argument) && std::find(names.begin(), names.end(), name) == names.end()) {
            throw UsageError("'" + full_name(command) + "' has no option '" + name + "'",
                             did_you_mean(name, names) + "emberview-cli " + full_name(command) +
                                 " --help lists its options");
        }
    }
}

void make_program(CLI::App& program, Invocation& invocation) {
    program.name("emberview-cli");
    program.formatter(help_format());
    program.footer(closing);
    program.set_version_flag("--version", "emberview-cli " EMBER_VERSION, "Print the version and leave");
    program.set_help_flag("-h,--help", "Print this help and leave");
    program.require_subcommand(1);
    add_demo_command(program, invocation);
    add_inspect_command(program, invocation);
    add_infer_command(program, invocation);
    add_stats_command(program, invocation);
    add_compare_command(program, invocation);
    add_de_command(program, invocation);
    add_report_command(program, invocation);
    add_embed_command(program, invocation);
    add_evaluate_command(program, invocation);
    add_enrich_command(program, invocation);
    add_train_command(program, invocation);
}

void parse(CLI::App& program, std::vector<std::string> arguments) {
    const std::string command = arguments.front();
    std::reverse(arguments.begin(), arguments.end()); // CLI11 takes them from the back
    try {
        program.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        throw TextWanted{program.help()};
    } catch (const CLI::CallForVersion& version) {
        throw TextWanted{std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        throw UsageError(error.what(), "See emberview-cli " + command + " --help");
    }
}

} // namespace

Invocation read_command_line(std::vector<std::string> arguments) {
    auto invocation = std::make_shared<Invocation>();
    CLI::App program(about);
    make_program(program, *invocation);
    arguments = tidy(std::move(arguments));
    if (arguments.empty()) {
        throw UsageError("No command was given", "emberview-cli --help lists the commands");
    }
    if (!arguments.front().starts_with("-")) {
        std::vector<std::string> rest = arguments;
        const CLI::App& command = named_command(program, rest);
        check_options(command, rest);
    }
    invocation->arguments = arguments;
    parse(program, std::move(arguments));
    return Invocation{invocation->json, invocation->quiet, invocation->threads,
                      [invocation](JobContext& job) { invocation->action(job); }, invocation->arguments};
}

void add_json_option(CLI::App& command, Invocation& invocation) {
    command.add_flag("--json", invocation.json, "Print the result (or the error) as JSON on standard output");
}

void add_work_options(CLI::App& command, Invocation& invocation) {
    command.add_option("--threads", invocation.threads, "Processor cores to use (default: all)")
        ->check(CLI::Range(0, most_threads))
        ->option_text("N");
    command.add_flag("--quiet", invocation.quiet, "No progress bar and no notes; warnings are still printed");
}

} // namespace ember::cli
