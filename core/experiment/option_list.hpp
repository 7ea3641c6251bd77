#pragma once
// How the sections of the schema write their options down; see config_schema.hpp.

#include <string>
#include <utility>
#include <vector>

#include "core/experiment/config_schema.hpp"

namespace ember {

/// One option in the making.
class OptionMaker {
public:
    explicit OptionMaker(ConfigOption& option) : option_(option) {}
    OptionMaker& unit(std::string unit) {
        option_.unit = std::move(unit);
        return *this;
    }
    OptionMaker& from(double low) {
        option_.low = low;
        return *this;
    }
    OptionMaker& within(double low, double high) {
        option_.low = low;
        option_.high = high;
        return *this;
    }
    OptionMaker& one_of(std::vector<std::string> choices) {
        option_.choices = std::move(choices);
        return *this;
    }
    OptionMaker& of(OptionKind element) {
        option_.element = element;
        return *this;
    }
    /// Other leaf names, accepted at the top and in the sections model, model.kwargs, training, trainer and
    /// optimizer.
    OptionMaker& also(const std::vector<std::string>& names);
    /// Another spelling as it stands.
    OptionMaker& alias(std::string key) {
        option_.aliases.push_back(std::move(key));
        return *this;
    }
    OptionMaker& advanced() {
        option_.advanced = true;
        return *this;
    }
    OptionMaker& fate(OptionFate fate) {
        option_.fate = fate;
        return *this;
    }

private:
    ConfigOption& option_;
};

/// Options of one section of the form and one place of the configuration.
class OptionList {
public:
    OptionList(std::vector<ConfigOption>& options, std::string section, std::string prefix,
               OptionFate fate = OptionFate::works)
        : options_(options), section_(std::move(section)), prefix_(std::move(prefix)), fate_(fate) {}

    OptionMaker add(const char* leaf, OptionKind kind, nlohmann::json fallback, const char* title,
                    const char* help) {
        ConfigOption option;
        option.key = prefix_ + leaf;
        option.kind = kind;
        option.fate = fate_;
        option.fallback = std::move(fallback);
        option.title = title;
        option.help = help;
        option.section = section_;
        options_.push_back(std::move(option));
        return OptionMaker(options_.back());
    }
    OptionMaker boolean(const char* leaf, bool fallback, const char* title, const char* help) {
        return add(leaf, OptionKind::boolean, fallback, title, help);
    }
    OptionMaker integer(const char* leaf, nlohmann::json fallback, const char* title, const char* help) {
        return add(leaf, OptionKind::integer, std::move(fallback), title, help);
    }
    OptionMaker real(const char* leaf, nlohmann::json fallback, const char* title, const char* help) {
        return add(leaf, OptionKind::real, std::move(fallback), title, help);
    }
    OptionMaker text(const char* leaf, nlohmann::json fallback, const char* title, const char* help) {
        return add(leaf, OptionKind::text, std::move(fallback), title, help);
    }
    OptionMaker choice(const char* leaf, const char* fallback, std::vector<std::string> choices,
                       const char* title, const char* help) {
        return add(leaf, OptionKind::choice, fallback, title, help).one_of(std::move(choices));
    }
    OptionMaker path(const char* leaf, nlohmann::json fallback, const char* title, const char* help) {
        return add(leaf, OptionKind::path, std::move(fallback), title, help);
    }
    OptionMaker list(const char* leaf, OptionKind element, nlohmann::json fallback, const char* title,
                     const char* help) {
        return add(leaf, OptionKind::list, std::move(fallback), title, help).of(element);
    }

private:
    std::vector<ConfigOption>& options_;
    std::string section_, prefix_;
    OptionFate fate_;
};

void add_run_options(std::vector<ConfigOption>& options);
void add_data_options(std::vector<ConfigOption>& options);
void add_model_options(std::vector<ConfigOption>& options);
void add_adaptation_options(std::vector<ConfigOption>& options);
void add_loss_options(std::vector<ConfigOption>& options);
void add_training_options(std::vector<ConfigOption>& options);

} // namespace ember
