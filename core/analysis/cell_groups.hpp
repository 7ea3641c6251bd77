#pragma once
// Which group every cell belongs to, for one obs column or several crossed.

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

struct CellGroups {
    std::vector<std::string> labels; ///< groups that have cells, in category order, later columns fastest
    std::vector<std::int32_t> group; ///< [cells] index into labels; -1: a label is missing
    std::uint64_t cells_without_group = 0; ///< cells with -1
};

/// Throws MissingMember (with the nearest column names), NotGroups, and UsageError when `columns` is empty.
CellGroups group_cells(const AnnData& data, const std::vector<std::string>& columns);

} // namespace ember
