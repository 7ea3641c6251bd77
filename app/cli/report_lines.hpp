#pragma once
// A report of named lines, and JSON values as text for people.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember::cli {

/// Names in a column of their own; long lines end in "…".
class ReportLines {
public:
    void add(const std::string& name, const std::string& text);
    std::string text() const;

private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

/// Counts with separators, other numbers with four digits, "yes", "no", "–" for null.
std::string scalar_text(const nlohmann::json& value);

/// "57,298 × 2,000"
std::string shape_text(const nlohmann::json& shape);

/// "a, b, c", or "none".
std::string list_text(const nlohmann::json& values);

} // namespace ember::cli
