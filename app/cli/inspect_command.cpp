// emberview-cli inspect: what is inside a file or a run directory.

#include <algorithm>
#include <array>

#include "app/cli/command_line.hpp"
#include "app/cli/inspect_text.hpp"
#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/inspect.hpp"
#include "core/run/st_config.hpp"

namespace ember::cli {

namespace {

struct InspectOptions {
    std::string file;
    bool verify = false;
};

bool is_model(const std::filesystem::path& file) {
    constexpr std::array<const char*, 4> endings = {".ckpt", ".pt", ".pth", ".safetensors"};
    return std::filesystem::is_directory(file) ||
           std::find(endings.begin(), endings.end(), file.extension().string()) != endings.end();
}

void inspect(const InspectOptions& options, bool json, JobContext& job) {
    const std::filesystem::path file = options.file;
    if (!std::filesystem::exists(file)) {
        throw Error("CannotRead", "There is no such file or folder", {options.file, {}, {}},
                    "Check the path");
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
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer("\nExamples:\n"
                    "  emberview-cli inspect cells.h5ad\n"
                    "  emberview-cli inspect cells.h5ad --verify --json\n"
                    "  emberview-cli inspect runs/st_wound");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            inspect(*options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
