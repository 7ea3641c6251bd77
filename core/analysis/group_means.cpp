#include "core/analysis/group_means.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/analysis/cell_groups.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// The label of each column in each group, read from one of its cells.
std::vector<std::vector<std::string>> labels_of(const AnnData& data, const std::vector<std::string>& columns,
                                                const CellGroups& groups) {
    std::vector<std::vector<std::string>> labels(groups.labels.size());
    std::vector<std::size_t> cell_of(groups.labels.size(), 0);
    for (std::size_t cell = groups.group.size(); cell-- > 0;) {
        if (groups.group[cell] >= 0) {
            cell_of[static_cast<std::size_t>(groups.group[cell])] = cell;
        }
    }
    for (const std::string& column : columns) {
        const CategoricalColumn codes = as_groups(*data.obs(column));
        for (std::size_t group = 0; group < labels.size(); ++group) {
            labels[group].push_back(codes.categories[static_cast<std::size_t>(codes.codes[cell_of[group]])]);
        }
    }
    return labels;
}

bool is_finite(std::span<const float> values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// The stored values of one row, dense or sparse.
std::span<const float> values_of(const RowBlock<float>& block, std::uint64_t row) {
    return block.sparse ? block.values.subspan(block.indptr[row], block.indptr[row + 1] - block.indptr[row])
                        : block.dense.subspan(row * block.cols, block.cols);
}

void add_row(const RowBlock<float>& block, std::uint64_t row, double* sum) {
    const std::span<const float> values = values_of(block, row);
    for (std::size_t at = 0; at < values.size(); ++at) {
        const std::uint64_t gene = block.sparse ? block.indices[block.indptr[row] + at] : at;
        sum[gene] += static_cast<double>(values[at]);
    }
}

float distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t at = 0; at < a.size(); ++at) {
        const double difference = static_cast<double>(a[at]) - static_cast<double>(b[at]);
        sum += difference * difference;
    }
    return std::isfinite(sum) ? static_cast<float>(std::sqrt(sum)) : static_cast<float>(missing);
}

} // namespace

int GroupMeans::find(const std::vector<std::string>& wanted) const {
    const auto found = std::find(labels.begin(), labels.end(), wanted);
    return found == labels.end() ? -1 : static_cast<int>(found - labels.begin());
}

GroupMeans group_means(const AnnData& data, const MatrixSource& source,
                       const std::vector<std::string>& columns, JobContext& job) {
    const CellGroups groups = group_cells(data, columns);
    const MatrixPtr matrix = data.matrix(source);
    GroupMeans means;
    means.labels = labels_of(data, columns, groups);
    means.cells.assign(groups.labels.size(), 0);
    means.genes = matrix->cols();
    means.mean.assign(groups.labels.size() * means.genes, 0.0);
    job.begin("Averaging groups", matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        for (std::uint64_t row = 0; row < block.rows; ++row) {
            const std::int32_t group = groups.group[block.first_row + row];
            if (group < 0) {
                continue;
            }
            if (!is_finite(values_of(block, row))) {
                ++means.nonfinite_cells;
                continue;
            }
            ++means.cells[static_cast<std::size_t>(group)];
            add_row(block, row, means.mean.data() + static_cast<std::size_t>(group) * means.genes);
        }
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    for (std::size_t group = 0; group < means.cells.size(); ++group) {
        const auto cells = static_cast<double>(means.cells[group]);
        double* row = means.mean.data() + group * means.genes;
        std::transform(row, row + means.genes, row,
                       [cells](double sum) { return cells > 0 ? sum / cells : missing; });
    }
    return means;
}

std::vector<float> cell_distances(const Matrix& a, const Matrix& b, JobContext& job) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) {
        throw Error("ShapeMismatch",
                    "'" + a.info().name + "' and '" + b.info().name + "' differ in cells or columns");
    }
    std::vector<float> distances(a.rows());
    std::vector<float> left, right;
    job.begin("Comparing cells", a.rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        constexpr std::uint64_t most = 4096; // rows at a time, so that two copies stay small
        for (std::uint64_t first = 0; first < block.rows; first += most) {
            const std::uint64_t count = std::min(most, block.rows - first);
            left.assign(count * block.cols, 0.0F);
            right.resize(count * block.cols);
            for (std::uint64_t row = 0; row < count; ++row) {
                const std::span<const float> values = values_of(block, first + row);
                for (std::size_t at = 0; at < values.size(); ++at) {
                    const std::uint64_t gene =
                        block.sparse ? block.indices[block.indptr[first + row] + at] : at;
                    left[row * block.cols + gene] += values[at];
                }
            }
            b.read_rows(block.first_row + first, count, right);
            for (std::uint64_t row = 0; row < count; ++row) {
                distances[block.first_row + first + row] =
                    distance(std::span(left).subspan(row * block.cols, block.cols),
                             std::span(right).subspan(row * block.cols, block.cols));
            }
            job.check_cancelled();
        }
        job.advance_to(block.first_row + block.rows);
    };
    a.for_each_block(visit, job);
    return distances;
}

} // namespace ember
