#pragma once
// Fields of CSV files (RFC 4180).

#include <string>

namespace ember {

/// Shortest text that reads back as the same number; empty for NaN.
std::string csv_number(double value);

/// Quoted where it holds a comma, a quote or a line break; quotes doubled.
std::string csv_text(const std::string& text);

} // namespace ember
