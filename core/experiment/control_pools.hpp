#pragma once
// The control cells that a group's cells are paired with.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/experiment/training_groups.hpp"

namespace ember {

/// Makes each pool once, when it is first asked for.
class ControlPools {
public:
    ControlPools(const RunCells& cells, ControlPairing pairing);

    /// Number of the pool of this group: the nearest controls that there are, by batch and cell type in its
    /// file, cell type in its file, cell type, its file, any.
    std::uint32_t pool_of(const CellGroup& group);

    /// The pools, cells ascending; adds a warning when some groups have no control of their own cell type.
    std::vector<std::vector<std::uint32_t>> take(std::vector<std::string>& warnings);

private:
    using Key = std::tuple<std::int64_t, std::int32_t, std::int32_t>; ///< file, cell type, batch; -1: any

    const RunCells& cells_;
    std::map<Key, std::vector<std::uint32_t>> controls_;
    std::map<Key, std::uint32_t> made_;
    std::vector<std::vector<std::uint32_t>> pools_;
    std::set<std::int32_t> without_; ///< cell types without a control
};

} // namespace ember
