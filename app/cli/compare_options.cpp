#include "app/cli/compare_options.hpp"

#include <sstream>

#include "core/base/error.hpp"

namespace ember::cli {

namespace {

void add_column(CLI::App& command, const char* name, std::string& value, const char* what) {
    command
        .add_option(name, value,
                    std::string("Column of obs with the ") + what +
                        " (default: as recorded or guessed; none)")
        ->option_text("COLUMN");
}

/// "a,b" counts as two names.
std::vector<std::string> split_names(const std::vector<std::string>& given) {
    std::vector<std::string> names;
    for (const std::string& text : given) {
        std::stringstream stream(text);
        for (std::string name; std::getline(stream, name, ',');) {
            names.push_back(name);
        }
    }
    return names;
}

std::string chosen(const std::string& asked, const std::string& otherwise) {
    return asked.empty() ? otherwise : asked == "none" ? std::string() : asked;
}

} // namespace

void add_compare_options(CLI::App& command, CompareOptions& options) {
    command.add_option("--adata-real", options.real, "The .h5ad file with the real cells")
        ->required()
        ->option_text("FILE");
    command.add_option("--adata-pred", options.predictions, "One to four .h5ad files with predictions")
        ->required()
        ->expected(1, static_cast<int>(most_models))
        ->option_text("FILE …");
    command
        .add_option("--names", options.names, "Names of the models, separated by commas (default: recorded)")
        ->option_text("A,B");
    command
        .add_option(
            "--obsm,--pred-obsm", options.pred_member,
            "Where the predictions are: a key of obsm, layers/KEY or X (default: as recorded, else X)")
        ->option_text("KEY");
    command
        .add_option("--real-obsm", options.real_member,
                    "Where the real values are (default: as the predictions, where the file has it, else X)")
        ->option_text("KEY");
    add_column(command, "--pert-col", options.pert_col, "perturbations");
    command.add_option("--control-pert", options.control_pert, "Its label of the control")
        ->option_text("LABEL");
    add_column(command, "--celltype-col", options.celltype, "cell types");
    add_column(command, "--time-col", options.time, "time points");
    add_column(command, "--replicate", options.replicate, "replicates, such as mice");
    command
        .add_option("--gene-sets", options.gene_sets,
                    "GMT file of gene sets (default: Reactome, by the species of the genes)")
        ->option_text("FILE");
    command.add_option("--bootstrap", options.bootstrap, "Resamples for the intervals (default: 200)")
        ->check(CLI::Range(20, 100000))
        ->option_text("N");
    command.add_option("--permutations", options.shuffles, "Shuffles of the labels (default: 999)")
        ->check(CLI::Range(19, 1000000))
        ->option_text("N");
    command.add_option("--seed", options.seed, "Seed of resamples, shuffles and samples (default: 42)")
        ->option_text("N");
}

CompareRequest request_of(const CompareOptions& options) {
    const AnnDataPtr real = AnnData::open(options.real);
    std::vector<AnnDataPtr> predictions;
    for (const std::string& file : options.predictions) {
        predictions.push_back(AnnData::open(file));
    }
    const std::vector<std::string> names = split_names(options.names);
    if (names.size() > predictions.size()) {
        throw UsageError("There are more names than predictions", "Give as many with --names");
    }
    CompareRequest request = compare_request(real, predictions, guess_schema(*real), names);
    request.pert_col = chosen(options.pert_col, request.pert_col);
    request.control_pert = chosen(options.control_pert, request.control_pert);
    request.celltype_col = chosen(options.celltype, request.celltype_col);
    request.time_col = chosen(options.time, request.time_col);
    request.replicate_col = chosen(options.replicate, request.replicate_col);
    request.gene_sets = options.gene_sets;
    if (!options.pred_member.empty()) {
        for (ComparedPrediction& prediction : request.predictions) {
            prediction.source = source_named(*prediction.data, options.pred_member);
        }
        request.real_source = source_named(*real, options.pred_member);
    }
    if (!options.real_member.empty()) {
        request.real_source = source_named(*real, options.real_member);
    }
    request.change.bootstrap = options.bootstrap;
    request.change.shuffles = options.shuffles;
    request.permutations = options.shuffles;
    request.seed = options.seed;
    return request;
}

} // namespace ember::cli
