#pragma once
// One column of obs or var.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ember {

/// Labels with a stated order of levels; code -1 is a missing value.
struct CategoricalColumn {
    std::vector<std::string> categories; ///< in the file's order; numbers and booleans as text ("0", "True")
    std::vector<std::int32_t> codes;     ///< [cells], -1 … categories.size() - 1
    bool ordered = false;
};

/// Numbers (integers up to 2^53 are exact); `missing` is empty when nothing is missing.
struct NumericColumn {
    std::vector<double> values; ///< [cells]; NaN where missing
    std::vector<bool> missing;  ///< [cells] or empty (mask of a nullable column)
};

struct BooleanColumn {
    std::vector<std::uint8_t> values; ///< [cells] 0 or 1
    std::vector<bool> missing;        ///< [cells] or empty
};

struct TextColumn {
    std::vector<std::string> values; ///< [cells] UTF-8
    std::vector<bool> missing;       ///< [cells] or empty
};

struct Column {
    std::string name;
    std::string dtype; ///< pandas' name: "category", "int64", "float32", "bool", "Int64", "boolean", "object"
    std::variant<CategoricalColumn, NumericColumn, BooleanColumn, TextColumn> data;

    std::size_t size() const noexcept;
    std::size_t missing_count() const noexcept;
};

/// The column as levels: categorical columns as they are, text and booleans by their sorted distinct values
/// (code point order), whole-number columns by their sorted numbers. Throws Error `NotGroups` for a column
/// with fractional numbers.
CategoricalColumn as_groups(const Column& column);

/// Cells per category, in category order.
std::vector<std::uint64_t> count_categories(const CategoricalColumn& column);

} // namespace ember
