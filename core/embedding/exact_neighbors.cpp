#include "core/embedding/exact_neighbors.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include <tbb/parallel_for.h>

#include "core/embedding/point_distance.hpp"

namespace ember {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::uint64_t most_panel = 32, most_rows = 12;
constexpr std::uint64_t block_rows = 96;          ///< queries of one task
constexpr std::uint64_t chunk_bytes = 256 * 1024; ///< of panels, to stay in the second-level cache

/// Order, then index: a total order, so that the result does not depend on the order of visits.
using Candidate = std::pair<float, std::uint32_t>;

double square_of(const float* x, std::uint64_t dims) {
    double sum = 0;
    for (std::uint64_t i = 0; i < dims; ++i) {
        sum += static_cast<double>(x[i]) * x[i];
    }
    return sum;
}

/// The points in panels, shifted to lie about the origin, where float32 products lose least.
class Panels {
public:
    Panels(const PreparedPoints& points, std::uint64_t width)
        : dims_(points.dims),
          width_(width),
          manhattan_(points.metric == Metric::manhattan),
          // The products' rounding stays below this share of the squares of both points.
          rounding_(static_cast<double>(points.dims + 16) * 1.2e-7),
          shift_(points.dims) {
        find_shift(points);
        const std::uint64_t panels = count_of(points.rows);
        values_.assign(panels * dims_ * width_, 0.0f);
        offset_.assign(panels * width_, infinity);
        tbb::parallel_for(std::uint64_t{0}, panels, [&](std::uint64_t panel) { pack(points, panel); });
    }

    std::uint64_t count() const { return offset_.size() / width_; }
    const float* values(std::uint64_t panel) const { return values_.data() + panel * dims_ * width_; }
    const float* offset(std::uint64_t panel) const { return offset_.data() + panel * width_; }
    bool manhattan() const { return manhattan_; }

    /// Shifts a query as the points are; returns its square.
    double shifted(const float* query, float* out) const {
        for (std::uint64_t d = 0; d < dims_; ++d) {
            out[d] = query[d] - shift_[d];
        }
        return square_of(out, dims_);
    }

    /// Scores above this may belong to points of at most this order.
    float threshold(double order, double square) const {
        if (manhattan_) {
            return static_cast<float>(-order * (1 + rounding_) - 1e-30);
        }
        return static_cast<float>((square - order) / 2 - rounding_ * (square + order) - 1e-30);
    }

private:
    std::uint64_t count_of(std::uint64_t rows) const { return (rows + width_ - 1) / width_; }

    void find_shift(const PreparedPoints& points) {
        if (manhattan_) {
            return; // differences need none, and rounding must not change them
        }
        std::vector<double> sum(dims_);
        for (std::uint64_t row = 0; row < points.rows; ++row) {
            for (std::uint64_t d = 0; d < dims_; ++d) {
                sum[d] += points.values[row * dims_ + d];
            }
        }
        for (std::uint64_t d = 0; d < dims_; ++d) {
            shift_[d] = static_cast<float>(sum[d] / static_cast<double>(points.rows));
        }
    }

    void pack(const PreparedPoints& points, std::uint64_t panel) {
        std::vector<float> point(dims_);
        float* out = values_.data() + panel * dims_ * width_;
        for (std::uint64_t lane = 0; lane < width_ && panel * width_ + lane < points.rows; ++lane) {
            const std::uint64_t row = panel * width_ + lane;
            const double square = shifted(points.values.data() + row * dims_, point.data());
            for (std::uint64_t d = 0; d < dims_; ++d) {
                out[d * width_ + lane] = point[d];
            }
            offset_[row] = manhattan_ ? 0.0f : static_cast<float>(square / 2 - rounding_ * square);
        }
    }

    std::uint64_t dims_, width_;
    bool manhattan_;
    double rounding_;
    std::vector<float> shift_, values_, offset_;
};

/// The nearest so far of one query: a heap with the farthest on top.
class Nearest {
public:
    explicit Nearest(std::size_t most) : most_(most) { heap_.reserve(most); }

    std::size_t most() const { return most_; }
    bool full() const { return heap_.size() == most_; }
    float farthest() const { return full() && most_ > 0 ? heap_.front().first : infinity; }

    /// Returns whether the farthest changed.
    bool offer(Candidate candidate) {
        if (!full()) {
            heap_.push_back(candidate);
            std::push_heap(heap_.begin(), heap_.end());
            return full();
        }
        if (most_ == 0 || !(candidate < heap_.front())) {
            return false;
        }
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.back() = candidate;
        std::push_heap(heap_.begin(), heap_.end());
        return true;
    }

    const std::vector<Candidate>& sorted() {
        std::sort_heap(heap_.begin(), heap_.end());
        return heap_;
    }

private:
    std::size_t most_;
    std::vector<Candidate> heap_;
};

/// A block of queries on its way past all panels.
class QueryBlock {
public:
    QueryBlock(const PreparedPoints& queries, const PreparedPoints& points, const Panels& panels,
               bool same_points, std::uint64_t first, std::uint64_t rows, int k)
        : queries_(queries),
          points_(points),
          panels_(panels),
          same_points_(same_points),
          first_(first),
          rows_(rows),
          shifted_(rows * queries.dims),
          square_(rows),
          threshold_(rows, -infinity) {
        const auto most = static_cast<std::size_t>(same_points ? k - 1 : k);
        nearest_.assign(rows, Nearest(most));
        for (std::uint64_t row = 0; row < rows; ++row) {
            square_[row] = panels.shifted(query(row), shifted_.data() + row * queries.dims);
            if (most == 0) {
                threshold_[row] = infinity;
            }
        }
    }

    void visit(std::uint64_t panel, const NeighborScanKernel& kernel) {
        const NeighborScan scan = panels_.manhattan() ? kernel.absolute : kernel.products;
        std::uint32_t hits[most_rows];
        for (std::uint64_t row = 0; row < rows_; row += kernel.rows_at_once) {
            const std::uint64_t rows = std::min(kernel.rows_at_once, rows_ - row);
            if (!scan(shifted_.data() + row * queries_.dims, rows, queries_.dims, panels_.values(panel),
                      panels_.offset(panel), threshold_.data() + row, hits)) {
                continue;
            }
            for (std::uint64_t i = 0; i < rows; ++i) {
                for (std::uint32_t left = hits[i]; left != 0; left &= left - 1) {
                    const auto lane = static_cast<std::uint64_t>(std::countr_zero(left));
                    look_at(row + i, panel * kernel.panel + lane);
                }
            }
        }
    }

    void write(NeighborTable& table) {
        for (std::uint64_t row = 0; row < rows_; ++row) {
            if (!nearest_[row].full()) {
                look_at_all(row);
            }
            std::size_t at = (first_ + row) * static_cast<std::size_t>(table.k);
            if (same_points_) {
                table.index[at] = static_cast<std::uint32_t>(first_ + row);
                table.distance[at++] = 0;
            }
            for (const auto& [order, index] : nearest_[row].sorted()) {
                table.index[at] = index;
                table.distance[at++] = distance_of_order(order, points_.metric);
            }
        }
    }

private:
    const float* query(std::uint64_t row) const {
        return queries_.values.data() + (first_ + row) * queries_.dims;
    }

    /// Squares beyond float32 leave scores that are no numbers; then nothing is filtered.
    void look_at_all(std::uint64_t row) {
        nearest_[row] = Nearest(nearest_[row].most());
        for (std::uint64_t point = 0; point < points_.rows; ++point) {
            look_at(row, point);
        }
    }

    void look_at(std::uint64_t row, std::uint64_t point) {
        if (point >= points_.rows || (same_points_ && point == first_ + row)) {
            return;
        }
        const float order = order_of_points(query(row), points_.values.data() + point * points_.dims,
                                            points_.dims, panels_.manhattan());
        if (nearest_[row].offer({order, static_cast<std::uint32_t>(point)})) {
            threshold_[row] = panels_.threshold(nearest_[row].farthest(), square_[row]);
        }
    }

    const PreparedPoints& queries_;
    const PreparedPoints& points_;
    const Panels& panels_;
    bool same_points_;
    std::uint64_t first_, rows_;
    std::vector<float> shifted_;
    std::vector<double> square_;
    std::vector<float> threshold_;
    std::vector<Nearest> nearest_;
};

} // namespace

NeighborTable exact_neighbors(const PreparedPoints& queries, const PreparedPoints& points, bool same_points,
                              int k, const NeighborScanKernel& kernel, JobContext& job) {
    NeighborTable table;
    table.rows = queries.rows;
    table.k = k;
    table.index.resize(queries.rows * static_cast<std::uint64_t>(k));
    table.distance.resize(table.index.size());
    const Panels panels(points, kernel.panel);
    const std::uint64_t chunk =
        std::max<std::uint64_t>(1, chunk_bytes / (kernel.panel * points.dims * sizeof(float)));
    const std::uint64_t blocks = (queries.rows + block_rows - 1) / block_rows;
    std::atomic<std::uint64_t> done{0};
    job.begin("Finding neighbours", queries.rows, "cells");
    tbb::parallel_for(std::uint64_t{0}, blocks, [&](std::uint64_t number) {
        const std::uint64_t first = number * block_rows;
        const std::uint64_t rows = std::min(block_rows, queries.rows - first);
        QueryBlock block(queries, points, panels, same_points, first, rows, k);
        for (std::uint64_t begin = 0; begin < panels.count(); begin += chunk) {
            job.check_cancelled();
            for (std::uint64_t panel = begin; panel < std::min(panels.count(), begin + chunk); ++panel) {
                block.visit(panel, kernel);
            }
        }
        block.write(table);
        job.advance_to(done.fetch_add(rows) + rows);
    });
    return table;
}

} // namespace ember
