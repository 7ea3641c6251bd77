#pragma once
// Loops on all threads of the budget, kept away from Qt's headers: both Qt and TBB have something named
// "emit".

#include <cstddef>
#include <functional>
#include <vector>

namespace ember {

/// Calls `visit(block)` for 0 … blocks - 1 on the threads of the budget; returns when all are done.
void forEachBlock(std::size_t blocks, const std::function<void(std::size_t)>& visit);

void sortInParallel(std::vector<float>& values); ///< rising; no NaN

} // namespace ember
