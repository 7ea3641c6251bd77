#include "core/experiment/training_config.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/experiment/config_schema.hpp"
#include "core/experiment/config_tree.hpp"
#include "core/experiment/model_presets.hpp"
#include "core/experiment/option_value.hpp"
#include "core/experiment/override_grammar.hpp"
#include "core/run/yaml_config.hpp"

namespace ember {

namespace {

const std::string set_len_key = "model.kwargs.cell_set_len";
const std::string width_key = "model.kwargs.hidden_dim";
const std::string backbone = "model.kwargs.transformer_backbone_kwargs.";
/// arc-state takes it for the length of sets as soon as it is there, so it is never added.
const std::string positions = backbone + "n_positions";
const std::string lora = "model.kwargs.lora.";

/// A value that somebody stated, and where: the file or the override.
struct Stated {
    nlohmann::json value;
    std::string source;
};

[[noreturn]] void unknown(const std::string& key, const std::string& source) {
    const std::vector<std::string> nearest = nearest_config_keys(key);
    throw Error("UnknownOption", "There is no option '" + key + "'", {source, key, {}},
                nearest.empty() ? "emberview-cli train --options lists the options"
                                : "Did you mean " + quoted_list(nearest) + "?");
}

bool is_group(const std::string& key) {
    const std::vector<ConfigOption>& options = config_options();
    return std::any_of(options.begin(), options.end(),
                       [&](const ConfigOption& option) { return option.key.starts_with(key + '.'); });
}

/// Whether `key` names a group of options, perhaps without `kwargs` or its section ("model.lora", "mhc").
bool is_any_group(const std::string& key) {
    if (is_group(key)) {
        return true;
    }
    for (const char* section : {"model.kwargs.", "data.kwargs.", "training."}) {
        const std::string_view outer =
            std::string_view(section).substr(0, std::string_view(section).find('.') + 1);
        if (is_group(section + key) ||
            (key.starts_with(outer) && is_group(section + key.substr(outer.size())))) {
            return true;
        }
    }
    return false;
}

/// Collects what file and overrides state, by the option's own key; later statements win.
class Statements {
public:
    void state(const std::string& key, const nlohmann::json& value, const std::string& source) {
        const ConfigOption* const option = find_config_option(key);
        if (option != nullptr) {
            stated_[option->key] = {value, source};
        } else if (value.is_object()) {
            if (!is_any_group(key) && !value.empty()) {
                unknown(key, source);
            }
            for (const auto& [name, item] : value.items()) {
                state(key + '.' + name, item, source);
            }
        } else if (!is_any_group(key) || !value.is_null()) {
            unknown(key, source);
        }
    }

    /// A text option takes brackets and commas as they stand.
    void state_override(const Override& text, const std::string& source) {
        const ConfigOption* const option = find_config_option(text.key);
        if (option == nullptr && !is_any_group(text.key)) {
            unknown(text.key, source);
        }
        if (text.remove) {
            forget(option != nullptr ? option->key : text.key);
            return;
        }
        const bool words =
            option != nullptr && (option->kind == OptionKind::text || option->kind == OptionKind::path);
        const std::string plain = words ? plain_override_text(text.raw) : std::string();
        const bool quoted = text.raw.starts_with('\'') || text.raw.starts_with('"');
        if (words && (quoted || (plain != "null" && plain != "NULL" && plain != "Null"))) {
            stated_[option->key] = {plain, source};
        } else {
            state(text.key, parse_override_value(text.raw, text.key, source), source);
        }
    }

    bool has(const std::string& key) const { return stated_.count(key) != 0; }
    const std::map<std::string, Stated>& all() const { return stated_; }

private:
    void forget(const std::string& key) {
        std::erase_if(stated_, [&](const auto& each) {
            return each.first == key || each.first.starts_with(key + '.');
        });
    }

    std::map<std::string, Stated> stated_;
};

/// Hydra's choices of files: `model=state_sm`, or `defaults` at the head of a file.
class Groups {
public:
    /// Whether it is such a choice rather than an option.
    bool choose(const std::string& group, const std::string& name) {
        static const std::map<std::string, std::string, std::less<>> only = {
            {"data", "perturbation"}, {"training", "default"}, {"wandb", "default"}};
        if (group == "model") {
            model_ = model_preset(name);
            return true;
        }
        const auto found = only.find(group);
        if (found != only.end() && found->second != name) {
            throw Error("BadConfig", "There is no group of settings " + group + '=' + name, {"", group, {}},
                        "Use " + group + '=' + found->second + ", which is the default");
        }
        return found != only.end();
    }

    void choose_defaults(const nlohmann::json& defaults) {
        for (const nlohmann::json& item : defaults) {
            if (item.is_object() && item.size() == 1 && item.begin()->is_string()) {
                choose(item.begin().key(), *item.begin());
            }
        }
    }

    const nlohmann::json& model() const { return model_; }

private:
    nlohmann::json model_ = model_preset("state");
};

void read_file(const std::filesystem::path& file, Groups& groups, Statements& statements) {
    const nlohmann::json tree = read_yaml(file);
    if (tree.is_null()) {
        return;
    }
    if (!tree.is_object()) {
        throw Error("BadConfig", "The configuration is not a list of keys and values",
                    {file.string(), "", {}},
                    "Give a config.yaml of a run, or a file with model:, data: and training:");
    }
    if (tree.contains("defaults") && tree.at("defaults").is_array()) {
        groups.choose_defaults(tree.at("defaults"));
    }
    for (const auto& [key, value] : tree.items()) {
        if (key != "defaults" && key != "hydra") {
            if (!value.is_string() || !groups.choose(key, value)) {
                statements.state(key, value, file.string());
            }
        }
    }
}

nlohmann::json default_values(const nlohmann::json& preset) {
    nlohmann::json values = nlohmann::json::object();
    for (const ConfigOption& option : config_options()) {
        if (option.key != positions) {
            put_value(values, option.key, option.fallback);
        }
    }
    for (const auto& [key, value] : preset.items()) {
        put_value(values, key, value);
    }
    return values;
}

/// "${model.kwargs.hidden_dim}": the other option's value.
nlohmann::json followed(const nlohmann::json& values, const Stated& stated, const std::string& key) {
    if (!stated.value.is_string()) {
        return stated.value;
    }
    const std::string& text = stated.value.get_ref<const std::string&>();
    if (!text.starts_with("${") || !text.ends_with("}") || text.find('$', 1) != std::string::npos) {
        return stated.value;
    }
    const ConfigOption* const option = find_config_option(text.substr(2, text.size() - 3));
    if (option == nullptr || option->key == key) {
        throw Error("BadConfig", "The option " + key + " refers to " + text + ", which is no option",
                    {stated.source, key, {}}, "Give the value itself");
    }
    return config_value(values, option->key);
}

/// References are followed after all plain values stand.
void put_statements(nlohmann::json& values, const Statements& statements) {
    for (const bool references : {false, true}) {
        for (const auto& [key, stated] : statements.all()) {
            const bool refers = stated.value.is_string() && stated.value.get<std::string>().starts_with("${");
            if (refers == references) {
                put_value(
                    values, key,
                    checked_value(*find_config_option(key), followed(values, stated, key), stated.source));
            }
        }
    }
}

/// What arc-state's presets tie together, unless it is stated.
void tie_widths(nlohmann::json& values, const Statements& statements) {
    const auto follow = [&](const std::string& leader, const std::string& follower) {
        if (!statements.has(backbone + follower)) {
            put_value(values, backbone + follower, config_value(values, leader));
        }
    };
    follow(set_len_key, "max_position_embeddings");
    follow(width_key, "hidden_size");
    if (statements.has(backbone + "num_attention_heads")) {
        follow(backbone + "num_attention_heads", "num_key_value_heads");
    }
    if (config_value(values, "data.kwargs.pert_col") == "drugname_drugconc") {
        put_value(values, "data.kwargs.control_pert", "[('DMSO_TF', 0.0, 'uM')]"); // as arc-state does
    }
}

[[noreturn]] void contradiction(const std::string& message, const std::string& key,
                                const std::string& remedy) {
    throw Error("BadConfig", message, {"", key, {}}, remedy);
}

void check_together(nlohmann::json& values) {
    const auto number = [&](const std::string& key) { return config_value(values, key).get<std::int64_t>(); };
    if (number(backbone + "hidden_size") != number(width_key)) {
        contradiction("The backbone is " + std::to_string(number(backbone + "hidden_size")) +
                          " wide, the model " + std::to_string(number(width_key)),
                      backbone + "hidden_size", "Give only " + width_key);
    }
    if (number(backbone + "num_attention_heads") % number(backbone + "num_key_value_heads") != 0) {
        contradiction("The number of attention heads is not a multiple of that of key and value heads",
                      backbone + "num_key_value_heads", "Use the same number for both");
    }
    const nlohmann::json modules = config_value(values, lora + "target_modules");
    const bool named = modules.is_array() && !modules.empty();
    if (config_value(values, lora + "target") != "auto" && !named) {
        contradiction("LoRA has no list of layers to adapt", lora + "target_modules",
                      "List them, or set " + lora + "target=auto");
    }
    if (config_value(values, lora + "target") == "auto" && named) {
        put_value(values, lora + "target", "modules"); // arc-state passes over the list when it says auto
    }
    const nlohmann::json name = config_value(values, "name");
    const std::string run = name.is_string() ? name.get<std::string>() : "";
    if (run.empty() || run == "." || run == ".." || run.find('/') != std::string::npos) {
        contradiction("'" + run + "' cannot be the name of a run", "name",
                      "Give a name without slashes; the folder is output_dir");
    }
}

std::vector<std::string> notices_of(const nlohmann::json& values, const Statements& statements) {
    std::vector<std::string> notices;
    bool service = false;
    for (const auto& [key, stated] : statements.all()) {
        const ConfigOption& option = *find_config_option(key);
        if (key.starts_with("wandb.") || key == "use_wandb" || key == "training.wandb_track") {
            service = service || config_value(values, key) != option.fallback;
        } else if (option.fate == OptionFate::notice && config_value(values, key) != option.fallback &&
                   !(key == "data.kwargs.num_workers" || key == "data.kwargs.pin_memory" ||
                     key.starts_with(backbone) || key == "model.name")) {
            notices.push_back(key + ": " + option.help);
        }
    }
    if (service) {
        notices.insert(notices.begin(),
                       "Weights & Biases is not used: no network service is contacted, curves are written as "
                       "metrics.csv and TensorBoard files in the run folder");
    }
    return notices;
}

/// What remains to be said beside a preset.
std::vector<std::string> overrides_beside(const std::string& preset, const nlohmann::json& values) {
    std::vector<std::string> overrides;
    if (preset != model_presets().front()) {
        overrides.push_back("model=" + preset);
    }
    const nlohmann::json defaults = default_values(model_preset(preset));
    for (const ConfigOption& option : config_options()) {
        const nlohmann::json value = config_value(values, option.key);
        const bool follows =
            (option.key == backbone + "max_position_embeddings" &&
             value == config_value(values, set_len_key)) ||
            (option.key == backbone + "hidden_size" && value == config_value(values, width_key));
        if (value != config_value(defaults, option.key) && !follows) {
            overrides.push_back(override_text(option.key, value));
        }
    }
    return overrides;
}

} // namespace

TrainingConfig resolve_config(const std::optional<std::filesystem::path>& file,
                              std::span<const std::string> overrides) {
    Groups groups;
    Statements statements;
    if (file) {
        read_file(*file, groups, statements);
    }
    for (const std::string& text : overrides) {
        const Override each = split_override(text);
        if (each.remove || !groups.choose(each.key, each.raw)) {
            statements.state_override(each, text);
        }
    }
    TrainingConfig config;
    config.values = default_values(groups.model());
    put_statements(config.values, statements);
    tie_widths(config.values, statements);
    check_together(config.values);
    config.notices = notices_of(config.values, statements);
    return config;
}

nlohmann::json config_value(const nlohmann::json& values, const std::string& key) {
    const nlohmann::json* const found = find_value(values, key);
    return found != nullptr ? *found : nlohmann::json();
}

void set_config_value(nlohmann::json& values, const std::string& key, const nlohmann::json& value) {
    const ConfigOption* const option = find_config_option(key);
    if (option == nullptr) {
        unknown(key, "");
    }
    const nlohmann::json checked = checked_value(*option, value, "");
    for (const auto& [leader, follower] : {std::pair{set_len_key, backbone + "max_position_embeddings"},
                                           std::pair{width_key, backbone + "hidden_size"}}) {
        if (option->key == leader) {
            put_value(values, follower, checked);
        }
    }
    put_value(values, option->key, checked);
}

std::string override_text(const std::string& key, const nlohmann::json& value) {
    return key + '=' + override_value_text(value);
}

std::vector<std::string> overrides_of(const nlohmann::json& values) {
    std::vector<std::string> fewest;
    for (const std::string& preset : model_presets()) {
        std::vector<std::string> overrides = overrides_beside(preset, values);
        if (fewest.empty() || overrides.size() < fewest.size()) {
            fewest = std::move(overrides);
        }
        if (fewest.empty()) {
            break;
        }
    }
    return fewest;
}

std::filesystem::path run_directory_of(const nlohmann::json& values) {
    const auto text = [&](const char* key) {
        const nlohmann::json value = config_value(values, key);
        return value.is_string() ? value.get<std::string>() : std::string();
    };
    return (std::filesystem::path(text("output_dir")) / text("name")).lexically_normal();
}

} // namespace ember
