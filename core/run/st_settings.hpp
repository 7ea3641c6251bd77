#pragma once
// The options of an ST model: hyper-parameters of the checkpoint first, then the run's configuration.

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "core/run/run_directory.hpp"

namespace ember {

class StSettings {
public:
    StSettings(const nlohmann::json& hyper_parameters, const RunDirectory* run)
        : hyper_parameters_(hyper_parameters), run_(run) {}

    /// The value of an option, null when nobody states it. An option stated as null counts as stated.
    nlohmann::json value(const std::string& key) const;
    /// The same for an entry of `transformer_backbone_kwargs` or `lora`.
    nlohmann::json value(const std::string& group, const std::string& key) const;

    bool states(const std::string& key) const;

    bool flag(const std::string& key, bool fallback) const;
    std::string text(const std::string& key) const; ///< "" when absent or null

private:
    const nlohmann::json& hyper_parameters_;
    const RunDirectory* run_;
};

/// The numbers and truth values that Python would take for one; `fallback` for anything else.
std::int64_t integer_or(const nlohmann::json& value, std::int64_t fallback);
double real_or(const nlohmann::json& value, double fallback);
bool flag_or(const nlohmann::json& value, bool fallback);

} // namespace ember
