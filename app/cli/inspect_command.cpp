// emberview-cli inspect: what is inside a file or a run directory.

#include <algorithm>
#include <array>

#include "app/cli/command_line.hpp"
#include "app/cli/inspect_text.hpp"
#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/inspect.hpp"
#include "core/genes/doctor.hpp"
#include "core/run/st_config.hpp"

namespace ember::cli {

namespace {

struct InspectOptions {
    std::string file;
    bool verify = false;
    FitRequest fit; ///< with --against
};

bool is_model(const std::filesystem::path& file) {
    constexpr std::array<const char*, 4> endings = {".ckpt", ".pt", ".pth", ".safetensors"};
    return std::filesystem::is_directory(file) ||
           std::find(endings.begin(), endings.end(), file.extension().string()) != endings.end();
}

void compare_with_data(const InspectOptions& options, bool json, JobContext& job) {
    if (!is_run_directory(options.file)) {
        throw UsageError("--against needs an ST run directory, and " + options.file + " is none",
                         "Give the folder that 'state tx train' wrote: a checkpoint alone does not say which "
                         "perturbations it knows");
    }
    FitRequest request = options.fit;
    request.model_dir = options.file;
    const FitReport report = examine_fit(request, job);
    if (json) {
        print_json(fit_json(report));
    } else {
        print(fit_text(report));
    }
}

void inspect(const InspectOptions& options, bool json, JobContext& job) {
    const std::filesystem::path file = options.file;
    if (!std::filesystem::exists(file)) {
        throw Error("CannotRead", "There is no such file or folder", {options.file, {}, {}},
                    "Check the path");
    }
    if (!options.fit.adata.empty()) {
        compare_with_data(options, json, job);
        return;
    }
    const bool model = is_model(file);
    const nlohmann::json report =
        model ? inspect_model(file) : inspect_anndata(*AnnData::open(file), options.verify, job);
    if (json) {
        print_json(report);
    } else {
        print(model ? model_text(report) : anndata_text(report));
    }
}

void add_fit_options(CLI::App& command, FitRequest& fit) {
    CLI::Option* against =
        command
            .add_option(
                "--against", fit.adata,
                "Does the model fit these cells? Perturbations, control, cell types and genes that it "
                "does not know, why, and what its predictions lose")
            ->option_text("F.h5ad");
    const auto column = [&](const char* name, std::string& value, const char* what) {
        command.add_option(name, value, std::string("With --against: ") + what)
            ->option_text("NAME")
            ->needs(against);
    };
    column("--pert-col", fit.pert_col, "column of the perturbation (default: the model's, else guessed)");
    column("--control-pert", fit.control_pert, "label of the control (default: the model's, else guessed)");
    column("--celltype-col", fit.celltype_col,
           "column of the cell type (default: the model's, else guessed)");
    column("--batch-col", fit.batch_col, "column of the batch (default: the model's, else guessed)");
    column("--embed-key", fit.embed_key,
           "matrix that the model reads, X or a key of obsm (default: the model's)");
    command
        .add_flag(
            "--expression", fit.sum_expression,
            "With --against: sum the expression of genes that are misread or not read; reads all values")
        ->needs(against);
}

} // namespace

void add_inspect_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<InspectOptions>();
    CLI::App* command = program.add_subcommand(
        "inspect", "Show what is inside an .h5ad, a 10x Genomics .h5, a checkpoint or a run directory");
    command
        ->add_option("FILE", options->file,
                     "An .h5ad, .h5, .ckpt, .pt or .safetensors file, or an ST run directory")
        ->required()
        ->option_text("");
    command->add_flag("--verify", options->verify,
                      "Read every value, check it, and add sums, extremes and counts of NaN and infinities");
    add_fit_options(*command, options->fit);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer("\nExamples:\n"
                    "  emberview-cli inspect cells.h5ad\n"
                    "  emberview-cli inspect cells.h5ad --verify --json\n"
                    "  emberview-cli inspect runs/st_wound\n"
                    "  emberview-cli inspect runs/st_drug --against cells.h5ad");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            inspect(*options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
