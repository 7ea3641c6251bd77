#pragma once
// A tree over rows as plain data, as a hierarchical clustering gives it.

#include <array>
#include <vector>

namespace ember {

struct Dendrogram {
    /// [leaves - 1] the two nodes that are joined: below `leaves` a row, else `leaves` + the number of an
    /// earlier merge.
    std::vector<std::array<int, 2>> merges;
    std::vector<double> heights; ///< [leaves - 1] of the merges, rising
    bool isEmpty() const { return merges.empty(); }
};

} // namespace ember
