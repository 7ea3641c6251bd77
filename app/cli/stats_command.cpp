// emberview-cli stats: statistics of a prediction, overall and by groups of cells.

#include <algorithm>
#include <optional>

#include "app/cli/command_line.hpp"
#include "app/cli/text_table.hpp"
#include "core/analysis/condition_difference.hpp"
#include "core/analysis/prediction_statistics.hpp"
#include "core/analysis/schema_guess.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

struct StatsOptions {
    std::string adata, obsm, layer, output;
    std::string test, within, replicate, block;
    bool x = false;
    std::vector<std::string> by;
    double threshold = 0;
    int permutations = 999;
    std::uint64_t seed = 42;
};

MatrixSource source_of(const StatsOptions& options) {
    if (!options.obsm.empty()) {
        return {MatrixSource::Kind::obsm, options.obsm};
    }
    if (!options.layer.empty()) {
        return {MatrixSource::Kind::layer, options.layer};
    }
    return {};
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0;;) {
        const std::size_t end = text.find(separator, begin);
        parts.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) {
            return parts;
        }
        begin = end + separator.size();
    }
}

bool has_column(const AnnData& data, const std::string& name) {
    const std::vector<ColumnInfo>& columns = data.obs_columns();
    return std::any_of(columns.begin(), columns.end(),
                       [&](const ColumnInfo& column) { return column.name == name; });
}

/// "condition" or a crossing, "condition*timepoint" or "condition×timepoint".
std::vector<std::string> crossing(const AnnData& data, const std::string& text) {
    if (has_column(data, text)) {
        return {text};
    }
    std::vector<std::string> columns;
    for (const std::string& part : split(text, "*")) {
        const std::vector<std::string> crossed = split(part, "×");
        columns.insert(columns.end(), crossed.begin(), crossed.end());
    }
    return columns;
}

/// Columns whose names hold the separators themselves win over a split.
std::vector<std::vector<std::string>> groupings(const AnnData& data, const std::vector<std::string>& by) {
    std::vector<std::vector<std::string>> found;
    for (const std::string& argument : by) {
        const auto parts =
            has_column(data, argument) ? std::vector<std::string>{argument} : split(argument, ",");
        for (const std::string& part : parts) {
            std::vector<std::string> columns = crossing(data, part);
            if (!part.empty() && std::find(found.begin(), found.end(), columns) == found.end()) {
                found.push_back(std::move(columns));
            }
        }
    }
    return found;
}

std::string report(const StatisticsResult& result, const MatrixSource& source) {
    std::string text = to_string(source) + ": " + with_thousands(result.rows) + " cells × " +
                       with_thousands(result.cols) + " columns\n\n" + statistics_table("", {result.overall});
    for (const GroupTable& table : result.tables) {
        text += "\n" + statistics_table(table.name(), table.groups);
        if (table.cells_without_group != 0) {
            text += "  " + with_thousands(table.cells_without_group) + " cells have no label here\n";
        }
    }
    if (result.overall.nonfinite != 0) {
        text += "\n" + with_thousands(result.overall.nonfinite) +
                " values are NaN or infinite and were left out\n";
    }
    return text;
}

/// The column asked for, none, or the one that the schema guess finds.
std::string column_or_guess(const AnnData& data, const std::string& asked, const std::string& guessed) {
    return asked.empty() ? guessed : asked == "none" && !has_column(data, asked) ? std::string() : asked;
}

ConditionDifferenceRequest test_of(const AnnData& data, const StatsOptions& options) {
    Schema schema = guess_schema(data);
    schema.celltype_col.value = column_or_guess(data, options.within, schema.celltype_col.value);
    schema.replicate_col.value = column_or_guess(data, options.replicate, schema.replicate_col.value);
    ConditionDifferenceRequest request = difference_request(data, source_of(options), schema, options.test);
    if (!options.block.empty()) {
        request.block_col = column_or_guess(data, options.block, {});
    }
    request.permutations = options.permutations;
    request.seed = options.seed;
    return request;
}

std::string test_report(const ConditionDifferenceRequest& request, const ConditionDifferenceResult& result) {
    const DifferenceText text = describe(request, result, "Values of " + to_string(request.source));
    return "\n" + text.title + "\n  " + text.sentence + "\n" +
           (text.remedy.empty() ? "" : "  " + text.remedy + "\n") +
           (text.details.empty() ? "" : "\n" + text.details + "\n");
}

void stats(const StatsOptions& options, bool json, JobContext& job) {
    const AnnDataPtr data = AnnData::open(options.adata);
    StatisticsRequest request;
    request.adata = options.adata;
    request.source = source_of(options);
    request.by = groupings(*data, options.by);
    request.threshold = options.threshold;
    const StatisticsResult result = compute_statistics(*data, request, job);
    std::optional<ConditionDifferenceRequest> test;
    ConditionDifferenceResult difference;
    if (!options.test.empty()) {
        test = test_of(*data, options);
        difference = compare_conditions(*data, *test, job);
    }
    std::vector<std::filesystem::path> written;
    if (!options.output.empty()) {
        written = write_statistics(request, result, options.output, job);
        if (test) {
            written.push_back(write_difference(*test, difference, options.output, job));
        }
    }
    if (json) {
        nlohmann::json all = statistics_json(result);
        if (test) {
            all[all.contains("differences") ? "test/differences" : "differences"] =
                difference_json(*test, difference);
        }
        print_json(all);
        return;
    }
    std::string text = report(result, request.source);
    if (test) {
        text += test_report(*test, difference);
    }
    for (const std::filesystem::path& file : written) {
        text += (file == written.front() ? "\nWritten: " : "         ") + file.string() + "\n";
    }
    print(text);
}

} // namespace

void add_stats_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<StatsOptions>();
    CLI::App* command =
        program.add_subcommand("stats", "Statistics of a prediction, overall and by columns of obs");
    command->add_option("--adata", options->adata, "The .h5ad file")->required()->option_text("FILE");
    CLI::Option* obsm =
        command->add_option("--obsm", options->obsm, "Use this member of obsm")->option_text("KEY");
    CLI::Option* layer =
        command->add_option("--layer", options->layer, "Use this layer")->option_text("KEY")->excludes(obsm);
    command->add_flag("--x", options->x, "Use X (the default)")->excludes(obsm)->excludes(layer);
    command
        ->add_option(
            "--by", options->by,
            "Columns of obs to group by, separated by commas; condition*timepoint groups by both at once")
        ->option_text("COLUMNS");
    command
        ->add_option("--threshold", options->threshold,
                     "Values up to this size count as zero in the sparsity (default: 0)")
        ->check(CLI::NonNegativeNumber)
        ->option_text("T");
    CLI::Option* test =
        command
            ->add_option("--test", options->test,
                         "Do the values differ between the labels of this column more than under shuffled "
                         "labels? Energy distance with a permutation test")
            ->option_text("COLUMN");
    command
        ->add_option("--within", options->within,
                     "With --test: compare within the labels of this column, such as cell types (default: "
                     "guessed; none: all cells together)")
        ->option_text("COLUMN")
        ->needs(test);
    command
        ->add_option("--replicate", options->replicate,
                     "With --test: column of the replicates, such as mice; whole replicates are shuffled "
                     "(default: guessed; none: shuffle cells)")
        ->option_text("COLUMN")
        ->needs(test);
    command
        ->add_option("--block", options->block,
                     "With --test: replicates are shuffled within the labels of this column, such as time "
                     "points (default: guessed; none)")
        ->option_text("COLUMN")
        ->needs(test);
    command->add_option("--permutations", options->permutations, "With --test: shuffles (default: 999)")
        ->check(CLI::Range(1, 1000000))
        ->option_text("N")
        ->needs(test);
    command->add_option("--seed", options->seed, "With --test: seed of sample and shuffles (default: 42)")
        ->option_text("N");
    command
        ->add_option("--output", options->output,
                     "Folder for overall.csv, by_COLUMN.csv and differences.csv, each with a .json that says "
                     "how it was made")
        ->option_text("DIR");
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExample:\n"
        "  emberview-cli stats --adata predicted.h5ad --obsm X_hvg \\\n"
        "      --by condition,timepoint,cell_type,condition*timepoint --output tables\n"
        "  emberview-cli stats --adata predicted.h5ad --obsm X_hvg --test condition \\\n"
        "      --within cell_type --replicate mouse\n"
        "\nstd is the population standard deviation; magnitude is the Euclidean norm of a cell's values.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            stats(*options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
