#pragma once
// Runs of rows that are decoded together: a cut of all cells of a run, in the files' order.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ember {

struct RowWindows {
    std::vector<std::uint32_t> starts; ///< first cell of each window, ascending; no window spans two files
    std::uint32_t cells = 0;           ///< of all files

    std::size_t window_of(std::uint32_t cell) const {
        return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), cell) -
                                        starts.begin()) -
               1;
    }
    std::uint32_t end_of(std::size_t window) const {
        return window + 1 < starts.size() ? starts[window + 1] : cells;
    }
};

} // namespace ember
