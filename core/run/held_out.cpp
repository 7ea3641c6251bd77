#include "core/run/held_out.hpp"

#include <cctype>
#include <fstream>
#include <iterator>
#include <string_view>

namespace ember {

namespace fs = std::filesystem;

namespace {

/// The little of TOML that such files use: sections, keys, strings and lists of strings.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}
    bool at_end() const noexcept { return at_ >= text_.size(); }
    char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
    void next() noexcept { ++at_; }

    void skip_blank(bool lines) {
        while (!at_end()) {
            if (peek() == '#') {
                skip_line();
            } else if (peek() == ' ' || peek() == '\t' || peek() == '\r' || (lines && peek() == '\n')) {
                next();
            } else {
                return;
            }
        }
    }
    void skip_line() {
        while (!at_end() && peek() != '\n') {
            next();
        }
    }
    bool take(char c) {
        if (peek() != c) {
            return false;
        }
        next();
        return true;
    }
    /// A quoted text or a bare key; empty when there is neither.
    std::string word() {
        std::string found;
        if (const char quote = peek(); quote == '"' || quote == '\'') {
            next();
            while (!at_end() && peek() != quote && peek() != '\n') {
                if (quote == '"' && peek() == '\\') {
                    next();
                }
                found += peek();
                next();
            }
            take(quote);
            return found;
        }
        while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '_' || peek() == '-') {
            found += peek();
            next();
        }
        return found;
    }
    /// Words joined by dots.
    std::vector<std::string> key() {
        std::vector<std::string> words;
        do {
            skip_blank(false);
            words.push_back(word());
            skip_blank(false);
        } while (take('.'));
        return words;
    }
    /// A text, or the texts of a list; empty for any other value.
    std::vector<std::string> value() {
        skip_blank(false);
        std::vector<std::string> words;
        if (!take('[')) {
            if (peek() == '"' || peek() == '\'') {
                words.push_back(word());
            }
            return words;
        }
        for (skip_blank(true); !at_end() && peek() != ']'; skip_blank(true)) {
            if (peek() == '"' || peek() == '\'') {
                words.push_back(word());
            } else {
                next(); // commas, and values of other kinds
            }
        }
        take(']');
        return words;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// "wound.Mac": the data set ends at the first dot.
HeldOut part_of(const std::string& name, std::vector<std::string> perturbations, std::string split) {
    const std::size_t dot = name.find('.');
    return {dot == std::string::npos ? std::string() : name.substr(0, dot),
            dot == std::string::npos ? name : name.substr(dot + 1), std::move(perturbations),
            std::move(split)};
}

bool is_held_out(const std::string& split) {
    return split == "val" || split == "test";
}

std::string joined(const std::vector<std::string>& words, std::size_t first) {
    std::string text;
    for (std::size_t i = first; i < words.size(); ++i) {
        text += (i == first ? "" : ".") + words[i];
    }
    return text;
}

} // namespace

std::vector<HeldOut> parse_held_out(const std::string& toml) {
    std::vector<HeldOut> parts;
    std::vector<std::string> section;
    Scanner scanner(toml);
    for (scanner.skip_blank(true); !scanner.at_end(); scanner.skip_blank(true)) {
        if (scanner.take('[')) {
            section = scanner.key();
            scanner.skip_line();
            continue;
        }
        const std::vector<std::string> key = scanner.key();
        if (!scanner.take('=')) {
            scanner.skip_line();
            continue;
        }
        std::vector<std::string> value = scanner.value();
        scanner.skip_line();
        if (section.empty() || value.empty()) {
            continue;
        }
        if (section[0] == "zeroshot" && section.size() == 1 && is_held_out(value[0])) {
            parts.push_back(part_of(joined(key, 0), {}, value[0]));
        } else if (section[0] == "fewshot" && section.size() > 1 && is_held_out(key[0])) {
            parts.push_back(part_of(joined(section, 1), std::move(value), key[0]));
        }
    }
    return parts;
}

HeldOutCells read_held_out(const RunDirectory& run) {
    const std::string named = run.config_text("data.kwargs.toml_config_path");
    if (named.empty()) {
        return {};
    }
    const fs::path path = named;
    const fs::path folder = fs::absolute(run.path).lexically_normal();
    const fs::path above = folder.has_filename() ? folder.parent_path() : folder.parent_path().parent_path();
    for (const fs::path& file :
         {folder / path, above / path, folder / path.filename(), above / path.filename()}) {
        std::error_code failure;
        if (!fs::is_regular_file(file, failure)) {
            continue;
        }
        std::ifstream stream(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(stream), {}};
        return {file, parse_held_out(text)};
    }
    return {};
}

} // namespace ember
