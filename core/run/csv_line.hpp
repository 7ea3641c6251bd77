#pragma once
// Lines of a CSV file as Python's csv module writes and reads them.

#include <string>
#include <string_view>
#include <vector>

namespace ember {

/// The cells of one line (without its end); quoted cells are unquoted.
std::vector<std::string> csv_cells(std::string_view line);

/// Quoted when it must be.
std::string csv_cell(const std::string& text);

} // namespace ember
