// emberview-cli de: differential expression, and the condition table of observed beside predicted changes.

#include <algorithm>
#include <sstream>

#include "app/cli/command_line.hpp"
#include "app/cli/text_table.hpp"
#include "core/base/error.hpp"
#include "core/evaluation/prediction_origin.hpp"
#include "core/genes/condition_response.hpp"

namespace ember::cli {

namespace {

struct DeOptions {
    std::string adata, groupby, reference = "rest", method, replicate, unit = "automatic", source = "X";
    std::string predicted_source;
    std::vector<std::string> groups, within, predicted;
    bool no_tie_correct = false;
    std::uint64_t least_cells = 3, seed = 42;
    std::filesystem::path output;
};

constexpr std::size_t shown_genes = 5;        ///< named in each line
constexpr std::size_t shown_comparisons = 40; ///< lines

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

/// A name that holds a comma itself wins over a split.
std::vector<std::string> names_of(const std::vector<std::string>& given,
                                  const std::vector<std::string>& known) {
    std::vector<std::string> names;
    for (const std::string& text : given) {
        const bool whole = std::find(known.begin(), known.end(), text) != known.end();
        for (const std::string& name : whole ? std::vector<std::string>{text} : split(text)) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(name);
            }
        }
    }
    return names;
}

std::vector<std::string> columns_of(const AnnData& data) {
    std::vector<std::string> names;
    for (const ColumnInfo& column : data.obs_columns()) {
        names.push_back(column.name);
    }
    return names;
}

/// The column asked for, none, or a guessed one that is not used otherwise.
std::string replicate_column(const AnnData& data, const DeOptions& options,
                             const std::vector<std::string>& within) {
    if (!options.replicate.empty()) {
        const auto columns = columns_of(data);
        const bool none =
            options.replicate == "none" && std::find(columns.begin(), columns.end(), "none") == columns.end();
        return none ? std::string() : options.replicate;
    }
    const std::string guessed = guess_schema(data).replicate_col.value;
    const bool used =
        guessed == options.groupby || std::find(within.begin(), within.end(), guessed) != within.end();
    return used ? std::string() : guessed;
}

TestUnit unit_named(const std::string& name) {
    for (const TestUnit unit : {TestUnit::replicates, TestUnit::cells}) {
        if (name == to_string(unit)) {
            return unit;
        }
    }
    return TestUnit::automatic;
}

GeneTest test_named(const std::string& name) {
    for (const GeneTest test : {GeneTest::wilcoxon, GeneTest::welch}) {
        if (name == to_string(test)) {
            return test;
        }
    }
    return GeneTest::automatic;
}

DifferentialRequest request_of(const AnnData& data, const DeOptions& options) {
    DifferentialRequest request;
    request.adata = options.adata;
    request.source = source_named(data, options.source);
    request.groupby = options.groupby;
    request.groups = names_of(options.groups, as_groups(*data.obs(options.groupby)).categories);
    request.reference = options.reference;
    request.test = test_named(options.method);
    request.tie_correct = !options.no_tie_correct;
    request.within = names_of(options.within, columns_of(data));
    request.replicate_col = replicate_column(data, options, request.within);
    request.unit = unit_named(options.unit);
    request.least_cells = options.least_cells;
    return request;
}

std::string how(const DifferentialTable& table, const std::string& replicate_col) {
    const char* test = to_string(table.test);
    if (table.unit == TestUnit::cells) {
        return std::string(test) + " on cells";
    }
    return std::string(table.paired ? "paired " : "") + test + " on " + replicate_col;
}

std::string size_of(const DifferentialTable& table) {
    const bool cells = table.unit == TestUnit::cells;
    return with_thousands(cells ? table.n_group : table.replicates_group) + " / " +
           with_thousands(cells ? table.n_reference : table.replicates_reference);
}

std::vector<std::string> line_of(const DifferentialTable& table, const DifferentialResult& result) {
    std::uint64_t higher = 0, lower = 0;
    for (std::size_t gene = 0; gene < table.padj.size(); ++gene) {
        higher += table.padj[gene] < 0.05 && table.score[gene] > 0;
        lower += table.padj[gene] < 0.05 && table.score[gene] < 0;
    }
    std::string name;
    for (const std::string& label : table.within) {
        name += label + " · ";
    }
    std::string genes;
    const std::vector<std::size_t> order = by_score(table);
    for (std::size_t i = 0; i < std::min(order.size(), shown_genes); ++i) {
        genes += (i > 0 ? " " : "") + result.genes[order[i]];
    }
    const bool tested = table.tested;
    return {name + table.group,
            size_of(table),
            with_thousands(table.n_group) + " / " + with_thousands(table.n_reference),
            tested ? with_thousands(higher) : "–",
            tested ? with_thousands(lower) : "–",
            genes};
}

std::string text_of(const DifferentialRequest& request, const DifferentialResult& result) {
    const DifferentialTable& first = result.tables.front();
    std::string text = request.groupby + " against " + request.reference + " in " +
                       to_string(request.source) + ", " + with_thousands(result.genes.size()) +
                       " genes: " + how(first, request.replicate_col) + "\n\n";
    std::vector<std::vector<std::string>> rows = {
        {"", first.unit == TestUnit::cells ? "n" : "n (" + request.replicate_col + ")", "cells", "higher",
         "lower", "highest scores"}};
    for (std::size_t i = 0; i < std::min(result.tables.size(), shown_comparisons); ++i) {
        rows.push_back(line_of(result.tables[i], result));
    }
    text += text_table(rows);
    if (result.tables.size() > shown_comparisons) {
        text += "  … and " + with_thousands(result.tables.size() - shown_comparisons) + " more comparisons\n";
    }
    text += "\nhigher, lower: genes with adjusted p below 0.05 (Benjamini-Hochberg within a comparison)\n";
    for (const DifferentialTable& table : result.tables) {
        if (!table.note.empty() && table.tested && result.tables.size() <= shown_comparisons) {
            text += line_of(table, result).front() + ": " + table.note + "\n";
        }
    }
    return text;
}

void differential(const AnnData& data, const DeOptions& options, bool json, JobContext& job) {
    const DifferentialRequest request = request_of(data, options);
    const DifferentialResult result = differential_expression(data, request, job);
    if (!options.output.empty()) {
        write_differential(request, result, options.output, job);
    }
    if (json) {
        print_json(differential_json(request, result));
        return;
    }
    print(text_of(request, result) +
          (options.output.empty() ? "" : "\nWritten: " + options.output.string() + "\n"));
}

PredictedCells prediction_of(const std::string& file, const DeOptions& options,
                             const std::vector<PredictedCells>& before) {
    PredictedCells prediction;
    prediction.data = AnnData::open(file);
    const PredictionOrigin origin = prediction_origin(*prediction.data);
    prediction.source = options.predicted_source.empty()
                            ? predicted_matrix(*prediction.data, origin)
                            : source_named(*prediction.data, options.predicted_source);
    const std::filesystem::path named = origin.model.empty() ? std::filesystem::path(file).stem()
                                                             : std::filesystem::path(origin.model).filename();
    prediction.name = named.string();
    for (int count = 2; std::any_of(before.begin(), before.end(),
                                    [&](const auto& other) { return other.name == prediction.name; });
         ++count) {
        prediction.name = named.string() + " " + std::to_string(count);
    }
    return prediction;
}

ConditionResponseRequest response_request(const AnnData& data, const DeOptions& options) {
    const DifferentialRequest one = request_of(data, options);
    if (one.groups.size() != 1 || one.reference == "rest") {
        throw UsageError("With --predicted, one group is compared with one other",
                         "Give --groups one label and --reference another, such as --groups Burn --reference "
                         "Sham");
    }
    ConditionResponseRequest request;
    request.source = one.source;
    request.pert_col = one.groupby;
    request.group = one.groups.front();
    request.reference = one.reference;
    request.strata = one.within;
    request.replicate_col = one.replicate_col;
    request.unit = one.unit;
    request.test = one.test;
    request.seed = options.seed;
    return request;
}

std::string label_of(const ResponseStratum& stratum) {
    std::string label;
    for (const std::string& part : stratum.labels) {
        label += (label.empty() ? "" : " · ") + part;
    }
    return label.empty() ? "all cells" : label;
}

std::string text_of(const ConditionResponseRequest& request, const ConditionResponse& response) {
    std::vector<std::vector<std::string>> rows = {{"", "genes"}};
    for (const std::string& name : response.predictions) {
        rows.front().push_back(name + ": same direction");
        rows.front().emplace_back("Pearson");
        rows.front().emplace_back("95 %");
    }
    for (const ResponseStratum& stratum : response.strata) {
        std::vector<std::string> row = {label_of(stratum)};
        for (const ResponseAgreement& agreement : stratum.agreement) {
            if (row.size() == 1) {
                row.push_back(with_thousands(agreement.genes));
            }
            row.push_back(readable(100 * agreement.same_direction) + " %");
            row.push_back(readable(agreement.pearson));
            row.push_back(readable(agreement.pearson_low) + " … " + readable(agreement.pearson_high));
        }
        rows.push_back(row);
    }
    return request.group + " against " + request.reference + ", " + with_thousands(response.genes.size()) +
           " genes, observed beside predicted\n\n" + text_table(rows);
}

void response(const AnnData& data, const DeOptions& options, bool json, JobContext& job) {
    const ConditionResponseRequest request = response_request(data, options);
    std::vector<PredictedCells> predictions;
    for (const std::string& file : options.predicted) {
        predictions.push_back(prediction_of(file, options, predictions));
    }
    const ConditionResponse found = condition_response(data, predictions, request, job);
    std::string written;
    if (!options.output.empty()) {
        for (const std::filesystem::path& file :
             write_condition_response(data, predictions, request, found, options.output, job)) {
            written += (written.empty() ? "\nWritten: " : "         ") + file.string() + "\n";
        }
    }
    if (json) {
        print_json(condition_response_json(request, found));
    } else {
        print(text_of(request, found) + written);
    }
}

void add_comparison_options(CLI::App& command, DeOptions& options) {
    command.add_option("--adata", options.adata, "The .h5ad file")->required()->option_text("FILE");
    command.add_option("--groupby", options.groupby, "Column of obs whose labels are compared")
        ->required()
        ->option_text("COLUMN");
    command.add_option("--groups", options.groups, "Labels to compare, separated by commas (default: all)")
        ->option_text("A,B");
    command
        .add_option("--reference", options.reference,
                    "What they are compared with: rest (all other cells, the default) or a label")
        ->option_text("LABEL");
    command
        .add_option("--within", options.within,
                    "Compare within each combination of these columns' labels, such as cell_type,timepoint")
        ->option_text("COLUMNS");
    command
        .add_option("--source", options.source,
                    "The log-normalised values: X (default), raw/X, layers/KEY or obsm/KEY")
        ->option_text("MATRIX");
}

void add_test_options(CLI::App& command, DeOptions& options) {
    command
        .add_option("--method", options.method,
                    "wilcoxon (the default on cells) or t-test (the default on replicates)")
        ->check(CLI::IsMember({"wilcoxon", "t-test"}))
        ->option_text("TEST");
    command
        .add_option("--replicate", options.replicate,
                    "Column of the replicates, such as mice; each then counts once, with the profile of its "
                    "cells (default: guessed; none: each cell counts)")
        ->option_text("COLUMN");
    command
        .add_option("--unit", options.unit,
                    "What counts as one observation: automatic (replicates where a column names them), "
                    "replicates or cells")
        ->check(CLI::IsMember({"automatic", "replicates", "cells"}))
        ->option_text("UNIT");
    command
        .add_option("--least-cells", options.least_cells,
                    "Replicates with fewer cells in a group are left out there (default: 3)")
        ->check(CLI::Range(1, 1000000))
        ->option_text("N");
    command.add_flag("--no-tie-correct", options.no_tie_correct,
                     "Wilcoxon on cells without correction for ties, as scanpy does it by default");
}

} // namespace

void add_de_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<DeOptions>();
    CLI::App* command = program.add_subcommand("de", "Which genes differ between groups of cells");
    add_comparison_options(*command, *options);
    add_test_options(*command, *options);
    CLI::Option* predicted =
        command
            ->add_option("--predicted", options->predicted,
                         "Predictions of the same comparison, to stand beside the observed changes; may be "
                         "given several times")
            ->option_text("FILE");
    command
        ->add_option("--predicted-source", options->predicted_source,
                     "Their matrix (default: as recorded in the file)")
        ->needs(predicted)
        ->option_text("MATRIX");
    command->add_option("--seed", options->seed, "With --predicted: seed of the intervals (default: 42)")
        ->needs(predicted)
        ->option_text("N");
    command
        ->add_option("--output", options->output,
                     "The table, a .csv; beside it a .json that says how it was made")
        ->option_text("FILE");
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExample:\n"
        "  emberview-cli de --adata wound_demo.h5ad --groupby condition --groups Burn \\\n"
        "      --reference Sham --within cell_type,timepoint --replicate mouse --output burn.csv\n"
        "  emberview-cli de --adata cells.h5ad --groupby cell_type --output markers.csv\n"
        "\nCells of one mouse are not independent: without replicates, p-values are too small.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            const AnnDataPtr data = AnnData::open(options->adata);
            options->predicted.empty() ? differential(*data, *options, invocation.json, job)
                                       : response(*data, *options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
