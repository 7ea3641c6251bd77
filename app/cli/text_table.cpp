#include "app/cli/text_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace ember::cli {

namespace {

/// Commas between groups of three of the digits that `text` begins with.
std::string separated(std::string text) {
    const std::size_t begin = text.starts_with("-") ? 1 : 0;
    std::size_t end = text.find_first_not_of("0123456789", begin);
    end = end == std::string::npos ? text.size() : end;
    for (std::size_t at = end; at > begin + 3; at -= 3) {
        text.insert(at - 3, 1, ',');
    }
    return text;
}

} // namespace

std::string with_thousands(std::uint64_t number) {
    return separated(std::to_string(number));
}

std::string readable(double number) {
    if (std::isnan(number)) {
        return "–";
    }
    std::array<char, 64> text{};
    const double size = std::abs(number);
    if (size != 0 && size < 1e12 && size >= 1e-4) {
        const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
        std::snprintf(text.data(), text.size(), "%.*f", std::clamp(4 - before, 0, 8), number);
    } else {
        std::snprintf(text.data(), text.size(), "%.4g", number);
    }
    return separated(text.data());
}

std::string readable_bytes(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> units = {" bytes", " kB", " MB", " GB", " TB"};
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 1000 && unit + 1 < units.size()) {
        amount /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g", amount);
    return (amount >= 100 ? std::to_string(std::llround(amount)) : std::string(text.data())) + units[unit];
}

std::size_t width_of(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string fitted(std::string_view utf8, std::size_t columns) {
    if (width_of(utf8) <= columns) {
        return std::string(utf8);
    }
    std::size_t end = 0, seen = 0;
    for (; end < utf8.size(); ++end) {
        const bool starts = (static_cast<unsigned char>(utf8[end]) & 0xC0) != 0x80;
        if (starts && ++seen == columns) {
            break;
        }
    }
    return std::string(utf8.substr(0, end)) + "…";
}

std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::string& indent) {
    std::vector<std::size_t> widths;
    for (const std::vector<std::string>& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t c = 0; c < row.size(); ++c) {
            widths[c] = std::max(widths[c], width_of(row[c]));
        }
    }
    std::string text;
    for (const std::vector<std::string>& row : rows) {
        std::string line = indent;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string gap(widths[c] - width_of(row[c]), ' ');
            line += c == 0 ? row[c] + gap : "  " + gap + row[c];
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string statistics_table(const std::string& title, const std::vector<GroupStatistics>& groups) {
    std::vector<std::vector<std::string>> rows = {
        {title, "cells", "mean", "std", "min", "max", "sparsity", "magnitude"}};
    for (const GroupStatistics& group : groups) {
        rows.push_back({fitted(group.group, 40), with_thousands(group.cells), readable(group.mean),
                        readable(group.std), readable(group.min), readable(group.max),
                        readable(group.sparsity), readable(group.magnitude_mean)});
    }
    return text_table(rows);
}

} // namespace ember::cli
