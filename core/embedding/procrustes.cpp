#include <cmath>

#include <Eigen/Dense>

#include "core/base/error.hpp"
#include "core/embedding/embedding_quality.hpp"

namespace ember {

namespace {

/// Centred, of unit size.
Eigen::MatrixXd standard_shape(std::span<const float> values, std::uint64_t rows, std::uint64_t dims) {
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    if (rows * dims != values.size() || rows == 0 || dims == 0) {
        throw Error("ShapeMismatch", "The number of values is not rows × columns");
    }
    Eigen::MatrixXd shape = Eigen::Map<const Rows>(values.data(), static_cast<Eigen::Index>(rows),
                                                   static_cast<Eigen::Index>(dims))
                                .cast<double>();
    shape.rowwise() -= shape.colwise().mean().eval();
    const double size = shape.norm();
    if (!(size > 0) || !std::isfinite(size)) {
        throw Error("NoPoints", "An embedding whose points all coincide has no shape");
    }
    return shape / size;
}

} // namespace

double procrustes_disparity(std::span<const float> a, std::span<const float> b, std::uint64_t rows,
                            std::uint64_t dims) {
    const Eigen::MatrixXd left = standard_shape(a, rows, dims), right = standard_shape(b, rows, dims);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(left.transpose() * right);
    const double common = svd.singularValues().sum();
    return 1 - common * common;
}

} // namespace ember
