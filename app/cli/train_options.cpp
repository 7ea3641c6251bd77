#include "app/cli/train_options.hpp"

#include <algorithm>

#include "app/cli/help_format.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/experiment/config_completion.hpp"
#include "core/experiment/config_schema.hpp"
#include "core/experiment/override_grammar.hpp"
#include "core/run/earlier_run.hpp"
#include "core/run/run_queue.hpp"

namespace ember::cli {

namespace fs = std::filesystem;

namespace {

bool is_yaml(const std::string& text) {
    return text.find('=') == std::string::npos && (text.ends_with(".yaml") || text.ends_with(".yml"));
}

/// A word without "=" that is no file: perhaps one of the commands.
void check_word(const std::string& word) {
    if (word.find('=') != std::string::npos || word.starts_with('~')) {
        return;
    }
    const std::vector<std::string> commands = {"resume", "status", "prune", "split"};
    const std::vector<std::string> nearest = nearest_names(word, commands, 1);
    throw UsageError(
        "'" + word + "' is neither key=value nor a .yaml file",
        (nearest.empty() ? std::string() : "Did you mean emberview-cli train " + nearest.front() + "? ") +
            "emberview-cli train --options lists the options");
}

UsageError not_while_it_goes_on(const std::string& key, const std::string& why, const fs::path& run) {
    return UsageError("The option " + key + " cannot change while a run goes on",
                      why +
                          "; start a new run for that, from this one's model with "
                          "model.kwargs.init_from=" +
                          (run / "checkpoints" / "last.ckpt").string());
}

/// Options that decide which cells a step sees: a checkpoint counts steps as they were made with these.
bool decides_steps(const std::string& key) {
    const std::vector<std::string> keys = {"training.batch_size", "training.gradient_accumulation_steps",
                                           "training.train_seed", "training.peer_compatible"};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string choices_text(const ConfigOption& option) {
    std::string text;
    for (const std::string& choice : option.choices) {
        text += (text.empty() ? "" : "|") + choice;
    }
    return text.empty() ? text : " [" + text + "]";
}

std::string indented(const std::string& text) {
    std::string lines = "    ";
    for (const char c : text) {
        lines += c;
        lines += c == '\n' ? "    " : "";
    }
    return lines + "\n";
}

} // namespace

TrainingConfig configuration(const TrainOptions& options, JobContext& job) {
    std::optional<fs::path> file;
    if (!options.file.empty()) {
        file = options.file;
    }
    std::vector<std::string> overrides;
    for (const std::string& word : options.settings) {
        if (is_yaml(word)) {
            if (file) {
                throw UsageError("Two configuration files are given: '" + file->string() + "' and '" + word +
                                     "'",
                                 "Give one file and key=value for what differs");
            }
            file = word;
        } else {
            check_word(word);
            overrides.push_back(word);
        }
    }
    TrainingConfig config = resolve_config(file, overrides);
    complete_config(config, fs::current_path(), job);
    for (const std::string& notice : config.notices) {
        job.info(notice);
    }
    return config;
}

void change_run(const fs::path& run, const std::vector<std::string>& settings) {
    if (settings.empty()) {
        return;
    }
    check_resumable(run);
    check_run_is_free(run);
    const RunLock mine(run); // nobody trains by the file that changes
    const std::string only_training = "Only options below training. can change";
    std::vector<std::string> groups;
    for (const std::string& word : settings) {
        check_word(word);
        const Override each = split_override(word);
        const ConfigOption* const option = find_config_option(each.key);
        const std::string& key = option == nullptr ? each.key : option->key;
        if (decides_steps(key)) {
            throw not_while_it_goes_on(key, "It decides which cells each step sees", run);
        }
        if (option != nullptr && !key.starts_with("training.")) {
            throw not_while_it_goes_on(key, only_training, run);
        }
        if (!key.starts_with("training.")) {
            groups.push_back(key);
        }
    }
    const TrainingConfig config = resolve_config(run / "config.yaml", settings); // knows misspelt options
    if (!groups.empty()) {
        throw not_while_it_goes_on(groups.front(), only_training, run);
    }
    write_file_atomically(run / "config.yaml", config_yaml(config.values));
}

std::string options_text() {
    constexpr std::size_t columns = 92;
    std::string text, section;
    std::vector<const ConfigOption*> options;
    for (const ConfigOption& option : config_options()) {
        options.push_back(&option);
    }
    const auto position = [&](const std::string& name) {
        const std::vector<std::string> order = {"Data",      "Model", "Adaptation",  "Loss",
                                                "Optimizer", "Loop",  "Checkpoints", "Monitoring"};
        return std::find(order.begin(), order.end(), name) - order.begin();
    };
    std::stable_sort(options.begin(), options.end(), [&](const ConfigOption* a, const ConfigOption* b) {
        return position(a->section) < position(b->section);
    });
    for (const ConfigOption* option : options) {
        if (option->fate == OptionFate::notice) {
            continue;
        }
        if (option->section != section) {
            section = option->section;
            text += (text.empty() ? "" : "\n") + section + "\n";
        }
        text += "  " + override_text(option->key, option->fallback) + choices_text(*option) +
                (option->unit.empty() ? "" : " (" + option->unit + ")") + "\n" +
                indented(wrapped(option->title + ". " + option->help, columns));
    }
    return text + "\nOther options of arc-state are accepted and have no effect.\n";
}

} // namespace ember::cli
