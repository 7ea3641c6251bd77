#include "core/analysis/cell_groups.hpp"

#include <map>
#include <string_view>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Appends one column's codes to the cells' combined codes.
void cross_with(std::vector<std::int64_t>& combined, const CategoricalColumn& column) {
    const auto levels = static_cast<std::int64_t>(column.categories.size());
    for (std::size_t cell = 0; cell < combined.size(); ++cell) {
        const std::int64_t code = column.codes[cell];
        combined[cell] = combined[cell] < 0 || code < 0 ? -1 : combined[cell] * levels + code;
    }
}

/// "Burn · day10": the label of each column, the first column first.
std::string label_of(std::int64_t combined, const std::vector<CategoricalColumn>& columns) {
    std::vector<std::string_view> parts(columns.size());
    for (std::size_t c = columns.size(); c-- > 0;) {
        const auto levels = static_cast<std::int64_t>(columns[c].categories.size());
        parts[c] = columns[c].categories[static_cast<std::size_t>(combined % levels)];
        combined /= levels;
    }
    std::string label(parts.front());
    for (std::size_t c = 1; c < parts.size(); ++c) {
        label.append(" · ").append(parts[c]);
    }
    return label;
}

} // namespace

CellGroups group_cells(const AnnData& data, const std::vector<std::string>& columns) {
    if (columns.empty()) {
        throw UsageError("A grouping needs at least one obs column");
    }
    std::vector<CategoricalColumn> parts;
    std::vector<std::int64_t> combined(data.n_obs(), 0);
    std::int64_t crossings = 1;
    for (const std::string& name : columns) {
        parts.push_back(as_groups(*data.obs(name)));
        const auto levels = static_cast<std::int64_t>(parts.back().categories.size());
        if (__builtin_mul_overflow(crossings, levels, &crossings)) {
            throw UsageError("The columns have too many labels to be crossed", "Cross fewer columns");
        }
        cross_with(combined, parts.back());
    }
    std::map<std::int64_t, std::int32_t> seen; // ascending codes are category order
    for (const std::int64_t code : combined) {
        seen.emplace(code, 0);
    }
    seen.erase(-1);
    CellGroups groups;
    for (auto& [code, index] : seen) {
        index = static_cast<std::int32_t>(groups.labels.size());
        groups.labels.push_back(label_of(code, parts));
    }
    groups.group.reserve(combined.size());
    for (const std::int64_t code : combined) {
        groups.group.push_back(code < 0 ? -1 : seen.at(code));
        groups.cells_without_group += code < 0;
    }
    return groups;
}

} // namespace ember
