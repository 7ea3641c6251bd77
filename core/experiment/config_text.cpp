// config_yaml: written so that PyYAML, OmegaConf and our own reader take the same values from it.

#include <algorithm>
#include <map>

#include "core/experiment/config_schema.hpp"
#include "core/experiment/override_grammar.hpp"
#include "core/experiment/training_config.hpp"

namespace ember {

namespace {

using Order = std::map<std::string, std::size_t>;

/// Where the first option of each group stands in the schema.
const Order& order_of_keys() {
    static const Order order = [] {
        Order positions;
        std::size_t next = 0;
        for (const char* section : {"data", "model", "training", "wandb"}) {
            positions.emplace(section, next++);
        }
        for (const ConfigOption& option : config_options()) {
            for (std::size_t end = option.key.find('.'); end != std::string::npos;
                 end = option.key.find('.', end + 1)) {
                positions.emplace(option.key.substr(0, end), next++);
            }
            positions.emplace(option.key, next++);
        }
        return positions;
    }();
    return order;
}

bool is_plain_word(const std::string& text) {
    static const std::map<std::string, bool> words = {
        {"null", true}, {"true", true}, {"false", true}, {"yes", true}, {"no", true}, {"on", true},
        {"off", true},  {"y", true},    {"n", true},     {"inf", true}, {"nan", true}};
    std::string lower;
    for (const char c : text) {
        const auto letter = static_cast<unsigned char>(c);
        if (std::isalnum(letter) == 0 && c != '_' && c != '-' && c != '.' && c != '/') {
            return false;
        }
        lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    const bool dotted = text == "." || text == ".." || text.starts_with("./") || text.starts_with("../");
    return !text.empty() && words.count(lower) == 0 &&
           (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_' || text[0] == '/' ||
            dotted);
}

/// JSON's quoted text is YAML's, but for characters that YAML does not print.
std::string quoted(const std::string& text) {
    const std::string json =
        nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string yaml;
    const auto byte = [&](std::size_t at) {
        return at < json.size() ? static_cast<unsigned char>(json[at]) : 0U;
    };
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (byte(i) == 0x7F) {
            yaml += "\\x7f";
        } else if (byte(i) == 0xC2 && byte(i + 1) < 0xA0) { // U+0080 … U+009F
            constexpr char digits[] = "0123456789abcdef";
            const unsigned code = byte(++i);
            yaml += std::string("\\x") + digits[code >> 4U] + digits[code & 15U];
        } else if (byte(i) == 0xE2 && byte(i + 1) == 0x80 && (byte(i + 2) == 0xA8 || byte(i + 2) == 0xA9)) {
            yaml += byte(i + 2) == 0xA8 ? "\\u2028" : "\\u2029";
            i += 2;
        } else if (byte(i) == 0xEF && ((byte(i + 1) == 0xBB && byte(i + 2) == 0xBF) ||
                                       (byte(i + 1) == 0xBF && byte(i + 2) >= 0xBE))) {
            yaml += byte(i + 1) == 0xBB ? "\\ufeff" : byte(i + 2) == 0xBE ? "\\ufffe" : "\\uffff";
            i += 2;
        } else {
            yaml += json[i];
        }
    }
    return yaml;
}

std::string scalar(const nlohmann::json& value) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return is_plain_word(text) ? text : quoted(text);
    }
    return value.is_number_float() ? real_text(value.get<double>()) : value.dump();
}

class Writer {
public:
    std::string text;

    void mapping(const nlohmann::json& object, const std::string& path, std::size_t indent) {
        for (const std::string& name : ordered_names(object, path)) {
            const nlohmann::json& value = object.at(name);
            text += std::string(indent, ' ') + (is_plain_word(name) ? name : quoted(name)) + ':';
            if (value.is_object() && !value.empty()) {
                text += '\n';
                mapping(value, path.empty() ? name : path + '.' + name, indent + 2);
            } else if (value.is_array() && !value.empty()) {
                text += '\n';
                list(value, indent);
            } else {
                text += ' ' + (value.is_structured() ? value.dump() : scalar(value)) + '\n';
            }
        }
    }

private:
    static std::vector<std::string> ordered_names(const nlohmann::json& object, const std::string& path) {
        const auto position = [&](const std::string& name) {
            const Order& order = order_of_keys();
            const auto found = order.find(path.empty() ? name : path + '.' + name);
            return found == order.end() ? order.size() : found->second;
        };
        std::vector<std::string> names;
        for (const auto& item : object.items()) {
            names.push_back(item.key());
        }
        std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
            return position(a) < position(b);
        });
        return names;
    }

    /// Items that are lists or mappings themselves are written on one line.
    void list(const nlohmann::json& items, std::size_t indent) {
        for (const nlohmann::json& item : items) {
            text += std::string(indent, ' ') + "- " + flow(item) + '\n';
        }
    }

    static std::string flow(const nlohmann::json& value) {
        if (!value.is_structured()) {
            return scalar(value);
        }
        std::string inside;
        for (const auto& item : value.items()) {
            inside += (inside.empty() ? "" : ", ") +
                      (value.is_object() ? quoted(item.key()) + ": " : std::string()) + flow(item.value());
        }
        return value.is_object() ? '{' + inside + '}' : '[' + inside + ']';
    }
};

} // namespace

std::string config_yaml(const nlohmann::json& values) {
    Writer writer;
    if (values.is_object()) {
        writer.mapping(values, "", 0);
    }
    return writer.text;
}

} // namespace ember
