// emberview-cli train status: how runs stand.

#include <cmath>

#include "app/cli/terminal.hpp"
#include "app/cli/text_table.hpp"
#include "app/cli/train_command.hpp"
#include "core/base/error.hpp"
#include "core/run/metrics_log.hpp"
#include "core/run/prune.hpp"
#include "core/run/run_status.hpp"

namespace ember::cli {

namespace {

namespace fs = std::filesystem;

struct RunLine {
    fs::path run;
    bool known = false; ///< has a status of its own
    RunStatus status;
};

/// A run of arc-state has no status: its last step and losses are those of metrics.csv.
void read_curves(const fs::path& run, RunStatus& status) {
    MetricsTail tail;
    for (const MetricsRow& row : read_metrics(run / "version_0" / "metrics.csv", tail)) {
        status.step = std::max(status.step, row.step + 1);
        if (const auto found = row.values.find("train_loss"); found != row.values.end()) {
            status.train_loss = found->second;
        }
        if (const auto found = row.values.find("val_loss"); found != row.values.end()) {
            status.val_loss = found->second;
            if (!status.best_val_loss || found->second < *status.best_val_loss) {
                status.best_val_loss = found->second;
                status.best_step = row.step + 1;
            }
        }
    }
}

RunLine line_of(const fs::path& run) {
    RunLine line{run, false, {}};
    try {
        if (auto status = read_run_status(run)) {
            line.known = true;
            line.status = *std::move(status);
            return line;
        }
    } catch (const Error& error) {
        line.status.message = error.message();
    }
    read_curves(run, line.status);
    return line;
}

std::vector<RunLine> lines_of(const fs::path& folder) {
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) {
        throw Error("MissingMember", "There is no such folder", {folder.string(), "", {}},
                    "Give a run's folder, or the folder of runs");
    }
    std::vector<RunLine> lines;
    for (const fs::path& run : find_runs(folder)) {
        lines.push_back(line_of(run));
    }
    if (lines.empty()) {
        throw Error("MissingMember", "The folder has no runs", {folder.string(), "", {}},
                    "Give a run's folder, or the folder of runs");
    }
    return lines;
}

std::string loss_text(const std::optional<double>& loss) {
    return loss ? readable(*loss) : "–";
}

std::string state_text(const RunLine& line) {
    return line.known ? to_string(line.status.state) : "–";
}

std::string time_left(const RunLine& line) {
    const bool moving = line.status.state == RunState::running || line.status.state == RunState::paused;
    return line.known && moving && line.status.seconds_left >= 0 ? duration_text(line.status.seconds_left)
                                                                 : "–";
}

std::string status_text(const std::vector<RunLine>& lines) {
    std::vector<std::vector<std::string>> rows = {
        {"Run", "State", "Step", "Train loss", "Val loss", "Best", "Time left"}};
    std::string notes;
    for (const RunLine& line : lines) {
        const RunStatus& status = line.status;
        const std::string of =
            status.max_steps > 0 ? " of " + with_thousands(static_cast<std::uint64_t>(status.max_steps)) : "";
        rows.push_back(
            {line.run.string(), state_text(line),
             with_thousands(static_cast<std::uint64_t>(std::max<std::int64_t>(0, status.step))) + of,
             loss_text(status.train_loss), loss_text(status.val_loss), loss_text(status.best_val_loss),
             time_left(line)});
        if (line.known && status.state == RunState::failed) {
            notes += line.run.string() + ": " + status.message +
                     (status.error_remedy.empty() ? "" : ". " + status.error_remedy) + "\n";
        }
    }
    return text_table(rows, "") + (notes.empty() ? "" : "\n" + notes);
}

nlohmann::json status_json(const std::vector<RunLine>& lines) {
    const auto number = [](const std::optional<double>& value) {
        return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json();
    };
    nlohmann::json runs = nlohmann::json::array();
    for (const RunLine& line : lines) {
        const RunStatus& status = line.status;
        runs.push_back({{"run", line.run.string()},
                        {"state", line.known ? nlohmann::json(to_string(status.state)) : nlohmann::json()},
                        {"step", status.step},
                        {"max_steps", status.max_steps},
                        {"epoch", status.epoch},
                        {"train_loss", number(status.train_loss)},
                        {"val_loss", number(status.val_loss)},
                        {"best_val_loss", number(status.best_val_loss)},
                        {"best_step", status.best_step},
                        {"seconds_left", status.seconds_left},
                        {"steps_per_second", status.steps_per_second},
                        {"waiting_share", status.waiting_share},
                        {"memory_bytes", status.memory_bytes},
                        {"rollbacks", status.rollbacks},
                        {"message", status.message},
                        {"error_class", status.error_class},
                        {"remedy", status.error_remedy},
                        {"pid", status.pid},
                        {"host", status.host},
                        {"updated", status.updated}});
    }
    return {{"runs", runs}};
}

} // namespace

void add_train_status(CLI::App& family, Invocation& invocation) {
    auto folder = std::make_shared<fs::path>(".");
    CLI::App* command = family.add_subcommand("status", "How runs stand: step, losses, time left");
    command->add_option("FOLDER", *folder, "A run's folder, or a folder of runs (default: this one)")
        ->option_text("");
    add_json_option(*command, invocation);
    command->footer("\nExample:\n  emberview-cli train status runs");
    command->callback([folder, &invocation] {
        invocation.action = [folder, &invocation](JobContext&) {
            const std::vector<RunLine> lines = lines_of(*folder);
            if (invocation.json) {
                print_json(status_json(lines));
            } else {
                print(status_text(lines));
            }
        };
    });
}

} // namespace ember::cli
