#pragma once
// Several matrices with the same columns, one below the other.

#include <vector>

#include "core/data/matrix.hpp"

namespace ember {

/// A view: the values stay in their files. Blocks come as each matrix gives them, dense or sparse. Throws
/// ShapeMismatch when the matrices differ in columns, UsageError when there is none.
MatrixPtr stack_matrices(std::vector<MatrixPtr> matrices);

} // namespace ember
