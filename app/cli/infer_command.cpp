// emberview-cli infer: predict with a State Transition model.

#include "app/cli/command_line.hpp"
#include "app/cli/infer_report.hpp"
#include "app/cli/text_table.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

namespace fs = std::filesystem;

void add_input_options(CLI::App& command, InferRequest& request) {
    command.add_option("--adata", request.adata, "The cells: an .h5ad file")->required()->option_text("FILE");
    command
        .add_option("--model-dir", request.model_dir,
                    "The model: an ST run directory (config.yaml, pert_onehot_map.pt, checkpoints/)")
        ->required()
        ->option_text("DIR");
    command
        .add_option(
            "--checkpoint", request.checkpoint,
            "Weights to use (default: checkpoints/final.ckpt of the run, else last.ckpt, else best.ckpt)")
        ->option_text("FILE");
    command
        .add_option(
            "--embed-key", request.embed_key,
            "The model's input: a key of obsm, or X (default: as the model was trained). Embeddings such "
            "as those of SE-600M are computed with other programs and must be in the file")
        ->option_text("KEY");
    command.add_flag("--truncate", request.truncate,
                     "Use only the first columns when the input is wider than the model");
}

void add_column_options(CLI::App& command, InferRequest& request) {
    command
        .add_option("--pert-col", request.pert_col,
                    "Column of obs with the perturbations (default: the model's)")
        ->option_text("COLUMN");
    command
        .add_option("--control-pert", request.control_pert,
                    "Label of the control cells (default: the model's)")
        ->option_text("LABEL");
    command
        .add_option("--celltype-col", request.celltype_col,
                    "Column of obs with the cell types; controls are drawn from the same type (default: the "
                    "model's)")
        ->option_text("COLUMN");
    command
        .add_option("--celltypes", request.celltypes, "Predict these cell types only, separated by commas")
        ->delimiter(',')
        ->option_text("A,B");
    command
        .add_option("--batch-col", request.batch_col, "Column of obs with the batches (default: the model's)")
        ->option_text("COLUMN");
}

void add_cell_options(CLI::App& command, InferRequest& request) {
    command
        .add_option("--tsv", request.tsv,
                    "Add simulated cells: a table with the columns perturbation and num_cells")
        ->option_text("FILE");
    command.add_flag("--all-perts", request.all_perts,
                     "Add copies of the controls for every perturbation of the model that the data lack");
    command
        .add_option("--virtual-cells-per-pert", request.virtual_cells_per_pert,
                    "With --all-perts: this many copies per perturbation (default: all controls)")
        ->check(CLI::PositiveNumber)
        ->option_text("N");
    command
        .add_option("--min-cells", request.min_cells,
                    "Fill up perturbations with fewer cells by copies of controls")
        ->check(CLI::PositiveNumber)
        ->option_text("N");
    command.add_option("--max-cells", request.max_cells, "At most this many cells per perturbation")
        ->check(CLI::PositiveNumber)
        ->option_text("N");
    command
        .add_option("--max-set-len", request.max_set_len,
                    "Cells per set given to the model (default: as it was trained)")
        ->check(CLI::PositiveNumber)
        ->option_text("N");
}

void add_output_options(CLI::App& command, InferRequest& request) {
    command
        .add_option(
            "--output", request.output,
            "Where the prediction goes: an .h5ad (a copy of the input with it) or an .npy (the matrix "
            "only) (default: the input's name with _simulated.h5ad)")
        ->option_text("FILE");
    command
        .add_option(
            "--obsm-key", request.obsm_key,
            "Key of obsm for the prediction (default: in place of the input, as `state tx infer` does)")
        ->option_text("KEY");
    command.add_option("--seed", request.seed, "Seed of the draws of control cells (default: 42)")
        ->option_text("N");
    command.add_option("--device", request.device, "auto, cpu or cuda (default: auto)")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->option_text("NAME");
}

void settle_output(InferRequest& request) {
    if (request.output.empty()) {
        request.output = fs::path(request.adata).replace_extension();
        request.output += "_simulated.h5ad";
    }
    const fs::path ending = request.output.extension();
    if (ending != ".h5ad" && ending != ".npy") {
        throw UsageError("The output must be an .h5ad or an .npy file, not '" + request.output.string() + "'",
                         "Give --output a name that ends in .h5ad or .npy");
    }
    std::error_code absent;
    if (fs::equivalent(request.output, request.adata, absent)) {
        throw UsageError("The output would replace the input '" + request.adata.string() + "'",
                         "Give --output another name");
    }
}

void infer(InferRequest request, const Invocation& invocation, JobContext& job) {
    settle_output(request);
    request.threads = invocation.threads;
    const InferResult result = engine().infer(request, job);
    if (invocation.json) {
        print_json(infer_json(result));
    } else {
        print(infer_text(result));
    }
}

} // namespace

void add_infer_command(CLI::App& program, Invocation& invocation) {
    auto request = std::make_shared<InferRequest>();
    CLI::App* command = program.add_subcommand(
        "infer", "Predict with a State Transition (ST) model (the options of `state tx infer`)");
    add_input_options(*command, *request);
    add_column_options(*command, *request);
    add_cell_options(*command, *request);
    add_output_options(*command, *request);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExample (files of the demo):\n"
        "  emberview-cli infer --adata wound_demo.h5ad --model-dir st_wound --embed-key X_hvg \\\n"
        "      --pert-col condition --control-pert Sham --celltype-col cell_type --output predicted.h5ad\n"
        "\nA perturbation that the model never saw is predicted as the control, with a warning.");
    command->callback([request, &invocation] {
        invocation.action = [request, &invocation](JobContext& job) { infer(*request, invocation, job); };
    });
}

} // namespace ember::cli
