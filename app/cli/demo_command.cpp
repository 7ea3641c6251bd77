// emberview-cli demo: the demo workspace, and predictions on it with all its models.

#include "app/cli/command_line.hpp"
#include "app/cli/infer_report.hpp"
#include "app/cli/text_table.hpp"
#include "core/analysis/prediction_statistics.hpp"
#include "core/base/demo_workspace.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

namespace fs = std::filesystem;

struct DemoOptions {
    std::string folder, device = "auto";
    bool predict = false;
};

/// A demo prediction with its statistics.
struct Outcome {
    DemoPrediction prediction;
    InferResult result;
    StatisticsResult statistics;
    std::vector<fs::path> tables;
};

/// "obsm/X_hvg" → the source that reads it.
MatrixSource source_of(const std::string& written_to) {
    for (const auto& [prefix, kind] : {std::pair(std::string("obsm/"), MatrixSource::Kind::obsm),
                                       std::pair(std::string("layers/"), MatrixSource::Kind::layer)}) {
        if (written_to.starts_with(prefix)) {
            return {kind, written_to.substr(prefix.size())};
        }
    }
    return {};
}

void make_folder(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) {
        throw Error("CannotWrite", "The folder cannot be made: " + failure.message(),
                    {folder.string(), {}, {}}, "Choose a folder that you may write to");
    }
}

Outcome predict(DemoPrediction prediction, const DemoOptions& options, int threads, JobContext& job) {
    make_folder(prediction.request.output.parent_path());
    prediction.request.threads = threads;
    prediction.request.device = options.device;
    Outcome outcome;
    outcome.result = engine().infer(prediction.request, job);
    StatisticsRequest request;
    request.adata = outcome.result.output;
    request.source = source_of(outcome.result.written_to);
    request.by = prediction.by;
    outcome.statistics = compute_statistics(request, job);
    outcome.tables = write_statistics(request, outcome.statistics, prediction.tables, job);
    outcome.prediction = std::move(prediction);
    return outcome;
}

nlohmann::json outcome_json(const Outcome& outcome) {
    nlohmann::json json = infer_json(outcome.result);
    json["name"] = outcome.prediction.name;
    json["title"] = outcome.prediction.title;
    json["statistics"] = statistics_json(outcome.statistics);
    json["tables"] = nlohmann::json::array();
    for (const fs::path& table : outcome.tables) {
        json["tables"].push_back(table.string());
    }
    return json;
}

nlohmann::json demo_json(const DemoWorkspace& workspace, const std::vector<Outcome>& outcomes) {
    nlohmann::json json = {{"folder", workspace.folder.string()},
                           {"data", nlohmann::json::array()},
                           {"models", nlohmann::json::array()},
                           {"predictions", nlohmann::json::array()}};
    for (const fs::path& file : workspace.data) {
        json["data"].push_back(file.string());
    }
    for (const fs::path& model : workspace.models) {
        json["models"].push_back(model.string());
    }
    for (const Outcome& outcome : outcomes) {
        json["predictions"].push_back(outcome_json(outcome));
    }
    return json;
}

std::string outcome_text(const Outcome& outcome) {
    std::string text = "\n" + outcome.prediction.title + "\n" + infer_text(outcome.result);
    text += statistics_table("", {outcome.statistics.overall});
    if (!outcome.statistics.tables.empty()) {
        const GroupTable& first = outcome.statistics.tables.front();
        text += statistics_table(first.name(), first.groups);
    }
    return text + "Tables: " + outcome.prediction.tables.string() + "/*.csv\n";
}

std::string demo_text(const DemoWorkspace& workspace, const std::vector<Outcome>& outcomes) {
    const std::string folder = workspace.folder.string();
    std::string text = "The demo is in " + folder + ": " + std::to_string(workspace.data.size()) +
                       " data sets and " + std::to_string(workspace.models.size()) +
                       " models; its README.md says what to find in them.\n";
    for (const Outcome& outcome : outcomes) {
        text += outcome_text(outcome);
    }
    if (outcomes.empty()) {
        return text + "Next: emberview " + folder + "/wound_demo.h5ad, or emberview-cli demo " + folder +
               " --predict\n";
    }
    return text + "\nPredictions (.h5ad) are in " + folder + "/predictions, their statistics (CSV) in " +
           folder + "/tables.\n";
}

void demo(const DemoOptions& options, const Invocation& invocation, JobContext& job) {
    const DemoWorkspace workspace = copy_demo(options.folder, job);
    std::vector<Outcome> outcomes;
    if (options.predict) {
        for (const DemoPrediction& prediction : workspace.predictions) {
            job.info(prediction.title);
            outcomes.push_back(predict(prediction, options, invocation.threads, job));
        }
    }
    if (invocation.json) {
        print_json(demo_json(workspace, outcomes));
    } else {
        print(demo_text(workspace, outcomes));
    }
}

} // namespace

void add_demo_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<DemoOptions>();
    CLI::App* command = program.add_subcommand(
        "demo", "Write the demo workspace: real and simulated cells, and three models");
    command
        ->add_option("DIR", options->folder, "Folder for the demo; made when missing, foreign files are kept")
        ->required()
        ->option_text("");
    command->add_flag(
        "--predict", options->predict,
        "Predict with all three models (DIR/predictions) and write the statistics (DIR/tables)");
    command->add_option("--device", options->device, "auto, cpu or cuda (default: auto)")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->option_text("NAME");
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer("\nExample:\n"
                    "  emberview-cli demo mydemo --predict");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) { demo(*options, invocation, job); };
    });
}

} // namespace ember::cli
