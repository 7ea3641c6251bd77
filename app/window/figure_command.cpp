#include "app/window/figure_command.hpp"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "app/cli/help_format.hpp"
#include "app/cli/output.hpp"
#include "app/window/offscreen.hpp"
#include "core/base/nearest_names.hpp"
#include "views/prediction/six_panel_figure.hpp"

namespace ember {

namespace {

struct FigureCommand {
    std::string adata, obsm, layer, condition, timepoint, celltype, replicate, embedding, output, csv;
    double width_mm = 180, height_mm = 120, threshold = 0;
    int dpi = 300, permutations = 999, threads = 0;
    std::uint64_t seed = 42;
    bool dark = false, json = false, quiet = false;
    bool help = false;
};

void addColumn(CLI::App& command, const char* name, std::string& value, const char* what) {
    command
        .add_option(name, value, std::string("Column of obs with the ") + what + " (default: guessed; none)")
        ->option_text("COLUMN");
}

void addOptions(CLI::App& command, FigureCommand& options) {
    command.add_option("--adata", options.adata, "The .h5ad file")->required()->option_text("FILE");
    CLI::Option* obsm =
        command.add_option("--obsm", options.obsm, "The prediction: a key of obsm (default: X)")
            ->option_text("KEY");
    command.add_option("--layer", options.layer, "Use this layer instead")
        ->option_text("KEY")
        ->excludes(obsm);
    addColumn(command, "--condition", options.condition, "conditions");
    addColumn(command, "--timepoint", options.timepoint, "time points");
    addColumn(command, "--celltype", options.celltype, "cell types");
    addColumn(command, "--replicate", options.replicate, "replicates, such as mice");
    command
        .add_option("--embedding", options.embedding,
                    "Key of obsm with the points (default: X_pred_umap if there, else a UMAP is computed)")
        ->option_text("KEY");
    command.add_option("--output", options.output, "Where the figure goes: .png, .svg or .pdf")
        ->required()
        ->option_text("FILE");
    command
        .add_option("--csv", options.csv,
                    "Folder for the tables of what is drawn, each with a .json that says how it was made")
        ->option_text("DIR");
    command.add_option("--width-mm", options.width_mm, "Width, at least 150 (default: 180)")
        ->check(CLI::Range(150.0, 1000.0))
        ->option_text("MM");
    command.add_option("--height-mm", options.height_mm, "Height, at least 100 (default: 120)")
        ->check(CLI::Range(100.0, 1000.0))
        ->option_text("MM");
    command.add_option("--dpi", options.dpi, "Pixels per inch of a PNG and of points (default: 300)")
        ->check(CLI::Range(50, 1200))
        ->option_text("N");
    command.add_option("--threshold", options.threshold, "Values up to this size count as zero (default: 0)")
        ->check(CLI::NonNegativeNumber)
        ->option_text("T");
    command.add_option("--permutations", options.permutations, "Shuffles of the comparison (default: 999)")
        ->check(CLI::Range(1, 1000000))
        ->option_text("N");
    command.add_option("--seed", options.seed, "Seed of the UMAP, sample and shuffles (default: 42)")
        ->option_text("N");
    command.add_flag("--dark", options.dark, "Dark colours, for slides");
    command.add_flag("--json", options.json, "Print the result (or the error) as JSON on standard output");
    command.add_option("--threads", options.threads, "Processor cores to use (default: all)")
        ->check(CLI::Range(0, 1024))
        ->option_text("N");
    command.add_flag("--quiet", options.quiet, "No progress bar and no notes");
    command.footer("\nExample:\n"
                   "  emberview figure predictions --adata predicted.h5ad --obsm X_hvg \\\n"
                   "      --output figure.pdf --csv tables\n"
                   "\nNo display is needed. Option names may be written with _ instead of -.");
}

/// Prints the help and sets `help` where it was asked for.
FigureCommand parse(const std::vector<std::string>& arguments) {
    FigureCommand options;
    CLI::App program("Draw a figure without a display", "emberview figure");
    program.formatter(cli::help_format());
    program.set_help_flag("-h,--help", "Print this help and leave");
    program.require_subcommand(1);
    CLI::App* predictions = program.add_subcommand(
        "predictions", "Six panels on a prediction: embedding, magnitudes, means, sparsity, and the verdict");
    addOptions(*predictions, options);
    std::vector<std::string> reversed; // CLI11 takes them from the back
    std::transform(arguments.rbegin(), arguments.rend() - 1, std::back_inserter(reversed), hyphened);
    try {
        program.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        cli::print(program.help());
        options.help = true;
    } catch (const CLI::ParseError& error) {
        throw UsageError(error.what(), "See emberview figure predictions --help");
    }
    return options;
}

/// The column asked for, none, or the one that was guessed.
std::string columnOf(const std::string& asked, const std::string& guessed) {
    return asked.empty() ? guessed : asked == "none" ? std::string() : asked;
}

SixPanelRequest requestOf(const AnnData& data, const FigureCommand& options) {
    MatrixSource source;
    if (!options.obsm.empty()) {
        source = {MatrixSource::Kind::obsm, options.obsm};
    } else if (!options.layer.empty()) {
        source = {MatrixSource::Kind::layer, options.layer};
    }
    SixPanelRequest request = sixPanelRequest(data, source, guess_schema(data));
    request.adata = options.adata;
    request.condition = columnOf(options.condition, request.condition);
    request.timepoint = columnOf(options.timepoint, request.timepoint);
    request.celltype = columnOf(options.celltype, request.celltype);
    request.replicate = columnOf(options.replicate, request.replicate);
    request.embedding = options.embedding;
    request.seed = options.seed;
    request.permutations = options.permutations;
    request.threshold = options.threshold;
    return request;
}

void checkOutput(const std::string& output) {
    const std::string ending = std::filesystem::path(output).extension().string();
    if (ending != ".png" && ending != ".svg" && ending != ".pdf") {
        throw UsageError("The figure's name must end in .png, .svg or .pdf, not '" + ending + "'",
                         "Give such a name with --output");
    }
}

void tell(const FigureCommand& options, const SixPanelData& data, const QStringList& tables) {
    if (options.json) {
        nlohmann::json files = nlohmann::json::array();
        for (const QString& table : tables) {
            files.push_back(table.toStdString());
        }
        cli::print_json({{"output", std::filesystem::absolute(options.output).string()},
                         {"tables", files},
                         {"notes", data.notes.join(' ').toStdString()},
                         {"differences", difference_json(data.differenceRequest, data.difference)}});
        return;
    }
    std::string text = data.verdict.title.toStdString() + "\n  " + data.verdict.text.toStdString() + "\n";
    if (!data.verdict.remedy.isEmpty()) {
        text += "  " + data.verdict.remedy.toStdString() + "\n";
    }
    text += "Written: " + options.output + "\n";
    for (const QString& table : tables) {
        text += "         " + table.toStdString() + "\n";
    }
    cli::print(text);
}

int draw(const FigureCommand& options, JobContext& job) {
    checkOutput(options.output);
    const AnnDataPtr data = AnnData::open(options.adata);
    const SixPanelData panels = gatherSixPanels(*data, requestOf(*data, options), job);
    job.begin("Drawing", 0, "");
    const FigureOptions figure{QSizeF(options.width_mm, options.height_mm), options.dpi, !options.dark};
    writeFigure(QString::fromStdString(options.output), sixPanelFigure(panels, figure), figure);
    const QStringList tables = options.csv.empty()
                                   ? QStringList()
                                   : writeSixPanelTables(panels, QString::fromStdString(options.csv));
    tell(options, panels, tables);
    return 0;
}

int run(const std::vector<std::string>& arguments, char* program) {
    const OffscreenProgram offscreen;
    const FigureCommand options = parse(arguments);
    if (options.help) {
        return 0;
    }
    return offscreen.run(program, {options.dark, options.quiet, options.threads},
                         [&](JobContext& job) { return draw(options, job); });
}

} // namespace

int runFigureCommand(const std::vector<std::string>& arguments, char* program) {
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    return cli::run_and_report([&] { return run(arguments, program); }, json);
}

} // namespace ember
