// emberview-cli evaluate: a prediction against real cells, with the options of `cell-eval run`.

#include <algorithm>
#include <sstream>

#include "app/cli/command_line.hpp"
#include "app/cli/evaluate_text.hpp"
#include "core/base/error.hpp"
#include "core/embedding/embed.hpp"
#include "core/evaluation/evaluation_output.hpp"

namespace ember::cli {

namespace {

struct EvaluateOptions {
    EvaluationRequest request;
    std::string adata_pred, adata_real, outdir, run_dir, embed_key, source_pred, source_real;
    std::string pert_col, control_pert, celltype_col, time_col, replicate_col;
    std::string skip_metrics, metrics, control_cells = "predicted";
    bool no_baselines = false, explain = false;
};

std::vector<std::string> listed(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

/// What was asked for, "none" for nothing, else what was guessed.
std::string chosen(const std::string& asked, const std::string& guessed) {
    return asked.empty() ? guessed : asked == "none" ? std::string() : asked;
}

EvaluationRequest request_of(const EvaluateOptions& options, const AnnData& pred, const AnnData& real) {
    const EvaluationRequest guess = evaluation_request(pred, real);
    EvaluationRequest request = options.request;
    request.adata_pred = options.adata_pred;
    request.adata_real = options.adata_real;
    request.pred_source =
        options.source_pred.empty() ? guess.pred_source : embedding_source(pred, options.source_pred, false);
    request.real_source =
        options.source_real.empty() ? guess.real_source : embedding_source(real, options.source_real, false);
    request.pert_col = chosen(options.pert_col, guess.pert_col);
    request.pert_col = request.pert_col.empty() ? "target" : request.pert_col;
    request.control_pert = options.control_pert.empty() ? guess.control_pert : options.control_pert;
    request.control_pert = request.control_pert.empty() ? "non-targeting" : request.control_pert;
    request.celltype_col = chosen(options.celltype_col, guess.celltype_col);
    request.time_col = chosen(options.time_col, guess.time_col);
    request.replicate_col = chosen(options.replicate_col, guess.replicate_col);
    request.control = options.control_cells == "real" ? ControlCells::real : ControlCells::predicted;
    request.skip_metrics = listed(options.skip_metrics);
    request.only_metrics = listed(options.metrics);
    if (options.no_baselines) {
        request.baselines.clear();
    }
    if (!options.embed_key.empty()) {
        request.pred_embedding = embedding_source(pred, options.embed_key, false);
        request.real_embedding = embedding_source(real, options.embed_key, false);
    }
    return request;
}

void evaluate_files(const EvaluateOptions& options, const Invocation& invocation, JobContext& job) {
    if (options.explain) {
        EvaluationRequest request = options.request;
        request.only_metrics = listed(options.metrics);
        print(explain_metrics(chosen_metrics(request)));
        return;
    }
    if (options.adata_pred.empty() || options.adata_real.empty()) {
        throw UsageError("The prediction and the real cells are needed",
                         "Give --adata-pred and --adata-real");
    }
    const AnnDataPtr pred = AnnData::open(options.adata_pred), real = AnnData::open(options.adata_real);
    const EvaluationRequest request = request_of(options, *pred, *real);
    const EvaluationResult result = evaluate(*pred, *real, request, job);
    for (const std::string& warning : result.warnings) {
        job.warn(warning);
    }
    const std::filesystem::path folder =
        options.outdir.empty() ? evaluation_folder(*pred) : std::filesystem::path(options.outdir);
    std::vector<std::filesystem::path> written;
    if (!folder.empty()) {
        written = write_evaluation(request, result, folder, job);
    }
    if (invocation.json) {
        nlohmann::json json = evaluation_json(request, result);
        json["outdir"] = folder.string();
        print_json(json);
        return;
    }
    print(evaluation_text(request, result) +
          (written.empty()
               ? "  Nothing was written: give --outdir to keep the tables\n"
               : "  Written: " + std::to_string(written.size()) + " files in " + folder.string() + "\n"));
}

void add_files(CLI::App& command, EvaluateOptions& options) {
    command.add_option("--adata-pred", options.adata_pred, "The prediction, an .h5ad (also -ap)")
        ->option_text("FILE");
    command.add_option("--adata-real", options.adata_real, "The real cells, an .h5ad (also -ar)")
        ->option_text("FILE");
    command
        .add_option("--source-pred", options.source_pred,
                    "Predicted values: X, obsm/KEY, layers/KEY (default: where infer wrote them, else X)")
        ->option_text("MATRIX");
    command
        .add_option("--source-real", options.source_real,
                    "Real values (default: the same member where the file has it, else X)")
        ->option_text("MATRIX");
    command
        .add_option("-o,--outdir", options.outdir,
                    "Folder for the tables (default: eval_CHECKPOINT where the prediction lies in an ST run, "
                    "else nothing is written)")
        ->option_text("DIR");
    command
        .add_option("--de-pred", options.request.de_pred,
                    "Differential expression of the prediction made before, pdex's columns (also -dp)")
        ->option_text("CSV");
    command
        .add_option("--de-real", options.request.de_real,
                    "Differential expression of the real cells made before (also -dr)")
        ->option_text("CSV");
}

void add_columns(CLI::App& command, EvaluateOptions& options) {
    command
        .add_option("--pert-col", options.pert_col,
                    "Column of the perturbations (default: infer's record, else guessed, else target)")
        ->option_text("COLUMN");
    command
        .add_option("--control-pert", options.control_pert,
                    "Label of the control (default: infer's record, else guessed, else non-targeting)")
        ->option_text("LABEL");
    command
        .add_option("--celltype-col", options.celltype_col,
                    "Column of the cell types: rows per cell type, too (default: guessed; none)")
        ->option_text("COLUMN");
    command
        .add_option("--time-col", options.time_col,
                    "Column of the time points, for the temporal coherence (default: guessed; none)")
        ->option_text("COLUMN");
    command
        .add_option("--replicate-col", options.replicate_col,
                    "Column of the replicates, the unit of the intervals (default: guessed; none: cells)")
        ->option_text("COLUMN");
    command
        .add_option("--control-cells", options.control_cells,
                    "Whose control cells the predicted change starts from: predicted (as cell-eval run) or "
                    "real (as state tx predict); default: predicted")
        ->check(CLI::IsMember({"predicted", "real"}))
        ->option_text("WHOSE");
}

void add_choices(CLI::App& command, EvaluateOptions& options) {
    command
        .add_option("--profile", options.request.profile,
                    "full, minimal, vcc, de, anndata or pds, as cell-eval's; our own metrics come with full; "
                    "cell-eval: its full without ours")
        ->option_text("NAME");
    command.add_option("--metrics", options.metrics, "Only these metrics, separated by commas")
        ->option_text("NAMES");
    command.add_option("--skip-metrics", options.skip_metrics, "Not these metrics, separated by commas")
        ->option_text("NAMES");
    command
        .add_option(
            "--embed-key", options.embed_key,
            "Member of obsm on which cell-eval's discrimination_score_l2 and _cosine are computed; for "
            "all other metrics see --source-pred")
        ->option_text("KEY");
    command.add_flag("--allow-discrete", options.request.allow_discrete,
                     "Take the values as they are, even counts");
    command
        .add_option("--epsilon", options.request.epsilon,
                    "Added to both means before the log2 fold change (default: 0)")
        ->check(CLI::NonNegativeNumber)
        ->option_text("E");
    command
        .add_option("--bootstrap", options.request.bootstrap,
                    "Resamples for the 95 % intervals (default: 200; 0: none)")
        ->check(CLI::Range(0, 100000))
        ->option_text("N");
    command.add_flag("--no-baselines", options.no_baselines, "Do not measure the baselines");
    command.add_option("--seed", options.request.seed, "Seed of all draws (default: 42)")->option_text("N");
    command.add_flag("--explain", options.explain,
                     "Say what each metric and baseline is, and when it misleads, and leave");
}

} // namespace

void add_evaluate_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* command =
        program.add_subcommand("evaluate", "Measure a prediction against real cells, beside baselines");
    add_files(*command, *options);
    add_columns(*command, *options);
    add_choices(*command, *options);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->add_option("--num-threads", invocation.threads, "The same as --threads")
        ->check(CLI::Range(-1, 1024))
        ->option_text("N");
    command->footer(
        "\nExample:\n"
        "  emberview-cli evaluate --adata-pred predicted.h5ad --adata-real observed.h5ad \\\n"
        "      --pert-col condition --control-pert Sham --celltype-col cell_type --outdir scores\n"
        "\nColumns of results.csv are cell-eval's, then ours. Values that are not defined are "
        "empty.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            evaluate_files(*options, invocation, job);
        };
    });
}

} // namespace ember::cli
