#include "core/experiment/config_schema.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/nearest_names.hpp"
#include "core/experiment/option_list.hpp"

namespace ember {

namespace {

using OptionIndex = std::map<std::string, const ConfigOption*, std::less<>>;

constexpr std::array sections = {"data.kwargs.", "model.kwargs.", "training."};

/// "lora.r" of "model.kwargs.lora.r"; the key itself outside the sections.
std::string without_section(const std::string& key) {
    for (const std::string section : sections) {
        if (key.starts_with(section)) {
            return key.substr(section.size());
        }
    }
    return key;
}

std::string leaf_of(std::string_view key) {
    return std::string(key.substr(key.find_last_of('.') + 1));
}

std::vector<ConfigOption> all_options() {
    std::vector<ConfigOption> options;
    options.reserve(256);
    add_run_options(options);
    add_data_options(options);
    add_model_options(options);
    add_adaptation_options(options);
    add_loss_options(options);
    add_training_options(options);
    return options;
}

/// Exact keys win over aliases, those over shortened keys.
OptionIndex make_index() {
    OptionIndex index;
    for (const ConfigOption& option : config_options()) {
        index[option.key] = &option;
    }
    for (const ConfigOption& option : config_options()) {
        for (const std::string& alias : option.aliases) {
            index.emplace(alias, &option);
        }
    }
    for (const ConfigOption& option : config_options()) {
        const std::string shorter = without_section(option.key);
        if (shorter != option.key) {
            index.emplace(option.key.substr(0, option.key.find('.') + 1) + shorter, &option);
            index.emplace(shorter, &option);
        }
    }
    return index;
}

const OptionIndex& index_of_options() {
    static const OptionIndex index = make_index();
    return index;
}

void append_new(std::vector<std::string>& keys, const std::string& key) {
    if (keys.size() < 3 && std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(key);
    }
}

} // namespace

OptionMaker& OptionMaker::also(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        for (const char* place : {"", "model.", "model.kwargs.", "training.", "trainer.", "optimizer."}) {
            option_.aliases.push_back(place + name);
        }
    }
    return *this;
}

const std::vector<ConfigOption>& config_options() {
    static const std::vector<ConfigOption> options = all_options();
    return options;
}

const ConfigOption* find_config_option(std::string_view key) {
    key.remove_prefix(std::min(key.find_first_not_of('+'), key.size()));
    const auto found = index_of_options().find(key);
    return found == index_of_options().end() ? nullptr : found->second;
}

std::vector<std::string> nearest_config_keys(std::string_view key) {
    std::vector<std::string> leaves, keys, nearest;
    std::multimap<std::string, std::string> of_leaf;
    for (const auto& [name, option] : index_of_options()) {
        const std::string leaf = leaf_of(name);
        keys.push_back(option->key);
        of_leaf.emplace(leaf, option->key);
        leaves.push_back(leaf);
    }
    for (std::vector<std::string>* names : {&leaves, &keys}) {
        std::sort(names->begin(), names->end());
        names->erase(std::unique(names->begin(), names->end()), names->end());
    }
    for (const std::string& leaf : nearest_names(leaf_of(key), leaves)) {
        const auto [begin, end] = of_leaf.equal_range(leaf);
        for (auto each = begin; each != end; ++each) {
            append_new(nearest, each->second);
        }
    }
    for (const std::string& full : nearest_names(key, keys)) {
        append_new(nearest, full);
    }
    return nearest;
}

} // namespace ember
