#pragma once
// Every option of `train`: name, type, default and explanation. The command line, the configuration files and
// the launch form know no option that is not in this list. Names and defaults are those of `state tx train`
// (arc-state 0.11.1); ours stand beside them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

enum class OptionKind { boolean, integer, real, text, choice, path, list, mapping };

/// What an option does here.
enum class OptionFate {
    works,      ///< as in arc-state
    works_here, ///< arc-state reads and ignores it; here it works unless training.peer_compatible is set
    ours,       ///< arc-state does not know it
    notice,     ///< accepted, has no effect, a notice says so (network services, unused names)
};

struct ConfigOption {
    std::string key; ///< dotted: "training.lr"
    OptionKind kind = OptionKind::text;
    OptionKind element = OptionKind::text; ///< of OptionKind::list
    OptionFate fate = OptionFate::works;
    nlohmann::json fallback; ///< the default of model=state; null: may be left open
    std::string title;       ///< "Learning rate"
    std::string help;        ///< one or two plain sentences for a biologist
    std::string unit;        ///< "steps", "cells", ""
    std::string section;   ///< group of the launch form: "Data", "Model", "Adaptation", "Loss", "Optimizer",
                           ///< "Loop", "Checkpoints", "Monitoring"
    bool advanced = false; ///< shown on demand
    std::vector<std::string> choices; ///< of OptionKind::choice
    std::optional<double> low, high;  ///< inclusive bounds of numbers
    std::vector<std::string> aliases; ///< other dotted spellings: "learning_rate", "training.learning_rate"
};

/// All options in the order of the form.
const std::vector<ConfigOption>& config_options();

/// By key, alias, key without `kwargs` (model.lora.r) or without its section (lora.r, max_steps); a leading
/// "+" or "++" is not part of a key. Null when unknown.
const ConfigOption* find_config_option(std::string_view key);

/// Dotted keys that look most like an unknown one, at most three.
std::vector<std::string> nearest_config_keys(std::string_view key);

} // namespace ember
