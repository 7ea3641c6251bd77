// emberview-cli enrich: gene sets among chosen genes, or along a ranking.

#include <iostream>
#include <iterator>

#include "app/cli/command_line.hpp"
#include "app/cli/text_table.hpp"
#include "core/analysis/csv_text.hpp"
#include "core/base/error.hpp"
#include "core/genes/enrichment.hpp"
#include "core/genes/gene_lists.hpp"

namespace ember::cli {

namespace {

struct EnrichOptions {
    std::string genes, de, group, direction = "both", ranked, species = "auto", background, output;
    std::vector<std::string> sets = {}, within;
    double padj = 0.05, min_lfc = 0, weight = 1;
    std::uint64_t smallest = 0, largest = 0; ///< 0: the method's own
    std::uint64_t seed = 42;
    int permutations = 1000, top = 20;
    bool overlapping_only = false;
};

/// What was asked, ready to run.
struct Question {
    std::vector<std::string> query, background;
    std::vector<double> scores; ///< of the background, for a ranking
    std::string said;           ///< where the genes come from
};

GeneList genes_from(const std::string& place) {
    if (place != "-") {
        return read_gene_list(place);
    }
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return parse_gene_list(text, "standard input");
}

std::vector<std::pair<std::string, std::string>> labels_of(const std::vector<std::string>& within) {
    std::vector<std::pair<std::string, std::string>> labels;
    for (const std::string& text : within) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
            throw UsageError("--within does not hold COLUMN=LABEL but '" + text + "'",
                             "For example --within cell_type=Neu");
        }
        labels.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return labels;
}

Direction direction_of(const std::string& name) {
    return name == "up" ? Direction::up : name == "down" ? Direction::down : Direction::both;
}

Question from_table(const EnrichOptions& options) {
    const auto comparisons = read_differential_csv(options.de);
    const GeneComparison& chosen = choose_comparison(comparisons, options.group, labels_of(options.within));
    Question question;
    question.background = chosen.genes;
    question.said = chosen.label() + " of " + options.de;
    if (!options.ranked.empty()) {
        question.scores = options.ranked == "score" ? chosen.score : chosen.log_fold_change;
        question.said += ", ranked by " + options.ranked;
        return question;
    }
    question.query = changed_genes(chosen, options.padj, options.min_lfc, direction_of(options.direction));
    const std::string limits =
        "padj < " + csv_number(options.padj) +
        (options.min_lfc > 0 ? ", |log fold change| ≥ " + csv_number(options.min_lfc) : std::string()) +
        ", direction " + options.direction;
    question.said += " (" + limits + ")";
    if (question.query.empty()) {
        throw UsageError("No gene of " + chosen.label() + " has " + limits,
                         "Relax --padj or --min-lfc, or use --ranked, which needs no threshold");
    }
    return question;
}

Question from_list(const EnrichOptions& options) {
    GeneList list = genes_from(options.genes);
    Question question;
    question.said = options.genes == "-" ? "standard input" : options.genes;
    if (list.genes.empty()) {
        throw UsageError("The list of genes is empty: " + question.said, "Write one gene per line");
    }
    if (!options.ranked.empty()) {
        if (list.scores.empty()) {
            throw UsageError("The genes have no scores to be ranked by: " + question.said,
                             "Write a gene and its score per line, or leave --ranked away");
        }
        question.background = std::move(list.genes);
        question.scores = std::move(list.scores);
        return question;
    }
    if (options.background.empty()) {
        throw UsageError("--genes needs a background: all genes that could have been chosen",
                         "Give them with --background FILE, for instance all genes of the data set");
    }
    question.query = std::move(list.genes);
    return question;
}

Question question_of(const EnrichOptions& options) {
    if (options.genes.empty() == options.de.empty()) {
        throw UsageError("Give either --genes or --de",
                         "--genes takes a list of genes, --de a table of 'emberview-cli de'");
    }
    Question question = options.de.empty() ? from_list(options) : from_table(options);
    if (!options.background.empty()) {
        question.background = read_gene_list(options.background).genes;
    }
    return question;
}

GeneNaming naming_of(const EnrichOptions& options, const Question& question) {
    GeneNaming naming = recognise_genes(question.background);
    if (options.species != "auto") {
        naming.species = options.species == "human" ? Species::human : Species::mouse;
        naming.ids = naming.ids == GeneIds::unknown ? GeneIds::symbols : naming.ids;
        naming.reason = "said with --species";
    }
    return naming;
}

GeneSets sets_of(const EnrichOptions& options, const GeneNaming& naming) {
    std::vector<GeneSets> collections;
    for (const std::string& name : options.sets) {
        if (name != "reactome") {
            collections.push_back(read_gmt(name));
        } else if (naming.species == Species::unknown) {
            throw UsageError("The species of the genes is not clear: " + naming.reason,
                             "Say it with --species human or --species mouse");
        } else {
            collections.push_back(bundled_reactome(naming.species));
        }
    }
    return join_gene_sets(std::move(collections));
}

EnrichmentResult answer(const EnrichOptions& options, const Question& question, const GeneSets& sets,
                        const GeneNaming& naming, JobContext& job) {
    if (options.ranked.empty()) {
        OverRepresentationRequest request{question.query, question.background, 1, 5000,
                                          options.overlapping_only};
        request.smallest = options.smallest == 0 ? request.smallest : options.smallest;
        request.largest = options.largest == 0 ? request.largest : options.largest;
        const std::string mapping = match_naming(request, sets, naming);
        EnrichmentResult result = over_representation(sets, request, job);
        result.mapping = mapping;
        return result;
    }
    RankedRequest request;
    request.genes = question.background;
    request.scores = question.scores;
    request.smallest = options.smallest == 0 ? request.smallest : options.smallest;
    request.largest = options.largest == 0 ? request.largest : options.largest;
    request.permutations = options.permutations;
    request.weight = options.weight;
    request.seed = options.seed;
    const std::string mapping = match_naming(request, sets, naming);
    EnrichmentResult result = ranked_enrichment(sets, request, job);
    result.mapping = mapping;
    return result;
}

nlohmann::json parameters(const EnrichOptions& options, const Question& question, const GeneNaming& naming) {
    nlohmann::json json = {
        {"genes", question.said},
        {"naming", describe(naming)},
        {"naming_reason", naming.reason},
        {"background", options.background.empty() ? "all genes of the table or list" : options.background}};
    if (options.ranked.empty()) {
        json["overlapping_only"] = options.overlapping_only;
    } else {
        json["permutations"] = options.permutations;
        json["weight"] = options.weight;
        json["seed"] = options.seed;
    }
    return json;
}

std::string some_genes(const std::vector<std::string>& genes) {
    constexpr std::size_t most = 6;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, genes.size()); ++i) {
        text += (i == 0 ? "" : " ") + genes[i];
    }
    return text + (genes.size() > most ? " …" : "");
}

std::string table(const EnrichmentResult& result, int top) {
    const bool ranked = result.method == "ranked";
    std::vector<std::vector<std::string>> rows = {
        {"set", "size", ranked ? "leading edge" : "overlap", ranked ? "nes" : "fold", "p", "padj"}};
    std::vector<std::string> genes;
    for (const EnrichedSet& set : result.sets) {
        if (static_cast<int>(rows.size()) > top || (!ranked && set.overlap == 0)) {
            break;
        }
        rows.push_back({fitted(set.name, 52), with_thousands(set.size), with_thousands(set.overlap),
                        readable(ranked ? set.nes : set.fold), readable(set.pval), readable(set.padj)});
        genes.push_back(some_genes(set.genes));
    }
    return text_table(rows) + (genes.empty() ? "" : "\n  Genes of the first: " + genes.front() + "\n");
}

std::string report(const EnrichOptions& options, const Question& question, const GeneNaming& naming,
                   const GeneSets& sets, const EnrichmentResult& result) {
    std::string text = enrichment_header(result) + "\n  genes   " + question.said + "\n  names   " +
                       describe(naming) + ": " + naming.reason + "\n";
    if (!result.mapping.empty()) {
        text += "  mapped  " + result.mapping + "\n";
    }
    text += "  sets    " + sets.name + "\n\n" + table(result, options.top);
    if (options.ranked.empty()) {
        text += "\np: hypergeometric, n = " + with_thousands(result.query) + " chosen of " +
                with_thousands(result.background) + " genes; padj: Benjamini-Hochberg over " +
                with_thousands(result.sets_tested) + " sets\n";
    } else {
        text += "\np: " + with_thousands(static_cast<std::uint64_t>(options.permutations)) +
                " random sets of the same size, n = " + with_thousands(result.background) +
                " genes; padj: Benjamini-Hochberg over " + with_thousands(result.sets_tested) + " sets\n";
    }
    return text + (options.output.empty() ? "" : "Written: " + options.output + "\n");
}

void enrich(EnrichOptions options, bool json, JobContext& job) {
    if (options.sets.empty()) {
        options.sets = {"reactome"};
    }
    const Question question = question_of(options);
    const GeneNaming naming = naming_of(options, question);
    const GeneSets sets = sets_of(options, naming);
    const EnrichmentResult result = answer(options, question, sets, naming, job);
    for (const std::string& warning : result.warnings) {
        job.warn(warning);
    }
    if (!options.output.empty()) {
        write_enrichment(result, sets, parameters(options, question, naming), options.output);
    }
    if (json) {
        nlohmann::json all = enrichment_json(result);
        all["parameters"] = parameters(options, question, naming);
        all["gene_sets"] = sets.name;
        all["header"] = enrichment_header(result);
        print_json(all);
    } else {
        print(report(options, question, naming, sets, result));
    }
}

void add_gene_options(CLI::App& command, EnrichOptions& options) {
    command
        .add_option("--genes", options.genes,
                    "The chosen genes, one per line (with --ranked: gene and score); - is standard input")
        ->option_text("FILE");
    command.add_option("--de", options.de, "A table of differential expression, as 'de' writes it")
        ->option_text("F.csv");
    command.add_option("--group", options.group, "With --de: the group, where the table has several")
        ->option_text("GROUP");
    command
        .add_option("--within", options.within,
                    "With --de: label of a column before the group, such as cell_type=Neu; repeatable")
        ->option_text("COLUMN=LABEL");
    command.add_option("--padj", options.padj, "With --de: choose genes below this (default: 0.05)")
        ->check(CLI::Range(0.0, 1.0))
        ->option_text("Q");
    command
        .add_option("--min-lfc", options.min_lfc,
                    "With --de: and with at least this absolute log fold change (default: 0)")
        ->check(CLI::NonNegativeNumber)
        ->option_text("X");
    command.add_option("--direction", options.direction, "With --de: up, down or both (default)")
        ->check(CLI::IsMember({"up", "down", "both"}))
        ->option_text("WAY");
    command
        .add_option("--background", options.background,
                    "All genes that could have been chosen, one per line (default with --de: all genes of "
                    "the comparison)")
        ->option_text("FILE");
}

void add_method_options(CLI::App& command, EnrichOptions& options) {
    command
        .add_option("--ranked", options.ranked,
                    "Rank all genes by score (default) or log_fold_change instead of choosing some: "
                    "pre-ranked gene set enrichment")
        ->expected(0, 1)
        ->default_str("score")
        ->check(CLI::IsMember({"score", "log_fold_change"}))
        ->option_text("COLUMN");
    command
        .add_option("--sets", options.sets,
                    "Gene sets: a GMT file, or reactome (default), which comes with the program; repeatable")
        ->option_text("FILE.gmt|reactome");
    command
        .add_option("--species", options.species,
                    "Of the genes: auto (default), human or mouse; names are mapped to those of the sets")
        ->check(CLI::IsMember({"auto", "human", "mouse"}))
        ->option_text("NAME");
    command
        .add_option("--min-size", options.smallest,
                    "Smallest set, counted inside the background (default: 1; ranked: 5)")
        ->option_text("N");
    command.add_option("--max-size", options.largest, "Largest set (default: 5,000; ranked: 500)")
        ->option_text("N");
    command.add_flag("--overlapping-only", options.overlapping_only,
                     "Correct for the sets that share a gene with the query only, as gseapy and Enrichr do");
    command.add_option("--permutations", options.permutations, "With --ranked: random sets (default: 1000)")
        ->check(CLI::Range(1, 1000000))
        ->option_text("N");
    command.add_option("--weight", options.weight, "With --ranked: exponent of |score| (default: 1)")
        ->check(CLI::NonNegativeNumber)
        ->option_text("W");
    command.add_option("--seed", options.seed, "With --ranked: seed of the random sets (default: 42)")
        ->option_text("N");
    command.add_option("--top", options.top, "Rows to print (default: 20)")
        ->check(CLI::Range(0, 100000))
        ->option_text("N");
    command
        .add_option("--output", options.output,
                    "CSV with all sets tested; a .json beside it says how it was made")
        ->option_text("F.csv");
}

} // namespace

void add_enrich_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<EnrichOptions>();
    CLI::App* command = program.add_subcommand("enrich", "Gene sets among changed genes, or along a ranking");
    add_gene_options(*command, *options);
    add_method_options(*command, *options);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExamples:\n"
        "  emberview-cli enrich --de de.csv --group Burn --direction up --output up.csv\n"
        "  emberview-cli enrich --de de.csv --group Burn --ranked --sets programs.gmt\n"
        "  emberview-cli enrich --genes chosen.txt --background all.txt --sets mine.gmt\n"
        "\nThe background is what could have been chosen, not all genes of the genome: a wider one "
        "makes p too small.\nGenes without a counterpart in the naming of the sets leave query "
        "and background alike, and their number is printed.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            enrich(*options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
