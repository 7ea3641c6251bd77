#pragma once
// What differs between two selections of the same cells, compactly, for undo.

#include <cstdint>
#include <vector>

#include "core/base/cell_selection.hpp"

namespace ember {

class SelectionDelta {
public:
    /// Both have the same size.
    SelectionDelta(const CellSelection& before, const CellSelection& after);

    bool isEmpty() const { return runs_.empty(); }
    /// Turns `before` into `after`, and `after` into `before`.
    void toggle(CellSelection& selection) const;
    std::size_t bytes() const { return runs_.size() * sizeof(Run) + flips_.size() * sizeof(std::uint64_t); }

private:
    struct Run {
        std::uint32_t first, length; ///< words
    };
    std::vector<Run> runs_;
    std::vector<std::uint64_t> flips_; ///< of all runs, one after the other
};

} // namespace ember
