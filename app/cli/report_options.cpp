#include "app/cli/report_options.hpp"

#include <filesystem>

#include "core/base/error.hpp"

namespace ember::cli {

namespace fs = std::filesystem;

void add_report_options(CLI::App& command, ReportOptions& options) {
    add_compare_options(command, options.compare);
    command
        .add_option("--output", options.outputs,
                    "Where the report goes: .html, .pdf, both, or a folder for report.html and report.pdf")
        ->required()
        ->expected(1, 2)
        ->option_text("FILE …");
    command.footer("\nExample:\n"
                   "  emberview-cli report --adata-real wound_demo.h5ad --adata-pred wound_st_wound.h5ad \\\n"
                   "      wound_st_drug.h5ad --names st_wound,st_drug --output report.html report.pdf\n"
                   "\nVerdicts with their tests, metrics, figures, tables, methods and provenance. No "
                   "display is needed.");
}

std::vector<std::string> report_files(const ReportOptions& options) {
    std::vector<std::string> files;
    const auto make = [](const fs::path& folder) {
        std::error_code failure;
        fs::create_directories(folder, failure);
        if (failure) {
            throw Error("CannotWrite", "The output folder cannot be made: " + failure.message(),
                        {folder.string(), {}, {}}, "Choose a folder that you may write to");
        }
    };
    for (const std::string& output : options.outputs) {
        const fs::path path = output;
        const std::string ending = path.extension().string();
        if (ending == ".html" || ending == ".pdf") {
            make(fs::absolute(path).parent_path());
            files.push_back(output);
        } else if (ending.empty() || fs::is_directory(path)) {
            make(path);
            files.push_back((path / "report.html").string());
            files.push_back((path / "report.pdf").string());
        } else {
            throw UsageError("The report's name must end in .html or .pdf, not '" + ending + "'",
                             "Give such a name, or a folder, with --output");
        }
    }
    return files;
}

} // namespace ember::cli
