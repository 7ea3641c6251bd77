// emberview-cli compare: predictions of several models beside the real cells.

#include "app/cli/command_line.hpp"
#include "app/cli/compare_options.hpp"
#include "app/cli/text_table.hpp"
#include "core/evaluation/verdict_words.hpp"

namespace ember::cli {

namespace {

struct CompareCommand {
    CompareOptions compare;
    std::string output;
};

const char* mark_of(Severity severity) {
    switch (severity) {
    case Severity::good:
        return "+ ";
    case Severity::note:
        return "· ";
    case Severity::caution:
        return "! ";
    case Severity::bad:
        return "✗ ";
    }
    return "";
}

std::string cell_types(const CompareResult& result, const PerturbationChange& change) {
    std::vector<std::vector<std::string>> rows = {{"cell type"}};
    for (const ModelResult& model : result.models) {
        rows.front().push_back(model.name);
    }
    for (const char* head : {"other types", "reliability", "cells"}) {
        rows.front().emplace_back(head);
    }
    const auto add = [&](const std::string& name, const auto& models, const Estimate& others,
                         double reliability, std::uint64_t cells) {
        std::vector<std::string> row = {name};
        for (const ModelAgreement& model : models) {
            row.push_back(in_words(model.pearson));
        }
        row.push_back(in_words(others.value));
        row.push_back(in_words(reliability));
        row.push_back(cells > 0 ? with_thousands(cells) : "");
        rows.push_back(row);
    };
    for (const TypeChange& type : change.types) {
        add((type.type.empty() ? "all cells" : type.type) + (type.judged ? "" : " *"), type.models,
            type.others, type.reliability, type.cells);
    }
    add("mean", change.overall, change.others, NAN, 0);
    return "\nPearson of the change, " + change.perturbation + "\n" + text_table(rows);
}

std::string text_of(const CompareResult& result) {
    std::string text;
    for (const Verdict& verdict : result.verdicts) {
        text += mark_of(verdict.severity) + verdict.title + "\n    " + verdict.sentence + "\n    [" +
                test_text(verdict.test) + "]\n";
    }
    for (const PerturbationChange& change : result.changes) {
        if (result.changes.size() <= 5) {
            text += cell_types(result, change);
        }
    }
    bool weak = false;
    for (const PerturbationChange& change : result.changes) {
        weak = weak || change.judged < change.types.size();
    }
    return text + (weak ? "  * too weak to judge\n" : "");
}

void compare_models(const CompareCommand& options, bool json, JobContext& job) {
    const CompareRequest request = request_of(options.compare);
    const CompareResult result = compare(request, job);
    const std::vector<std::filesystem::path> written =
        options.output.empty() ? std::vector<std::filesystem::path>()
                               : write_comparison(request, result, options.output, job);
    if (json) {
        nlohmann::json all = compare_json(request, result);
        all["files"] = nlohmann::json::array();
        for (const std::filesystem::path& file : written) {
            all["files"].push_back(file.string());
        }
        print_json(all);
        return;
    }
    std::string text = text_of(result);
    for (const std::filesystem::path& file : written) {
        text += (file == written.front() ? "\nWritten: " : "         ") + file.string() + "\n";
    }
    print(text);
}

} // namespace

void add_compare_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<CompareCommand>();
    CLI::App* command = program.add_subcommand(
        "compare", "Predictions of several models beside the real cells: verdicts, metrics, genes, pathways");
    add_compare_options(*command, options->compare);
    command
        ->add_option(
            "--outdir", options->output,
            "Folder for metrics.csv, by_cell_type.csv, condition_table.csv, pathways.csv, verdicts.csv, "
            "verdicts.json and provenance.json")
        ->option_text("DIR");
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer(
        "\nExample:\n"
        "  emberview-cli compare --adata-real wound_demo.h5ad --adata-pred wound_st_wound.h5ad \\\n"
        "      wound_st_drug.h5ad --names st_wound,st_drug --outdir comparison\n"
        "\nPearson of the change: correlation over genes of mean perturbed − mean control expression, "
        "predicted with\nobserved, in each cell type. Intervals resample whole replicates; p-values shuffle "
        "their labels. A cell type\nis judged when its observed change comes out in both halves of the "
        "replicates. emberview-cli report draws it.");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            compare_models(*options, invocation.json, job);
        };
    });
}

} // namespace ember::cli
