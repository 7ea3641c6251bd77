#include <algorithm>
#include <atomic>
#include <cmath>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/analysis/hierarchical_clustering.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

/// NaN become the mean of their column; 0 where a column has no value.
std::vector<double> completed(std::span<const double> values, std::size_t columns) {
    std::vector<double> rows(values.begin(), values.end());
    std::vector<double> sum(columns), count(columns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!std::isnan(rows[i])) {
            sum[i % columns] += rows[i];
            ++count[i % columns];
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::isnan(rows[i]))
            rows[i] = count[i % columns] > 0 ? sum[i % columns] / count[i % columns] : 0;
    }
    return rows;
}

/// To length 1, after taking the row's mean away for correlation; rows without direction become zero.
void make_directions(std::vector<double>& rows, std::size_t columns, bool centred) {
    for (std::size_t start = 0; start < rows.size(); start += columns) {
        const std::span<double> row(rows.data() + start, columns);
        double mean = 0, largest = 0;
        for (const double value : row) {
            mean += value / static_cast<double>(columns);
            largest = std::max(largest, std::fabs(value));
        }
        double squares = 0;
        for (double& value : row) {
            value -= centred ? mean : 0;
            squares += value * value;
        }
        const double length = std::sqrt(squares);
        // What rounding leaves of a constant row is no direction.
        const bool none = length <= 1e-13 * largest * std::sqrt(static_cast<double>(columns));
        for (double& value : row)
            value = none ? 0 : value / length;
    }
}

double euclidean(const double* a, const double* b, std::size_t columns) {
    double squares = 0;
    for (std::size_t i = 0; i < columns; ++i)
        squares += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(squares);
}

double unlikeness(const double* a, const double* b, std::size_t columns) {
    double dot = 0, any_a = 0, any_b = 0;
    for (std::size_t i = 0; i < columns; ++i) {
        dot += a[i] * b[i];
        any_a += a[i] * a[i];
        any_b += b[i] * b[i];
    }
    return any_a == 0 && any_b == 0 ? 0 : std::max(0.0, 1 - dot);
}

} // namespace

std::vector<double> row_distances(std::span<const double> values, std::size_t columns, RowDistance distance,
                                  JobContext& job) {
    if (columns == 0 ? !values.empty() : values.size() % columns != 0)
        throw UsageError("A table of rows needs the same number of columns in each");
    const std::size_t rows = columns == 0 ? 0 : values.size() / columns;
    if (rows > most_clustered_rows)
        throw ResourceError("TooManyRows",
                            std::to_string(rows) + " rows are too many for a tree: at most " +
                                std::to_string(most_clustered_rows) + " can be clustered",
                            {}, "Choose fewer rows, such as those that change most.");
    std::vector<double> table = completed(values, columns);
    if (distance != RowDistance::euclidean)
        make_directions(table, columns, distance == RowDistance::correlation);
    std::vector<double> result(rows < 2 ? 0 : rows * (rows - 1) / 2);
    std::atomic<std::uint64_t> done = 0;
    job.begin("Measuring distances", rows, "rows");
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, rows, 4), [&](const auto& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
            job.check_cancelled();
            double* out = result.data() + (rows * i - i * (i + 1) / 2);
            const double* a = table.data() + i * columns;
            for (std::size_t j = i + 1; j < rows; ++j) {
                const double* b = table.data() + j * columns;
                *out++ =
                    distance == RowDistance::euclidean ? euclidean(a, b, columns) : unlikeness(a, b, columns);
            }
            job.advance_to(++done);
        }
    });
    return result;
}

} // namespace ember
