// emberview-cli train: learn a State Transition model from cells.

#include "app/cli/train_command.hpp"

#include "app/cli/train_options.hpp"
#include "app/cli/train_report.hpp"
#include "app/cli/train_run.hpp"
#include "core/base/error.hpp"

namespace ember::cli {

namespace {

namespace fs = std::filesystem;

/// All but the first fault and the warnings are told; the first fault is thrown.
void tell_findings(const Preparation& preparation, JobContext& job) {
    const ConfigFinding* first = nullptr;
    for (const ConfigFinding& finding : preparation.findings) {
        if (finding.fault && first == nullptr) {
            first = &finding;
        } else {
            job.warn(finding_text(finding));
        }
    }
    if (first == nullptr) {
        return;
    }
    const Place place = {first->place == first->key ? "" : first->place, first->key, {}};
    if (first->class_name == "NoMemory" || first->class_name == "NoSpace") {
        throw ResourceError(first->class_name, first->message, place, first->remedy);
    }
    throw Error(first->class_name, first->message, place, first->remedy);
}

int status_of(const Preparation& preparation) {
    for (const ConfigFinding& finding : preparation.findings) {
        if (finding.fault) {
            const bool resources = finding.class_name == "NoMemory" || finding.class_name == "NoSpace";
            return static_cast<int>(resources ? ExitStatus::no_resources : ExitStatus::bad_input);
        }
    }
    return 0;
}

bool can_resume(const fs::path& run) {
    std::error_code failure;
    return fs::exists(run / "checkpoints" / "last.ckpt", failure);
}

/// What a run that goes on trains by: its own settings, in its place, from its own checkpoint.
TrainingConfig rest_of_run(const fs::path& run) {
    const fs::path place = (fs::absolute(run) / "").lexically_normal().parent_path();
    TrainingConfig config = resolve_config(run / "config.yaml", {});
    config.values["output_dir"] = place.parent_path().string();
    config.values["name"] = place.filename().string();
    config.values["overwrite"] = true;
    config.values["model"]["kwargs"]["init_from"] = nullptr;
    return config;
}

void check(const TrainingConfig& config, const Invocation& invocation, JobContext& job) {
    const fs::path run = run_directory_of(config.values);
    const Preparation preparation = prepare_training(config, job);
    if (invocation.json) {
        print_json(preparation_json(run, preparation));
    } else {
        print(preparation_text(run, preparation));
    }
    throw StatusWanted{status_of(preparation)};
}

void train(const TrainOptions& options, const Invocation& invocation, JobContext& job) {
    if (options.list) {
        print(options_text());
        return;
    }
    const TrainingConfig config = configuration(options, job);
    TrainRequest request;
    request.run_directory = run_directory_of(config.values);
    request.device = options.device;
    request.config = config.values.dump();
    request.resume = options.resume && can_resume(request.run_directory);
    if (options.check) {
        check(request.resume ? rest_of_run(request.run_directory) : config, invocation, job);
    } else if (request.resume) {
        job.info("Going on with the run's own settings (config.yaml)");
    } else {
        tell_findings(prepare_training(config, job), job);
    }
    train_and_tell(std::move(request), options.queue, invocation, job);
}

struct ResumeOptions {
    fs::path run;
    std::vector<std::string> settings;
    std::string device = "auto";
    bool queue = false;
};

void add_device(CLI::App& command, std::string& device) {
    command.add_option("--device", device, "auto, cpu or cuda (default: auto)")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->option_text("NAME");
}

void add_queue(CLI::App& command, bool& queue) {
    command.add_flag("--queue", queue,
                     "Wait until all runs that were queued earlier on this computer are done");
}

void add_train_options(CLI::App& command, TrainOptions& options) {
    command
        .add_option("SETTINGS", options.settings,
                    "Options as key=value, the way `state tx train` takes them, and at most one .yaml file")
        ->option_text("key=value …");
    command
        .add_option("--config", options.file,
                    "A configuration file: config.yaml of a run, or one with model:, data: and training:")
        ->option_text("FILE.yaml");
    command.add_flag("--check", options.check,
                     "Only check data and settings, and estimate memory, disk and time");
    command.add_flag("--resume", options.resume,
                     "Go on from the run's last checkpoint when it has one, else start");
    add_queue(command, options.queue);
    command.add_flag("--options", options.list, "List all options with their defaults and leave");
    add_device(command, options.device);
}

constexpr const char* examples =
    "\nExamples (files of the demo):\n"
    "  emberview-cli train --config st_wound/config.yaml output_dir=runs name=mine training.max_steps=400\n"
    "  emberview-cli train --config st_wound/config.yaml output_dir=runs name=from_drugs overwrite=false \\\n"
    "      model.kwargs.init_from=st_drug/checkpoints/final.ckpt training.lr=3e-4 --check\n"
    "  emberview-cli train data.kwargs.toml_config_path=wound.toml data.kwargs.embed_key=X_hvg \\\n"
    "      data.kwargs.pert_col=condition data.kwargs.control_pert=Sham data.kwargs.output_space=gene \\\n"
    "      model=state_sm training.max_steps=4000 output_dir=runs name=small\n"
    "  emberview-cli train resume runs/mine\n"
    "  emberview-cli train status runs\n"
    "\nCommands and configuration files of `state tx train` work as they are; the run folder can be used by "
    "either\nprogram. Ctrl+C stops after the current step with a checkpoint.";

} // namespace

void add_train_resume(CLI::App& family, Invocation& invocation) {
    auto options = std::make_shared<ResumeOptions>();
    CLI::App* command = family.add_subcommand("resume", "Go on with a run that was stopped or interrupted");
    command->add_option("RUN", options->run, "The run's folder")->required()->option_text("");
    command
        ->add_option("SETTINGS", options->settings,
                     "Changes of training.* for the rest of the run, for example training.max_steps=800")
        ->option_text("key=value …");
    add_device(*command, options->device);
    add_queue(*command, options->queue);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    command->footer("\nExample:\n  emberview-cli train resume runs/mine training.lr=1e-4");
    command->callback([options, &invocation] {
        invocation.action = [options, &invocation](JobContext& job) {
            change_run(options->run, options->settings);
            TrainRequest request;
            request.run_directory = options->run;
            request.resume = true;
            request.device = options->device;
            train_and_tell(std::move(request), options->queue, invocation, job);
        };
    });
}

void add_train_command(CLI::App& program, Invocation& invocation) {
    auto options = std::make_shared<TrainOptions>();
    CLI::App* command = program.add_subcommand(
        "train", "Train or fine-tune a State Transition model (the options of `state tx train`)");
    command->require_subcommand(0, 1);
    add_train_options(*command, *options);
    add_json_option(*command, invocation);
    add_work_options(*command, invocation);
    add_train_resume(*command, invocation);
    add_train_status(*command, invocation);
    add_train_prune(*command, invocation);
    add_train_split(*command, invocation);
    command->footer(examples);
    command->callback([command, options, &invocation] {
        if (command->get_subcommands().empty()) {
            invocation.action = [options, &invocation](JobContext& job) { train(*options, invocation, job); };
        }
    });
}

} // namespace ember::cli
