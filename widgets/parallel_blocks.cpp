#include "widgets/parallel_blocks.hpp"

#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

namespace ember {

void forEachBlock(std::size_t blocks, const std::function<void(std::size_t)>& visit) {
    tbb::parallel_for(std::size_t{0}, blocks, [&visit](std::size_t block) { visit(block); });
}

void sortInParallel(std::vector<float>& values) {
    tbb::parallel_sort(values.begin(), values.end());
}

} // namespace ember
