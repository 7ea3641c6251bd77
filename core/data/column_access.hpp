#pragma once
// Matrices whose columns lie together in their file.

#include <cstdint>
#include <span>

namespace ember {

/// A Matrix that is this too (stored by columns) gives one column without reading the others. Thread-safe.
class ColumnAccess {
public:
    virtual ~ColumnAccess();
    /// One column [rows] into `out`; repeated entries add up. Throws ShapeMismatch and the reader's errors.
    virtual void read_column(std::uint64_t column, std::span<float> out) const = 0;
};

} // namespace ember
