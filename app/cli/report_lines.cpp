#include "app/cli/report_lines.hpp"

#include <algorithm>

#include "app/cli/text_table.hpp"

namespace ember::cli {

namespace {
constexpr std::size_t line_width = 110;
constexpr std::size_t widest_name = 40;
} // namespace

void ReportLines::add(const std::string& name, const std::string& text) {
    lines_.emplace_back(fitted(name, widest_name), text);
}

std::string ReportLines::text() const {
    std::size_t width = 0;
    for (const auto& [name, what] : lines_) {
        width = std::max(width, width_of(name));
    }
    std::string text;
    for (const auto& [name, what] : lines_) {
        const std::string gap(width - width_of(name) + 2, ' ');
        text += name + gap + fitted(what, line_width - width - 2) + "\n";
    }
    return text;
}

std::string scalar_text(const nlohmann::json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0)) {
        return with_thousands(value.get<std::uint64_t>());
    }
    if (value.is_number_float()) {
        return readable(value.get<double>());
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? "yes" : "no";
    }
    return value.is_null() ? "–" : value.dump();
}

std::string shape_text(const nlohmann::json& shape) {
    std::string text;
    for (const nlohmann::json& length : shape) {
        text += (text.empty() ? "" : " × ") + scalar_text(length);
    }
    return text;
}

std::string list_text(const nlohmann::json& values) {
    std::string text;
    for (const nlohmann::json& value : values) {
        text += (text.empty() ? "" : ", ") + scalar_text(value);
    }
    return text.empty() ? "none" : text;
}

} // namespace ember::cli
