// emberview-cli train prune: frees the disk of checkpoints that are not needed any more.

#include "app/cli/text_table.hpp"
#include "app/cli/train_command.hpp"
#include "core/base/error.hpp"
#include "core/run/prune.hpp"

namespace ember::cli {

namespace {

namespace fs = std::filesystem;

struct PruneOptions {
    fs::path folder;
    bool yes = false, all = false;
    int keep_steps = 0;
};

std::vector<CheckpointFile> planned(const PruneOptions& options) {
    std::error_code failure;
    if (!fs::is_directory(options.folder, failure)) {
        throw Error("MissingMember", "There is no such folder", {options.folder.string(), "", {}},
                    "Give a run's folder, or the folder of runs");
    }
    const PruneRules rules{!options.all, !options.all, options.keep_steps};
    std::vector<CheckpointFile> files;
    for (const fs::path& run : find_runs(options.folder)) {
        for (CheckpointFile& file : plan_prune(run, rules)) {
            files.push_back(std::move(file));
        }
    }
    if (files.empty()) {
        throw Error("MissingMember", "The folder has no checkpoints", {options.folder.string(), "", {}},
                    "Give a run's folder, or the folder of runs");
    }
    return files;
}

std::vector<CheckpointFile> removable_of(const std::vector<CheckpointFile>& files) {
    std::vector<CheckpointFile> removable;
    for (const CheckpointFile& file : files) {
        if (file.removable) {
            removable.push_back(file);
        }
    }
    return removable;
}

std::uint64_t bytes_of(const std::vector<CheckpointFile>& files) {
    std::uint64_t bytes = 0;
    for (const CheckpointFile& file : files) {
        bytes += file.bytes;
    }
    return bytes;
}

std::string plan_text(const std::vector<CheckpointFile>& files) {
    std::vector<std::vector<std::string>> rows = {{"Checkpoint", "What", "Size", ""}};
    for (const CheckpointFile& file : files) {
        rows.push_back(
            {file.file.string(), file.why, readable_bytes(file.bytes), file.removable ? "goes" : "stays"});
    }
    return text_table(rows, "");
}

nlohmann::json plan_json(const std::vector<CheckpointFile>& files, bool done, std::uint64_t freed) {
    nlohmann::json list = nlohmann::json::array();
    for (const CheckpointFile& file : files) {
        list.push_back({{"file", file.file.string()},
                        {"bytes", file.bytes},
                        {"step", file.step},
                        {"why", file.why},
                        {"removable", file.removable}});
    }
    return {{"checkpoints", list},
            {"removable_bytes", bytes_of(removable_of(files))},
            {"removed", done},
            {"freed_bytes", freed}};
}

void run_prune(const PruneOptions& options, const Invocation& invocation) {
    const std::vector<CheckpointFile> files = planned(options), removable = removable_of(files);
    const std::uint64_t freed = options.yes ? prune(removable) : 0;
    if (invocation.json) {
        print_json(plan_json(files, options.yes, freed));
        return;
    }
    std::string text = plan_text(files);
    if (removable.empty()) {
        text += "Nothing can go.\n";
    } else if (options.yes) {
        text += with_thousands(removable.size()) + " files removed, " + readable_bytes(freed) + " freed.\n";
    } else {
        text += with_thousands(removable.size()) + " files would go and free " +
                readable_bytes(bytes_of(removable)) + ". Nothing was removed; add --yes to do it.\n";
    }
    print(text);
}

} // namespace

void add_train_prune(CLI::App& family, Invocation& invocation) {
    auto options = std::make_shared<PruneOptions>();
    CLI::App* command =
        family.add_subcommand("prune", "Free the disk of checkpoints; shows first what would go");
    command->add_option("FOLDER", options->folder, "A run's folder, or a folder of runs")
        ->required()
        ->option_text("");
    command->add_flag("--yes", options->yes, "Remove the files rather than only list them");
    command
        ->add_option("--keep-steps", options->keep_steps,
                     "Of the numbered checkpoints, keep the newest so many of each run (default: 0)")
        ->check(CLI::Range(0, 1000000))
        ->option_text("N");
    command->add_flag("--all", options->all, "Also the last and the final one: only the best model stays");
    add_json_option(*command, invocation);
    command->footer(
        "\nExample:\n  emberview-cli train prune runs --keep-steps 2\n"
        "\nThe best model always stays, and a run that is going on loses nothing. Without its last "
        "checkpoint a run\ncannot be resumed.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext&) { run_prune(*options, invocation); };
    });
}

} // namespace ember::cli
