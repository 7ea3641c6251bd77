#include "core/embedding/symmetric_product.hpp"

#include <algorithm>

#include <Eigen/Core>
#include <tbb/parallel_for.h>

namespace ember {

void multiply_columns(const double* a, std::int64_t size, const double* in, std::int64_t columns,
                      double* out) {
    using Columns = Eigen::MatrixXd;
    constexpr std::int64_t part = 128; ///< rows of the result in one task
    const Eigen::Map<const Columns> full(a, size, size), right(in, size, columns);
    Eigen::Map<Columns> product(out, size, columns);
    tbb::parallel_for(std::int64_t{0}, (size + part - 1) / part, [&](std::int64_t i) {
        const std::int64_t first = i * part, count = std::min(part, size - first);
        // By symmetry rows are columns, which stand together in memory.
        product.middleRows(first, count).noalias() = full.middleCols(first, count).transpose() * right;
    });
}

} // namespace ember
