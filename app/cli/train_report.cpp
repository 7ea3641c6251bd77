#include "app/cli/train_report.hpp"

#include <cmath>

#include "app/cli/report_lines.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

using nlohmann::json;

json or_null(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? json(*value) : json();
}

json or_null(const std::optional<std::uint64_t>& value) {
    return value ? json(*value) : json();
}

std::string free_text(const std::optional<std::uint64_t>& bytes) {
    return bytes ? " (" + readable_bytes(*bytes) + " are free)" : std::string();
}

json summary_json(const SplitSummary& split) {
    return {{"cells", split.cells},
            {"sets", split.sets},
            {"batches", split.batches},
            {"groups", split.groups},
            {"smallest_group", split.smallest_group},
            {"smallest_group_name", split.smallest_group_name}};
}

std::string summary_text(const SplitSummary& split) {
    if (split.cells == 0) {
        return "none";
    }
    return with_thousands(split.cells) + " cells in " + with_thousands(split.groups) + " groups (smallest " +
           with_thousands(split.smallest_group) + ", " + split.smallest_group_name + "), " +
           with_thousands(split.sets) + " sets";
}

std::string count(std::int64_t number) {
    return with_thousands(static_cast<std::uint64_t>(std::max<std::int64_t>(0, number)));
}

} // namespace

std::string finding_text(const ConfigFinding& finding) {
    std::string text = finding.key.empty() ? finding.message : finding.key + ": " + finding.message;
    text += finding.place.empty() || finding.place == finding.key ? "" : " (" + finding.place + ")";
    return text + (finding.remedy.empty() ? "" : ". " + finding.remedy);
}

json preparation_json(const std::filesystem::path& run, const Preparation& preparation) {
    json findings = json::array();
    for (const ConfigFinding& finding : preparation.findings) {
        findings.push_back({{"fault", finding.fault},
                            {"key", finding.key},
                            {"class", finding.class_name},
                            {"message", finding.message},
                            {"place", finding.place},
                            {"remedy", finding.remedy}});
    }
    const RunEstimate& estimate = preparation.estimate;
    return {{"run_directory", run.string()},
            {"can_start", preparation.can_start()},
            {"findings", findings},
            {"train", summary_json(preparation.train)},
            {"val", summary_json(preparation.val)},
            {"test", summary_json(preparation.test)},
            {"estimate",
             {{"parameters", estimate.parameters},
              {"trainable", estimate.trainable},
              {"memory_bytes", estimate.memory_bytes},
              {"available_bytes", or_null(estimate.available_bytes)},
              {"disk_bytes", estimate.disk_bytes},
              {"free_disk_bytes", or_null(estimate.free_disk_bytes)},
              {"step_seconds", estimate.step_seconds},
              {"total_seconds", estimate.total_seconds},
              {"steps", estimate.steps}}}};
}

std::string preparation_text(const std::filesystem::path& run, const Preparation& preparation) {
    const RunEstimate& estimate = preparation.estimate;
    ReportLines lines;
    lines.add("Run", run.string());
    lines.add("Training", summary_text(preparation.train));
    lines.add("Validation", summary_text(preparation.val));
    lines.add("Test", summary_text(preparation.test));
    if (estimate.parameters > 0) {
        lines.add("Parameters",
                  count(estimate.parameters) + ", of which " + count(estimate.trainable) + " are trained");
        lines.add("Memory",
                  "about " + readable_bytes(estimate.memory_bytes) + free_text(estimate.available_bytes));
        lines.add("Disk", "about " + readable_bytes(estimate.disk_bytes) + " of checkpoints" +
                              free_text(estimate.free_disk_bytes));
        lines.add("Time", "about " + duration_text(estimate.total_seconds) + " for " + count(estimate.steps) +
                              " steps (" + readable(estimate.step_seconds) + " s each)");
    }
    std::string text = lines.text();
    for (const ConfigFinding& finding : preparation.findings) {
        text += (finding.fault ? "error: " : "warning: ") + finding_text(finding) + "\n";
    }
    return text + (preparation.can_start() ? "Training can start.\n" : "Training cannot start.\n");
}

json result_json(const TrainResult& result) {
    return {{"run_directory", result.run_directory.string()},
            {"state", to_string(result.state)},
            {"reason", result.reason},
            {"steps", result.steps},
            {"epochs", result.epochs},
            {"train_loss", or_null(result.train_loss)},
            {"val_loss", or_null(result.val_loss)},
            {"best_val_loss", or_null(result.best_val_loss)},
            {"best_step", result.best_step},
            {"seconds", result.seconds},
            {"waiting_seconds", result.waiting_seconds},
            {"warnings", result.warnings}};
}

std::string shell_word(const std::string& word) {
    constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./,:=@%+";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string result_text(const TrainResult& result) {
    ReportLines lines;
    lines.add("Run", result.run_directory.string());
    lines.add("Steps",
              count(result.steps) + " in " + duration_text(result.seconds) +
                  (result.seconds > 0 ? " (waiting for data " +
                                            readable(100 * result.waiting_seconds / result.seconds) + " %)"
                                      : ""));
    if (result.train_loss) {
        lines.add("Training loss", readable(*result.train_loss));
    }
    if (result.best_val_loss) {
        lines.add("Best validation loss",
                  readable(*result.best_val_loss) + " at step " + count(result.best_step));
    }
    std::string text = result.reason + ".\n" + lines.text();
    const std::string run = shell_word(result.run_directory.string());
    if (result.state == RunState::finished) {
        return text + "Predict with it:\n  emberview-cli infer --adata CELLS.h5ad --model-dir " + run +
               " --output predicted.h5ad\n";
    }
    return text + "Go on with:\n  emberview-cli train resume " + run + "\n";
}

} // namespace ember::cli
