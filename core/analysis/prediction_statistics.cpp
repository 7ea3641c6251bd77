#include "core/analysis/prediction_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/analysis/cell_groups.hpp"
#include "core/analysis/group_accumulator.hpp"
#include "core/analysis/row_statistics.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

/// Everything that the pass fills in: the whole, and the groups of each table.
struct Accumulators {
    GroupAccumulator overall;
    std::vector<CellGroups> groupings;
    std::vector<std::vector<GroupAccumulator>> tables; ///< [groupings][groups]
    std::vector<float> magnitude;
    std::vector<CellFigures> figures;
    bool keeps_cells = false;
    std::optional<double> shift;

    void add(std::uint64_t row, const RowStatistics& statistics) {
        overall.add(statistics);
        magnitude.push_back(static_cast<float>(statistics.magnitude));
        if (keeps_cells) {
            figures.push_back({statistics.sum, statistics.squares, statistics.min, statistics.max,
                               static_cast<std::uint32_t>(statistics.finite),
                               static_cast<std::uint32_t>(statistics.below)});
        }
        for (std::size_t t = 0; t < groupings.size(); ++t) {
            if (const std::int32_t group = groupings[t].group[row]; group >= 0) {
                tables[t][static_cast<std::size_t>(group)].add(statistics);
            }
        }
    }
};

Accumulators prepare(const AnnData& data, const StatisticsRequest& request) {
    Accumulators all;
    for (const std::vector<std::string>& columns : request.by) {
        all.groupings.push_back(group_cells(data, columns));
        all.tables.emplace_back(all.groupings.back().labels.size());
    }
    all.magnitude.reserve(data.n_obs());
    all.keeps_cells = request.keep_cells;
    all.figures.reserve(request.keep_cells ? data.n_obs() : 0);
    return all;
}

template<typename T>
RowStatistics measure(const RowBlock<T>& block, std::size_t row, T threshold, double shift) {
    if (!block.sparse) {
        return measure_dense_row(block.dense.subspan(row * block.cols, block.cols), threshold, shift);
    }
    const std::uint64_t begin = block.indptr[row], count = block.indptr[row + 1] - begin;
    return measure_sparse_row(block.indices.subspan(begin, count), block.values.subspan(begin, count),
                              block.cols, threshold, shift);
}

/// Rows are measured in parallel and merged in order, so that the thread count leaves no trace.
template<typename T>
void add_block(Accumulators& all, const RowBlock<T>& block, double threshold) {
    if (!all.shift) {
        all.shift = block.sparse || block.rows == 0 ? 0 : middle_of(block.dense.first(block.cols));
    }
    std::vector<RowStatistics> rows(block.rows);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, rows.size(), 32),
                      [&](const tbb::blocked_range<std::size_t>& range) {
                          for (std::size_t r = range.begin(); r != range.end(); ++r) {
                              rows[r] = measure(block, r, static_cast<T>(threshold), *all.shift);
                          }
                      });
    for (std::size_t r = 0; r < rows.size(); ++r) {
        all.add(block.first_row + r, rows[r]);
    }
}

template<typename T>
void stream(const Matrix& matrix, Accumulators& all, double threshold, JobContext& job) {
    job.begin("Computing statistics", matrix.rows(), "cells");
    const std::function<void(const RowBlock<T>&)> visit = [&](const RowBlock<T>& block) {
        add_block(all, block, threshold);
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
}

std::vector<double> histogram_edges(const std::vector<float>& magnitude, std::size_t bins) {
    double low = 0, high = 1;
    bool any = false;
    for (const double value : magnitude) {
        if (std::isfinite(value)) {
            low = any ? std::min(low, value) : value;
            high = any ? std::max(high, value) : value;
            any = true;
        }
    }
    if (low == high) {
        low -= 0.5;
        high += 0.5;
    }
    std::vector<double> edges(bins + 1);
    for (std::size_t i = 0; i <= bins; ++i) {
        edges[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(bins);
    }
    return edges;
}

MagnitudeHistogram make_histogram(const Accumulators& all, int wanted_bins) {
    const auto bins = static_cast<std::size_t>(std::max(wanted_bins, 1));
    MagnitudeHistogram histogram;
    histogram.edges = histogram_edges(all.magnitude, bins);
    const bool grouped = !all.groupings.empty();
    histogram.groups = grouped ? all.groupings.front().labels : std::vector<std::string>{"all"};
    histogram.counts.assign(histogram.groups.size(), std::vector<std::uint64_t>(bins, 0));
    const double low = histogram.edges.front(), span = histogram.edges.back() - low;
    for (std::size_t cell = 0; cell < all.magnitude.size(); ++cell) {
        const std::int32_t group = grouped ? all.groupings.front().group[cell] : 0;
        const double value = all.magnitude[cell];
        if (group >= 0 && std::isfinite(value)) {
            const auto bin = static_cast<std::size_t>((value - low) / span * static_cast<double>(bins));
            ++histogram.counts[static_cast<std::size_t>(group)][std::min(bin, bins - 1)];
        }
    }
    return histogram;
}

GroupTable finish_table(const std::vector<std::string>& columns, const CellGroups& grouping,
                        const std::vector<GroupAccumulator>& groups, double shift) {
    GroupTable table{columns, {}, grouping.cells_without_group};
    for (std::size_t g = 0; g < groups.size(); ++g) {
        table.groups.push_back(groups[g].finish(grouping.labels[g], shift));
    }
    return table;
}

} // namespace

std::string GroupTable::name() const {
    std::string joined;
    for (const std::string& column : columns) {
        joined += joined.empty() ? column : "×" + column;
    }
    return joined;
}

StatisticsResult compute_statistics(const AnnData& data, const StatisticsRequest& request, JobContext& job) {
    if (!(request.threshold >= 0)) {
        throw UsageError("The sparsity threshold must be zero or more",
                         "Give a number such as 0 or 1e-6 with --threshold");
    }
    const MatrixPtr matrix = data.matrix(request.source);
    Accumulators all = prepare(data, request);
    if (matrix->info().needs_double) {
        stream<double>(*matrix, all, request.threshold, job);
    } else {
        stream<float>(*matrix, all, request.threshold, job);
    }
    const double shift = all.shift.value_or(0);
    StatisticsResult result;
    result.rows = matrix->rows();
    result.cols = matrix->cols();
    result.overall = all.overall.finish("all", shift);
    for (std::size_t t = 0; t < request.by.size(); ++t) {
        result.tables.push_back(finish_table(request.by[t], all.groupings[t], all.tables[t], shift));
    }
    result.histogram = make_histogram(all, request.histogram_bins);
    result.magnitude = std::move(all.magnitude);
    result.shift = shift;
    result.figures = std::move(all.figures);
    for (std::size_t t = 0; request.keep_cells && t < request.by.size(); ++t) {
        result.group.push_back(std::move(all.groupings[t].group));
    }
    return result;
}

StatisticsResult compute_statistics(const StatisticsRequest& request, JobContext& job) {
    return compute_statistics(*AnnData::open(request.adata), request, job);
}

} // namespace ember
