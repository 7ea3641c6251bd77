#include "core/embedding/points.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Scales a row to length 1. A row without a direction gets one of its own, at right angles to all others.
void to_direction(std::span<const float> row, double mean, std::span<float> out) {
    double square = 0, size = 0;
    for (const float x : row) {
        square += (x - mean) * (x - mean);
        size = std::max(size, std::abs(static_cast<double>(x)));
    }
    const double length = std::sqrt(square);
    const bool none = length <= 1e-7 * size || length == 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        out[i] = none ? 0.0f : static_cast<float>((row[i] - mean) / length);
    }
    out[row.size()] = none ? 1.0f : 0.0f;
}

double mean_of(std::span<const float> row) {
    double sum = 0;
    for (const float x : row) {
        sum += x;
    }
    return sum / static_cast<double>(row.size());
}

} // namespace

FinitePoints finite_points(std::span<const float> values, std::uint64_t rows, std::uint64_t dims) {
    if (dims == 0 || rows == 0) {
        throw Error("NoPoints", "There are no points to embed");
    }
    if (values.size() / dims != rows || values.size() % dims != 0) {
        throw Error("ShapeMismatch", "The number of values is not rows × columns");
    }
    FinitePoints points;
    points.dims = dims;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * dims);
        const bool finite = std::all_of(begin, begin + static_cast<std::ptrdiff_t>(dims),
                                        [](float x) { return std::isfinite(x); });
        (finite ? points.kept : points.left_out).push_back(row);
    }
    if (points.kept.empty()) {
        throw Error("NoPoints", "Every row has values that are NaN or infinite", {},
                    "Choose another matrix, or mend these values");
    }
    points.rows = points.kept.size();
    points.values.resize(points.rows * dims);
    for (std::uint64_t i = 0; i < points.rows; ++i) {
        std::copy_n(values.data() + points.kept[i] * dims, dims, points.values.data() + i * dims);
    }
    return points;
}

std::uint64_t prepare_for_metric(std::vector<float>& values, std::uint64_t rows, std::uint64_t dims,
                                 Metric metric) {
    if (metric == Metric::euclidean || metric == Metric::manhattan) {
        return dims;
    }
    std::vector<float> directions(rows * (dims + 1));
    for (std::uint64_t row = 0; row < rows; ++row) {
        const std::span<const float> from(values.data() + row * dims, dims);
        const double mean = metric == Metric::correlation ? mean_of(from) : 0;
        to_direction(from, mean, {directions.data() + row * (dims + 1), dims + 1});
    }
    values = std::move(directions);
    return dims + 1;
}

std::vector<float> dense_values(const Matrix& matrix, JobContext& job) {
    const std::uint64_t cols = matrix.cols();
    std::vector<float> values(matrix.rows() * cols);
    matrix.for_each_block(
        [&](const RowBlock<float>& block) {
            float* out = values.data() + block.first_row * cols;
            if (!block.sparse) {
                std::copy(block.dense.begin(), block.dense.end(), out);
                return;
            }
            for (std::uint64_t row = 0; row < block.rows; ++row) {
                for (std::uint64_t i = block.indptr[row]; i < block.indptr[row + 1]; ++i) {
                    out[row * cols + block.indices[i]] += block.values[i];
                }
            }
        },
        job);
    return values;
}

} // namespace ember
