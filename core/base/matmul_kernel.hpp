#pragma once
// Eigen's row-major product, compiled once per instruction set. The including file renames Eigen's namespace,
// so that the linker cannot merge templates that were compiled for different processors.

#include <cstdint>

#include <Eigen/Core>

namespace {

void eigen_product(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Rows> left(a, m, k);
    const Eigen::Map<const Rows> right(b, k, n);
    Eigen::Map<Rows>(c, m, n).noalias() = left * right;
}

} // namespace
