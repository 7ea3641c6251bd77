#include "app/cli/help_format.hpp"

#include <sstream>

#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t name_width = 32;

class HelpFormat : public CLI::Formatter {
public:
    HelpFormat() { column_width(name_width); }

    std::string make_option_opts(const CLI::Option* option) const override {
        return option->get_type_size() == 0 ? "" : " " + option->get_option_text();
    }
    std::string make_option_desc(const CLI::Option* option) const override {
        return wrapped(option->get_description() + (option->get_required() ? " (required)" : ""),
                       line_width - name_width);
    }
    std::string make_description(const CLI::App* command) const override {
        return wrapped(command->get_description(), line_width) + "\n";
    }
};

} // namespace

std::string wrapped(const std::string& text, std::size_t columns) {
    std::istringstream words(text);
    std::string lines, word;
    std::size_t used = 0;
    while (words >> word) {
        const bool fits = used + 1 + width_of(word) <= columns;
        lines += used == 0 ? "" : fits ? " " : "\n";
        used = (used == 0 || !fits ? 0 : used + 1) + width_of(word);
        lines += word;
    }
    return lines;
}

std::shared_ptr<CLI::FormatterBase> help_format() {
    return std::make_shared<HelpFormat>();
}

} // namespace ember::cli
