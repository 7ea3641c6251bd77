#pragma once
// The configuration behind the launch form and its text: one value, two views. No widgets.

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/experiment/config_schema.hpp"
#include "core/experiment/training_config.hpp"

namespace ember {

class LaunchConfig {
public:
    /// The defaults of the form: a small model and few steps, to see something soon.
    LaunchConfig();

    const nlohmann::json& values() const { return values_; }
    nlohmann::json value(const std::string& key) const { return config_value(values_, key); }
    /// Throws BadConfig; the value then stays what it was.
    void set(const std::string& key, const nlohmann::json& value);
    /// As a text says; see read_config_text().
    void replace(nlohmann::json values);

    std::string preset() const { return preset_; }
    /// Another size of model; options that are not part of a preset stay. Throws BadConfig.
    void set_preset(const std::string& name);
    /// The architecture of a run's configuration, so that its weights fit.
    void take_model(const nlohmann::json& config);

    /// The default under this preset.
    nlohmann::json fallback(const std::string& key) const;
    bool is_changed(const std::string& key) const { return value(key) != fallback(key); }

    /// As YAML: all options, or the preset and what differs from it.
    std::string text(bool all) const;

private:
    void note_preset();
    nlohmann::json values_, defaults_;
    std::string preset_;
};

/// The values of a configuration's text. Throws UnknownOption, BadConfig.
nlohmann::json read_config_text(const std::string& text);

/// The line (from 0) where a text of this kind gives the option; -1 when it does not.
int line_of_option(const std::string& text, const std::string& key);
/// The line that an error of read_config_text() is about; -1: unknown.
int line_of_error(const std::string& text, const Error& error);

} // namespace ember
