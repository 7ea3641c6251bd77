#pragma once
// Compiled once per instruction set. The including file renames Eigen's namespace, so that the linker cannot
// merge templates that were compiled for different processors.

#include <Eigen/Core>

#include "core/embedding/transposed_product.hpp"

namespace {

void eigen_transposed_product(std::int64_t rows, const ember::MatrixPart& a, const ember::MatrixPart& b,
                              float* out) {
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Part = Eigen::Map<const Rows, 0, Eigen::OuterStride<>>;
    const Part left(a.values, rows, a.columns, Eigen::OuterStride<>(a.stride));
    const Part right(b.values, rows, b.columns, Eigen::OuterStride<>(b.stride));
    Eigen::Map<Rows>(out, a.columns, b.columns).noalias() = left.transpose() * right;
}

} // namespace
