// emberview-cli embed: principal components and UMAP, written to a copy of the file.

#include "app/cli/command_line.hpp"
#include "app/cli/text_table.hpp"
#include "core/base/error.hpp"
#include "core/embedding/embed.hpp"

namespace ember::cli {

namespace {

void add_file_options(CLI::App& command, EmbedRequest& request, const char* default_rep,
                      const char* default_key) {
    command.add_option("--adata", request.adata, "The cells: an .h5ad file")->required()->option_text("FILE");
    command
        .add_option("--use-rep", request.use_rep,
                    std::string("What to embed: X, layers/KEY, raw/X or a key of obsm (default: ") +
                        default_rep + ")")
        ->option_text("KEY");
    command
        .add_option("--key", request.key,
                    std::string("Key of obsm for the result (default: ") + default_key + ")")
        ->option_text("NEWKEY");
    command
        .add_option("--output", request.output, "Where the copy of the file with the result goes, an .h5ad")
        ->required()
        ->option_text("FILE");
}

nlohmann::json common_json(const EmbedRequest& request, const EmbedResult& result,
                           const std::vector<std::uint64_t>& left_out) {
    return {{"output", request.output.string()}, {"written_to", result.written_to},
            {"use_rep", result.use_rep},         {"cells", result.cells},
            {"columns", result.columns},         {"left_out", left_out},
            {"warnings", result.warnings},       {"seconds", result.seconds}};
}

std::string common_text(const EmbedRequest& request, const EmbedResult& result, const std::string& made) {
    return made + " of " + result.use_rep + ", " + with_thousands(result.cells) + " cells × " +
           with_thousands(result.columns) + " columns, in " + readable(result.seconds) + " s\nWritten to " +
           request.output.string() + ", " + result.written_to + "\n";
}

void run_pca(const EmbedPcaRequest& request, const Invocation& invocation, JobContext& job) {
    const EmbedPcaResult result = embed_pca(request, job);
    if (invocation.json) {
        nlohmann::json json = common_json(request, result, result.pca.left_out);
        json["n_comps"] = result.pca.count;
        json["variance"] = result.pca.variance;
        json["variance_ratio"] = result.pca.variance_ratio;
        print_json(json);
        return;
    }
    double share = 0;
    for (const double ratio : result.pca.variance_ratio) {
        share += ratio;
    }
    print(common_text(request, result,
                      std::to_string(result.pca.count) + " components with " + readable(100 * share) +
                          " % of the variance"));
}

void run_umap(EmbedUmapRequest request, const std::string& metric, const Invocation& invocation,
              JobContext& job) {
    request.options.metric = metric_of(metric);
    request.options.threads = invocation.threads;
    const EmbedUmapResult result = embed_umap(request, job);
    if (invocation.json) {
        nlohmann::json json = common_json(request, result, result.left_out);
        json["n_neighbors"] = result.options.neighbors;
        json["n_epochs"] = result.options.epochs;
        json["exact_neighbors"] = result.exact_neighbors;
        print_json(json);
        return;
    }
    print(common_text(request, result,
                      "UMAP (" + std::to_string(result.options.neighbors) + " neighbours, " +
                          std::to_string(result.options.epochs) + " epochs)"));
}

void add_pca(CLI::App& family, Invocation& invocation) {
    auto request = std::make_shared<EmbedPcaRequest>();
    CLI::App* command = family.add_subcommand("pca", "Principal components");
    add_file_options(*command, *request, "X", "X_pca");
    command->add_option("--n-comps", request->options.components, "Components (default: 50)")
        ->option_text("N");
    command
        ->add_option("--seed", request->options.seed,
                     "Seed of the start vectors; changes nothing but rounding")
        ->option_text("N");
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer("\nExample:\n"
                    "  emberview-cli embed pca --adata predicted.h5ad --use-rep X_hvg --key X_pred_pca \\\n"
                    "      --output embedded.h5ad\n"
                    "\nGenes are centred and not scaled; variances are divided by cells − 1.");
    command->callback([request, &invocation] {
        invocation.action = [request, &invocation](JobContext& job) { run_pca(*request, invocation, job); };
    });
}

void add_umap_options(CLI::App& command, UmapOptions& options, std::string& metric) {
    command
        .add_option("--n-neighbors", options.neighbors, "Neighbours of a cell, itself included (default: 15)")
        ->option_text("N");
    command
        .add_option("--min-dist", options.min_dist, "How close cells may lie, 0 to the spread (default: 0.1)")
        ->option_text("D");
    command.add_option("--spread", options.spread, "Scale of the picture (default: 1)")->option_text("D");
    command
        .add_option("--metric", metric, "euclidean, cosine, correlation or manhattan (default: euclidean)")
        ->option_text("NAME");
    command
        .add_option("--n-epochs", options.epochs,
                    "Rounds of the layout (default: 500 up to 10,000 cells, else 200)")
        ->option_text("N");
    command
        .add_option("--seed", options.seed,
                    "Seed; the same seed gives the same picture on any number of threads (default: 42)")
        ->option_text("N");
}

void add_umap(CLI::App& family, Invocation& invocation) {
    auto request = std::make_shared<EmbedUmapRequest>();
    auto metric = std::make_shared<std::string>("euclidean");
    CLI::App* command = family.add_subcommand("umap", "UMAP: two coordinates that keep neighbours together");
    add_file_options(*command, *request, "X_pca of obsm where there is one, else X", "X_umap");
    add_umap_options(*command, request->options, *metric);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExample:\n"
        "  emberview-cli embed umap --adata embedded.h5ad --use-rep X_pred_pca \\\n"
        "      --key X_pred_umap --output shown.h5ad\n"
        "\nParameters mean what they mean to umap-learn. Distances between far clusters mean little.");
    command->callback([request, metric, &invocation] {
        invocation.action = [request, metric, &invocation](JobContext& job) {
            run_umap(*request, *metric, invocation, job);
        };
    });
}

} // namespace

void add_embed_command(CLI::App& program, Invocation& invocation) {
    CLI::App* family =
        program.add_subcommand("embed", "Principal components or UMAP, written to a copy of the file");
    family->require_subcommand(1);
    add_pca(*family, invocation);
    add_umap(*family, invocation);
    family->footer("\nExample:\n"
                   "  emberview-cli embed pca --adata predicted.h5ad --use-rep X_hvg --output embedded.h5ad\n"
                   "  emberview-cli embed umap --adata embedded.h5ad --output shown.h5ad");
}

} // namespace ember::cli
