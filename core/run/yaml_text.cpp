#include "core/run/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "core/run/python_text.hpp"

namespace ember {

namespace {

using Json = nlohmann::ordered_json;

/// Plain words that YAML 1.1 reads as no text, in lower case.
constexpr std::array<std::string_view, 9> other_words{"y",     "n",  "yes", "no",  "true",
                                                      "false", "on", "off", "null"};

bool is_plain(const std::string& text) {
    const auto letter = [](unsigned char c) { return std::isalpha(c) != 0 || c == '_' || c == '/'; };
    if (text.empty() || !letter(static_cast<unsigned char>(text.front())) || text.back() == ' ' ||
        text.back() == ':' || text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) {
        return false;
    }
    const auto harmless = [&](unsigned char c) {
        return letter(c) || std::isdigit(c) != 0 ||
               std::string_view(" -.+:,()[]{}=@*&%#|<>;~'").find(static_cast<char>(c)) !=
                   std::string_view::npos;
    };
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::all_of(text.begin(), text.end(), harmless) &&
           std::find(other_words.begin(), other_words.end(), lower) == other_words.end();
}

bool has_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string scalar(const Json& value) {
    switch (value.type()) {
    case nlohmann::json::value_t::boolean:
        return value.get<bool>() ? "true" : "false";
    case nlohmann::json::value_t::number_float:
        return yaml_float(value.get<double>());
    case nlohmann::json::value_t::string:
        return yaml_scalar(value.get<std::string>());
    case nlohmann::json::value_t::array:
        return "[]"; // empty
    case nlohmann::json::value_t::object:
        return "{}"; // empty
    default:
        return value.dump();
    }
}

bool is_block(const Json& value) {
    return value.is_structured() && !value.empty();
}

void append(std::string& text, const Json& value, const std::string& indent, bool first_is_open) {
    bool open = first_is_open; // the cursor stands where the first key or dash belongs
    if (value.is_object()) {
        for (const auto& [key, item] : value.items()) {
            text += (open ? "" : indent) + yaml_scalar(key) + ":";
            open = false;
            if (is_block(item)) {
                text += "\n";
                // Lists stand as deep as their key.
                append(text, item, item.is_array() ? indent : indent + "  ", false);
            } else {
                text += " " + scalar(item) + "\n";
            }
        }
        return;
    }
    for (const Json& item : value) {
        text += (open ? "" : indent) + "- ";
        open = false;
        if (is_block(item)) {
            append(text, item, indent + "  ", true);
        } else {
            text += scalar(item) + "\n";
        }
    }
}

} // namespace

std::string yaml_scalar(const std::string& text) {
    if (has_control(text)) {
        return nlohmann::json(text).dump(); // JSON's quoted texts are YAML's
    }
    if (is_plain(text)) {
        return text;
    }
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? std::string("''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string yaml_text(const nlohmann::ordered_json& value) {
    if (!is_block(value)) {
        return scalar(value) + "\n";
    }
    std::string text;
    append(text, value, "", false);
    return text;
}

} // namespace ember
