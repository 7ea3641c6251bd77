// emberview-cli train split: a TOML file that holds out some perturbations in some cell types.

#include "app/cli/report_lines.hpp"
#include "app/cli/text_table.hpp"
#include "app/cli/train_command.hpp"
#include "app/cli/train_report.hpp"
#include "core/base/error.hpp"
#include "core/experiment/hold_out.hpp"

namespace ember::cli {

namespace {

const char* name_of(Split split) {
    return split == Split::val ? "val" : split == Split::test ? "test" : "train";
}

nlohmann::json split_json(const HoldOutRequest& request, const HoldOut& made) {
    nlohmann::json groups = nlohmann::json::array();
    for (const HeldOutGroup& group : made.groups) {
        groups.push_back({{"cell_type", group.cell_type},
                          {"perturbation", group.perturbation},
                          {"split", name_of(group.split)},
                          {"cells", group.cells}});
    }
    return {{"output", request.output.string()}, {"held_out", groups},
            {"train_cells", made.train_cells},   {"val_cells", made.val_cells},
            {"test_cells", made.test_cells},     {"seed", request.seed},
            {"warnings", made.warnings}};
}

std::string split_text(const HoldOutRequest& request, const HoldOut& made) {
    constexpr std::size_t most_rows = 20;
    std::vector<std::vector<std::string>> rows = {{"Cell type", "Perturbation", "Split", "Cells"}};
    for (const HeldOutGroup& group : made.groups) {
        if (rows.size() <= most_rows) {
            rows.push_back(
                {group.cell_type, group.perturbation, name_of(group.split), with_thousands(group.cells)});
        }
    }
    std::string text = "Held out:\n" + text_table(rows);
    if (made.groups.size() > most_rows) {
        text += "  … and " + with_thousands(made.groups.size() - most_rows) + " more\n";
    }
    return text + "Treated cells: " + with_thousands(made.train_cells) + " train, " +
           with_thousands(made.val_cells) + " validation, " + with_thousands(made.test_cells) +
           " test; all controls train.\nWritten to " + request.output.string() +
           "\nTrain with it:\n  emberview-cli train data.kwargs.toml_config_path=" +
           shell_word(request.output.string()) + " data.kwargs.pert_col=" + shell_word(request.pert_col) +
           " \\\n      data.kwargs.cell_type_key=" + shell_word(request.cell_type_col) +
           " data.kwargs.control_pert=" + shell_word(request.control) + " …\n";
}

void split(const HoldOutRequest& request, const Invocation& invocation, JobContext& job) {
    if (request.output.extension() != ".toml") {
        throw UsageError("The output must be a .toml file, not '" + request.output.string() + "'",
                         "Give --output a name that ends in .toml");
    }
    const HoldOut made = make_hold_out(request, job);
    for (const std::string& warning : made.warnings) {
        job.warn(warning);
    }
    write_split(made.plan, made.comment);
    if (invocation.json) {
        print_json(split_json(request, made));
    } else {
        print(split_text(request, made));
    }
}

void add_columns(CLI::App& command, HoldOutRequest& request) {
    command.add_option("--data", request.files, "The cells: .h5ad files")
        ->required()
        ->option_text("F.h5ad …");
    command.add_option("--pert-col", request.pert_col, "Column of obs with the perturbations")
        ->required()
        ->option_text("COLUMN");
    command.add_option("--cell-type-col", request.cell_type_col, "Column of obs with the cell types")
        ->required()
        ->option_text("COLUMN");
    command.add_option("--control", request.control, "Label of the control cells; never held out")
        ->required()
        ->option_text("LABEL");
}

void add_shares(CLI::App& command, HoldOutRequest& request) {
    command.add_option("--perts", request.perturbation_share, "Share of the perturbations (default: 0.2)")
        ->check(CLI::Range(0.0, 1.0))
        ->option_text("SHARE");
    command.add_option("--cells", request.cell_type_share, "Share of the cell types (default: 0.2)")
        ->check(CLI::Range(0.0, 1.0))
        ->option_text("SHARE");
    command
        .add_option(
            "--val-share", request.val_share,
            "Share of the held-out perturbations that validate; the others are the test (default: 0.5)")
        ->check(CLI::Range(0.0, 1.0))
        ->option_text("SHARE");
    command.add_option("--seed", request.seed, "Seed of the draw (default: 42)")->option_text("N");
    command.add_option("--name", request.dataset, "Name of the data set (default: the file's)")
        ->option_text("NAME");
    command.add_option("--output", request.output, "Where the split goes, a .toml file")
        ->required()
        ->option_text("SPLIT.toml");
}

} // namespace

void add_train_split(CLI::App& family, Invocation& invocation) {
    auto request = std::make_shared<HoldOutRequest>();
    CLI::App* command = family.add_subcommand(
        "split", "Hold out some perturbations in some cell types, for validation and test");
    add_columns(*command, *request);
    add_shares(*command, *request);
    add_json_option(*command, invocation);
    command->footer("\nExample (files of the demo):\n"
                    "  emberview-cli train split --data wound_demo.h5ad --pert-col condition \\\n"
                    "      --cell-type-col cell_type --control Sham --val-share 1 --output split.toml\n"
                    "\nA perturbation is drawn only if other cell types still show it in training: the model "
                    "must carry over\nwhat it learnt. The same seed gives the same file.");
    command->callback([request, &invocation] {
        invocation.action = [request, &invocation](JobContext& job) { split(*request, invocation, job); };
    });
}

} // namespace ember::cli
