#pragma once
// Numbers and tables for people to read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/prediction_statistics.hpp"

namespace ember::cli {

/// "57,298"
std::string with_thousands(std::uint64_t number);

/// At most four significant digits, thousands separated; "–" for NaN.
std::string readable(double number);

/// "461 MB"; units of 1,000.
std::string readable_bytes(std::uint64_t bytes);

/// Characters (code points), as a terminal counts them.
std::size_t width_of(std::string_view utf8) noexcept;

/// The text, or its start and "…" when it is wider than `columns`.
std::string fitted(std::string_view utf8, std::size_t columns);

/// Lines with aligned columns, the first to the left and the others to the right, each after `indent`.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::string& indent = "  ");

/// A table of group statistics with a head line that begins with `title`.
std::string statistics_table(const std::string& title, const std::vector<GroupStatistics>& groups);

} // namespace ember::cli
