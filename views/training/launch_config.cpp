#include "views/training/launch_config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "core/experiment/model_presets.hpp"

namespace ember {

namespace {

nlohmann::json defaults_of(const std::string& preset) {
    const std::vector<std::string> overrides{"model=" + preset};
    return resolve_config({}, overrides).values;
}

/// A folder that goes with what is in it.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "emberview-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw Error("CannotWrite", "There is no room for temporary files", {name, {}, {}});
        }
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The options that a text beside a preset with these defaults must name. Some of the backbone follow others
/// when they are read, and are named only where they do not.
std::vector<std::string> changed_options(const nlohmann::json& values, nlohmann::json defaults) {
    const std::string backbone = "model.kwargs.transformer_backbone_kwargs.";
    const std::string heads = backbone + "num_attention_heads", grouped = backbone + "num_key_value_heads";
    std::vector<std::string> named;
    const auto look_at = [&](const std::string& key) {
        const nlohmann::json value = config_value(values, key);
        if (value != config_value(defaults, key)) {
            set_config_value(defaults, key, value);
            named.push_back(key);
            if (key == heads) {
                set_config_value(defaults, grouped, value);
            }
        }
    };
    for (const bool inner : {false, true}) {
        for (const ConfigOption& option : config_options()) {
            if (option.key.starts_with(backbone) == inner && option.key != grouped) {
                look_at(option.key);
            }
        }
    }
    look_at(grouped);
    return named;
}

std::size_t indent_of(const std::string& line) {
    const std::size_t first = line.find_first_not_of(' ');
    return first == std::string::npos ? line.size() : first;
}

} // namespace

LaunchConfig::LaunchConfig() : values_(defaults_of("state_sm")) {
    note_preset();
    set("training.max_steps", 2000);
    set("training.val_freq", 200);
    set("training.ckpt_every_n_steps", 500);
    set("training.log_every_n_steps", 10);
    set("training.batch_size", 4);
}

void LaunchConfig::note_preset() {
    preset_ = "state";
    for (const std::string& override : overrides_of(values_)) {
        if (override.starts_with("model=")) {
            preset_ = override.substr(6);
        }
    }
    defaults_ = defaults_of(preset_);
}

void LaunchConfig::set(const std::string& key, const nlohmann::json& value) {
    nlohmann::json changed = values_;
    set_config_value(changed, key, value);
    values_ = std::move(changed);
}

void LaunchConfig::replace(nlohmann::json values) {
    values_ = std::move(values);
    note_preset();
}

void LaunchConfig::set_preset(const std::string& name) {
    nlohmann::json values = defaults_of(name);
    std::vector<std::string> tied; // keys that any preset decides
    for (const std::string& preset : model_presets()) {
        const nlohmann::json options = model_preset(preset);
        for (const auto& [key, value] : options.items()) {
            tied.push_back(key);
        }
    }
    for (const ConfigOption& option : config_options()) {
        if (std::find(tied.begin(), tied.end(), option.key) == tied.end() && is_changed(option.key)) {
            set_config_value(values, option.key, value(option.key));
        }
    }
    values_ = std::move(values);
    preset_ = name;
    defaults_ = defaults_of(name);
}

void LaunchConfig::take_model(const nlohmann::json& config) {
    nlohmann::json values = values_;
    for (const ConfigOption& option : config_options()) {
        const nlohmann::json theirs = config_value(config, option.key);
        const bool fits = option.section == "Model" || option.key == "data.kwargs.embed_key" ||
                          option.key == "data.kwargs.output_space";
        if (fits && !theirs.is_null() && option.fate != OptionFate::notice) {
            try {
                set_config_value(values, option.key, theirs);
            } catch (const Error&) {
                continue; // of another version; the check before the start says what does not fit
            }
        }
    }
    replace(std::move(values));
}

nlohmann::json LaunchConfig::fallback(const std::string& key) const {
    return config_value(defaults_, key);
}

std::string LaunchConfig::text(bool all) const {
    if (all) {
        return config_yaml(values_);
    }
    nlohmann::json part = nlohmann::json::object();
    for (const std::string& key : changed_options(values_, defaults_)) {
        nlohmann::json* place = &part;
        std::stringstream parts(key);
        for (std::string name; std::getline(parts, name, '.');) {
            place = &(*place)[name];
        }
        *place = value(key);
    }
    const std::string head = "defaults:\n  - model: " + preset_ + "\n";
    return part.empty() ? head : head + config_yaml(part);
}

nlohmann::json read_config_text(const std::string& text) {
    const ScratchFolder folder;
    const std::filesystem::path file = folder.path() / "configuration.yaml";
    std::ofstream(file) << text;
    try {
        return resolve_config(file, {}).values;
    } catch (const Error& error) { // the file has a name of the moment, that nobody needs to know
        throw Error(error.class_name(), error.message(), {"", error.place().key, error.place().row},
                    error.remedy());
    }
}

int line_of_option(const std::string& text, const std::string& key) {
    std::vector<std::pair<std::size_t, std::string>> path; // indent and name of the open mappings
    std::istringstream lines(text);
    int number = 0, by_leaf = -1;
    const std::string leaf = key.substr(key.rfind('.') + 1);
    for (std::string line; std::getline(lines, line); ++number) {
        const std::size_t indent = indent_of(line), colon = line.find(':', indent);
        if (indent == line.size() || line[indent] == '#' || line[indent] == '-' ||
            colon == std::string::npos) {
            continue;
        }
        while (!path.empty() && path.back().first >= indent) {
            path.pop_back();
        }
        path.emplace_back(indent, line.substr(indent, colon - indent));
        std::string dotted;
        for (const auto& [depth, name] : path) {
            dotted += dotted.empty() ? name : '.' + name;
        }
        if (dotted == key) {
            return number;
        }
        const ConfigOption* option = find_config_option(dotted); // a short form, or another spelling
        if (by_leaf < 0 && ((option != nullptr && option->key == key) || path.back().second == leaf)) {
            by_leaf = number;
        }
    }
    return by_leaf;
}

int line_of_error(const std::string& text, const Error& error) {
    if (error.place().row) {
        return static_cast<int>(*error.place().row);
    }
    return error.place().key.empty() ? -1 : line_of_option(text, error.place().key);
}

} // namespace ember
