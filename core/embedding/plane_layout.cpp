#include "core/embedding/plane_layout.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/base/threads.hpp"

namespace ember {

namespace {

constexpr std::uint64_t slices_of_points = 64;
constexpr std::uint64_t groups_of_task = 8;

} // namespace

PlaneLayout::PlaneLayout(FuzzyGraph graph, std::vector<float> start, const LayoutOptions& options)
    : graph_(std::move(graph)), positions_(std::move(start)), options_(options), moves_(layout_moves()) {
    prepare(slices_of_points);
}

PlaneLayout::PlaneLayout(FuzzyGraph graph, std::vector<float> start, const std::vector<float>& others,
                         const LayoutOptions& options)
    : graph_(std::move(graph)),
      positions_(std::move(start)),
      others_(&others),
      options_(options),
      moves_(layout_moves()) {
    prepare(1);
}

void PlaneLayout::prepare(std::uint64_t most_slices) {
    const float largest = prune(graph_, options_.epochs);
    for (float& weight : graph_.weight) {
        weight /= largest;
    }
    const std::uint64_t rows = graph_.rows(), slices = std::clamp<std::uint64_t>(rows, 1, most_slices);
    std::vector<double> samples(rows);
    for (std::uint64_t row = 0; row < rows; ++row) {
        samples[row] =
            std::accumulate(graph_.weight.begin() + static_cast<std::ptrdiff_t>(graph_.indptr[row]),
                            graph_.weight.begin() + static_cast<std::ptrdiff_t>(graph_.indptr[row + 1]), 0.0);
        most_edges_ = std::max(most_edges_, graph_.indptr[row + 1] - graph_.indptr[row]);
    }
    slice_end_.push_back(0);
    for (std::uint64_t slice = 0; slice < slices; ++slice) {
        for (std::uint64_t row = slice; row < rows; row += slices) {
            order_.push_back(static_cast<std::uint32_t>(row));
        }
        // Lanes that are equally busy wait least for each other.
        std::stable_sort(order_.begin() + static_cast<std::ptrdiff_t>(slice_end_.back()), order_.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return samples[a] > samples[b]; });
        slice_end_.push_back(order_.size());
    }
    moved_ = positions_;
    sort_edges();
}

/// The edges in the order in which they are read.
void PlaneLayout::sort_edges() {
    FuzzyGraph sorted;
    sorted.indptr.push_back(0);
    sorted.index.reserve(graph_.index.size());
    sorted.weight.reserve(graph_.weight.size());
    for (const std::uint32_t point : order_) {
        for (std::uint64_t i = graph_.indptr[point]; i < graph_.indptr[point + 1]; ++i) {
            sorted.index.push_back(graph_.index[i]);
            sorted.weight.push_back(graph_.weight[i]);
        }
        sorted.indptr.push_back(sorted.index.size());
    }
    graph_ = std::move(sorted);
}

void PlaneLayout::move_slice(std::size_t slice, const LayoutView& view, float step) {
    const std::uint64_t begin = slice_end_[slice], end = slice_end_[slice + 1];
    const std::uint64_t groups = (end - begin + layout_lanes - 1) / layout_lanes;
    tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, groups, groups_of_task), [&](const auto& range) {
        thread_local std::vector<std::uint32_t> scratch;
        scratch.resize((most_edges_ + 1) * layout_lanes);
        for (std::uint64_t group = range.begin(); group < range.end(); ++group) {
            const std::uint64_t first = begin + group * layout_lanes;
            const auto count = static_cast<int>(std::min<std::uint64_t>(layout_lanes, end - first));
            moves_(view, order_.data() + first, first, count, epoch_, step, scratch.data(), moved_.data());
        }
    });
    for (std::uint64_t i = begin; i < end; ++i) {
        const std::uint64_t at = 2 * static_cast<std::uint64_t>(order_[i]);
        positions_[at] = moved_[at];
        positions_[at + 1] = moved_[at + 1];
    }
}

void PlaneLayout::run_epoch(JobContext& job) {
    const std::vector<float>& others = others_ ? *others_ : positions_;
    LayoutView view{graph_.indptr.data(),
                    graph_.index.data(),
                    graph_.weight.data(),
                    positions_.data(),
                    others.data(),
                    static_cast<std::uint32_t>(others.size() / 2),
                    static_cast<float>(options_.curve.a),
                    static_cast<float>(options_.curve.b),
                    others_ == nullptr,
                    options_.seed};
    const float step = options_.step * (1.0f - static_cast<float>(std::max(epoch_ - 1, 0)) /
                                                   static_cast<float>(options_.epochs));
    const std::vector<float> before = positions_;
    tbb::task_arena arena(options_.threads > 0 ? std::min(options_.threads, thread_budget())
                                               : thread_budget());
    try {
        arena.execute([&] {
            for (std::size_t slice = 0; slice + 1 < slice_end_.size(); ++slice) {
                job.check_cancelled();
                move_slice(slice, view, step);
            }
        });
    } catch (...) {
        positions_ = before;
        throw;
    }
    ++epoch_;
}

} // namespace ember
