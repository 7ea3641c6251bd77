#include "core/run/st_settings.hpp"

#include <cmath>
#include <optional>

namespace ember {

namespace {

/// The value under a path of keys, or nothing.
const nlohmann::json* member(const nlohmann::json* object, const std::string& key) {
    if (object == nullptr || !object->is_object()) {
        return nullptr;
    }
    const auto found = object->find(key);
    return found == object->end() ? nullptr : &*found;
}

const nlohmann::json* in_run(const RunDirectory* run, const std::string& key) {
    if (run == nullptr) {
        return nullptr;
    }
    for (const char* section : {"model", "data"}) {
        const nlohmann::json* const found = member(member(member(&run->config, section), "kwargs"), key);
        if (found != nullptr) {
            return found;
        }
    }
    return member(member(&run->config, "training"), key);
}

} // namespace

nlohmann::json StSettings::value(const std::string& key) const {
    if (const nlohmann::json* const found = member(&hyper_parameters_, key)) {
        return *found;
    }
    const nlohmann::json* const found = in_run(run_, key);
    return found != nullptr ? *found : nlohmann::json();
}

nlohmann::json StSettings::value(const std::string& group, const std::string& key) const {
    if (const nlohmann::json* const found = member(member(&hyper_parameters_, group), key)) {
        return *found;
    }
    const nlohmann::json* const found = member(in_run(run_, group), key);
    return found != nullptr ? *found : nlohmann::json();
}

bool StSettings::states(const std::string& key) const {
    return member(&hyper_parameters_, key) != nullptr || in_run(run_, key) != nullptr;
}

bool StSettings::flag(const std::string& key, bool fallback) const {
    return flag_or(value(key), fallback);
}

std::string StSettings::text(const std::string& key) const {
    const nlohmann::json found = value(key);
    return found.is_string() ? found.get<std::string>() : "";
}

std::int64_t integer_or(const nlohmann::json& value, std::int64_t fallback) {
    if (value.is_number_integer() &&
        !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) {
        return value.get<std::int64_t>();
    }
    if (value.is_number_float() && std::abs(value.get<double>()) < 1e15 &&
        value.get<double>() == std::floor(value.get<double>())) {
        return static_cast<std::int64_t>(value.get<double>());
    }
    return fallback;
}

double real_or(const nlohmann::json& value, double fallback) {
    return value.is_number() ? value.get<double>() : fallback;
}

bool flag_or(const nlohmann::json& value, bool fallback) {
    if (value.is_boolean()) {
        return value.get<bool>();
    }
    return value.is_number_integer() ? value.get<std::int64_t>() != 0 : fallback;
}

} // namespace ember
