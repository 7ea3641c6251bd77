#include "core/experiment/option_value.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

constexpr double exact_integers = 9007199254740992.0; // 2^53

std::string short_number(double number) {
    return nlohmann::json(number).dump() == nlohmann::json(std::floor(number)).dump() &&
                   std::abs(number) < exact_integers
               ? std::to_string(static_cast<long long>(number))
               : nlohmann::json(number).dump();
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

std::string bounds_text(const ConfigOption& option) {
    std::string text;
    if (option.low) {
        text += " from " + short_number(*option.low);
    }
    if (option.high) {
        text += " to " + short_number(*option.high);
    }
    return text;
}

std::string kind_text(OptionKind kind) {
    switch (kind) {
    case OptionKind::boolean:
        return "true or false";
    case OptionKind::integer:
        return "a whole number";
    case OptionKind::real:
        return "a number";
    case OptionKind::path:
        return "a path";
    case OptionKind::list:
        return "a list such as [a, b]";
    case OptionKind::mapping:
        return "a group of options";
    default:
        return "a text";
    }
}

/// Long and odd values are cut, so that a message stays one line.
std::string shown(const nlohmann::json& value) {
    constexpr std::size_t longest = 60;
    std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        text = text.substr(0, end) + "…";
    }
    return text;
}

class Check {
public:
    Check(const ConfigOption& option, const std::string& source) : option_(option), source_(source) {}

    nlohmann::json of(OptionKind kind, const nlohmann::json& value) const {
        switch (kind) {
        case OptionKind::boolean:
            return boolean(value);
        case OptionKind::integer:
            return integer(value);
        case OptionKind::real:
            return real(value);
        case OptionKind::choice:
            return choice(value);
        case OptionKind::list:
            return list(value);
        case OptionKind::mapping:
            return value.is_object() ? value : fail(value);
        default:
            return text(value);
        }
    }

private:
    [[noreturn]] nlohmann::json fail(const nlohmann::json& value, const std::string& more = "") const {
        throw Error("BadConfig", "The option " + option_.key + " cannot be " + shown(value),
                    {source_, option_.key, {}}, more + "It takes " + what_it_takes(option_));
    }

    nlohmann::json boolean(const nlohmann::json& value) const {
        if (value.is_number_integer() && (value == 0 || value == 1)) {
            return value == 1;
        }
        return value.is_boolean() ? value : fail(value);
    }

    void check_bounds(double number, const nlohmann::json& value) const {
        if (!std::isfinite(number) || (option_.low && number < *option_.low) ||
            (option_.high && number > *option_.high)) {
            fail(value);
        }
    }

    nlohmann::json integer(const nlohmann::json& value) const {
        if (!value.is_number()) {
            fail(value);
        }
        const double number = value.get<double>();
        check_bounds(number, value);
        if (std::floor(number) != number || std::abs(number) > exact_integers) {
            fail(value);
        }
        return static_cast<std::int64_t>(number);
    }

    nlohmann::json real(const nlohmann::json& value) const {
        if (!value.is_number()) {
            fail(value);
        }
        check_bounds(value.get<double>(), value);
        return value;
    }

    nlohmann::json text(const nlohmann::json& value) const {
        if (value.is_number_integer()) {
            return value.dump(); // a label such as 0
        }
        if (!value.is_string()) {
            fail(value, value.is_boolean() ? "Put a label that looks like yes, no, on or off in quotes. "
                                           : std::string());
        }
        if (!is_utf8(value.get_ref<const std::string&>())) {
            fail(value, "It is not UTF-8. ");
        }
        if (value.get_ref<const std::string&>().find("${") != std::string::npos) {
            fail(value, "A reference ${…} must be the whole value and name an option. ");
        }
        return value;
    }

    nlohmann::json choice(const nlohmann::json& value) const {
        if (value.is_string() && std::find(option_.choices.begin(), option_.choices.end(),
                                           value.get<std::string>()) != option_.choices.end()) {
            return value;
        }
        const std::vector<std::string> nearest =
            value.is_string() ? nearest_names(value.get<std::string>(), option_.choices, 1)
                              : std::vector<std::string>();
        fail(value, nearest.empty() ? std::string() : "Did you mean " + quoted_list(nearest) + "? ");
    }

    nlohmann::json list(const nlohmann::json& value) const {
        nlohmann::json items = nlohmann::json::array();
        if (!value.is_array()) {
            items.push_back(of(option_.element, value));
            return items;
        }
        for (const nlohmann::json& item : value) {
            items.push_back(of(option_.element, item));
        }
        return items;
    }

    const ConfigOption& option_;
    const std::string& source_;
};

} // namespace

std::string what_it_takes(const ConfigOption& option) {
    if (option.kind == OptionKind::choice) {
        return "one of " + joined(option.choices);
    }
    return kind_text(option.kind) + bounds_text(option) +
           (option.fallback.is_null() ? ", or null to leave it open" : "");
}

nlohmann::json checked_value(const ConfigOption& option, const nlohmann::json& value,
                             const std::string& source) {
    if (value.is_null() && option.fallback.is_null()) {
        return value;
    }
    return Check(option, source).of(option.kind, value);
}

} // namespace ember
