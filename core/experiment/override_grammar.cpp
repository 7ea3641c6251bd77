#include "core/experiment/override_grammar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr int deepest = 32;
constexpr std::string_view blanks = " \t";
/// Characters that a backslash takes the meaning of, outside quotes.
constexpr std::string_view escapable = "\\()[]{}:=, \t";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    std::size_t last = text.find_last_not_of(blanks);
    // a blank after a backslash belongs to the text
    if (text[last] == '\\' && last + 1 < text.size()) {
        ++last;
    }
    return text.substr(first, last - first + 1);
}

bool same_word(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
    });
}

std::optional<nlohmann::json> number(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool between = i > 0 && i + 1 < text.size() &&
                             std::isdigit(static_cast<unsigned char>(text[i - 1])) &&
                             std::isdigit(static_cast<unsigned char>(text[i + 1]));
        if (text[i] != '_' || !between) { // 400_000
            digits += text[i];
        }
    }
    if (digits.starts_with('+')) {
        digits.erase(0, 1);
    }
    const std::string_view sign_free = std::string_view(digits).substr(digits.starts_with('-') ? 1 : 0);
    if (same_word(sign_free, "inf") || same_word(sign_free, "nan")) {
        const double odd = same_word(sign_free, "inf") ? std::numeric_limits<double>::infinity()
                                                       : std::numeric_limits<double>::quiet_NaN();
        return digits.starts_with('-') ? -odd : odd;
    }
    if (sign_free.empty() || sign_free.find_first_not_of("0123456789.eE+-") != std::string_view::npos) {
        return std::nullopt;
    }
    const char* const end = digits.data() + digits.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(digits.data(), end, whole);
        read.ec == std::errc() && read.ptr == end) {
        const bool padded = sign_free.size() > 1 && sign_free[0] == '0'; // 007 is a name
        return padded ? std::nullopt : std::optional<nlohmann::json>(whole);
    }
    double real = 0;
    if (const auto read = std::from_chars(digits.data(), end, real);
        read.ec == std::errc() && read.ptr == end) {
        return real;
    }
    return std::nullopt;
}

std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '\\' && i + 1 < text.size() && escapable.find(text[i + 1]) != std::string_view::npos;
        i += escape ? 1 : 0;
        plain += text[i];
    }
    return plain;
}

nlohmann::json plain_value(std::string_view text) {
    text = trimmed(text);
    if (same_word(text, "null")) {
        return nullptr;
    }
    if (same_word(text, "true") || same_word(text, "false")) {
        return same_word(text, "true");
    }
    if (const auto found = number(text)) {
        return *found;
    }
    return unescaped(text);
}

/// Where a quoted text that begins at `from` ends (the closing quote), or npos. Backslashes count only before
/// a quote: \' is a quote, \\' a backslash and the end.
std::size_t closing_quote(std::string_view text, std::size_t from) {
    std::size_t backslashes = 0;
    for (std::size_t i = from + 1; i < text.size(); ++i) {
        if (text[i] == text[from] && backslashes % 2 == 0) {
            return i;
        }
        backslashes = text[i] == '\\' ? backslashes + 1 : 0;
    }
    return std::string_view::npos;
}

std::string quoted_content(std::string_view inside, char quote) {
    std::string plain;
    for (std::size_t i = 0; i < inside.size();) {
        std::size_t run = 0;
        while (i + run < inside.size() && inside[i + run] == '\\') {
            ++run;
        }
        const bool before_quote = i + run == inside.size() || inside[i + run] == quote;
        plain.append(before_quote ? run / 2 : run, '\\');
        i += run;
        if (i < inside.size()) {
            plain += inside[i++];
        }
    }
    return plain;
}

class ValueParser {
public:
    ValueParser(std::string_view text, const std::string& key, const std::string& source)
        : text_(text), key_(key), source_(source) {}

    nlohmann::json whole() {
        const nlohmann::json value = next("", 0);
        skip_blanks();
        if (at_ != text_.size()) {
            fail(peek() == ',' ? "it has several values; sweeps over values are not possible here"
                               : "something follows its end");
        }
        return value;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error("BadConfig", "The value of " + key_ + " cannot be read: " + what, {source_, key_, {}},
                    "Put a text with special characters in quotes, lists in [ ] and groups in { }");
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() {
        while (at_ < text_.size() && blanks.find(text_[at_]) != std::string_view::npos) {
            ++at_;
        }
    }

    nlohmann::json next(std::string_view ends, int depth) {
        if (depth > deepest) {
            fail("it is nested too deeply");
        }
        skip_blanks();
        switch (peek()) {
        case '[':
            return list(depth);
        case '{':
            return dict(depth);
        case '\'':
        case '"':
            return quoted();
        default:
            return plain_value(plain(ends));
        }
    }

    std::string quoted() {
        const std::size_t end = closing_quote(text_, at_);
        if (end == std::string_view::npos) {
            fail("a quote is not closed");
        }
        const char quote = text_[at_];
        std::string content = quoted_content(text_.substr(at_ + 1, end - at_ - 1), quote);
        at_ = end + 1;
        return content;
    }

    /// Up to one of `ends`, or a comma; escaped ones belong to it.
    std::string_view plain(std::string_view ends) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != ',' && ends.find(text_[at_]) == std::string_view::npos) {
            at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
        }
        return text_.substr(begin, at_ - begin);
    }

    nlohmann::json list(int depth) {
        nlohmann::json items = nlohmann::json::array();
        ++at_;
        for (skip_blanks(); peek() != ']'; skip_blanks()) {
            if (at_ == text_.size()) {
                fail("a bracket [ is not closed");
            }
            items.push_back(next("]", depth + 1));
            after_item(']');
        }
        ++at_;
        return items;
    }

    nlohmann::json dict(int depth) {
        nlohmann::json items = nlohmann::json::object();
        ++at_;
        for (skip_blanks(); peek() != '}'; skip_blanks()) {
            if (at_ == text_.size()) {
                fail("a bracket { is not closed");
            }
            const std::string name = dict_key();
            items[name] = next("}", depth + 1);
            after_item('}');
        }
        ++at_;
        return items;
    }

    std::string dict_key() {
        const bool in_quotes = peek() == '\'' || peek() == '"';
        const std::string name = in_quotes ? quoted() : unescaped(trimmed(plain(":}")));
        skip_blanks();
        if (peek() != ':') {
            fail("a name in { } has no value after a colon");
        }
        ++at_;
        return name;
    }

    void after_item(char end) {
        skip_blanks();
        if (peek() == ',') {
            ++at_;
        } else if (peek() != end) {
            fail(at_ == text_.size() ? "a bracket is not closed" : "a comma is missing");
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    const std::string& key_;
    const std::string& source_;
};

bool is_key(std::string_view key) {
    return !key.empty() && key.front() != '.' && key.front() != '-' && key.back() != '.' &&
           key.find("..") == std::string_view::npos && std::all_of(key.begin(), key.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
                      c == '/' || c == '@';
           });
}

std::string quoted_text(const std::string& text) {
    std::string quoted = "'";
    std::size_t backslashes = 0;
    for (const char c : text) {
        if (c == '\'') {
            quoted.append(backslashes + 1, '\\');
        }
        quoted += c;
        backslashes = c == '\\' ? backslashes + 1 : 0;
    }
    quoted.append(backslashes, '\\');
    return quoted + "'";
}

bool may_stand_plain(const std::string& text) {
    return !text.empty() && plain_value(text).is_string() &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
                      c == '/';
           });
}

} // namespace

Override split_override(std::string_view text) {
    Override found;
    std::string_view key = trimmed(text.substr(0, text.find('=')));
    found.remove = key.starts_with('~');
    key.remove_prefix(found.remove ? 1 : std::min({key.find_first_not_of('+'), key.size(), std::size_t{2}}));
    const bool has_value = text.find('=') != std::string_view::npos;
    if (!is_key(key) || !(has_value || found.remove)) {
        throw UsageError("'" + std::string(text) + "' is not an option of the form key=value",
                         "Write for example training.max_steps=1000");
    }
    found.key = key;
    if (has_value) {
        found.raw = trimmed(text.substr(text.find('=') + 1));
    }
    return found;
}

nlohmann::json parse_override_value(std::string_view raw, const std::string& key, const std::string& source) {
    return ValueParser(trimmed(raw), key, source).whole();
}

std::string plain_override_text(std::string_view raw) {
    raw = trimmed(raw);
    if (!raw.empty() && (raw.front() == '\'' || raw.front() == '"') &&
        closing_quote(raw, 0) == raw.size() - 1) {
        return quoted_content(raw.substr(1, raw.size() - 2), raw.front());
    }
    return unescaped(raw);
}

std::string real_text(double number) {
    if (!std::isfinite(number)) {
        return std::isnan(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
    }
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    std::string text(digits, end.ptr);
    const std::size_t exponent = text.find('e');
    if (text.find('.') == std::string::npos) {
        text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
    }
    return text;
}

std::string override_value_text(const nlohmann::json& value) {
    std::string text;
    switch (value.type()) {
    case nlohmann::json::value_t::string:
        return may_stand_plain(value) ? value.get<std::string>() : quoted_text(value);
    case nlohmann::json::value_t::number_float:
        return real_text(value.get<double>());
    case nlohmann::json::value_t::array:
        for (const nlohmann::json& item : value) {
            text += (text.empty() ? "" : ",") + override_value_text(item);
        }
        return "[" + text + "]";
    case nlohmann::json::value_t::object:
        for (const auto& [name, item] : value.items()) {
            text += (text.empty() ? "" : ",") + (may_stand_plain(name) ? name : quoted_text(name)) + ":" +
                    override_value_text(item);
        }
        return "{" + text + "}";
    default:
        return value.dump();
    }
}

} // namespace ember
