#pragma once
// Points that move in the plane, epoch by epoch.

#include <cstdint>
#include <vector>

#include "core/base/job.hpp"
#include "core/embedding/fuzzy_graph.hpp"
#include "core/embedding/layout_moves.hpp"
#include "core/embedding/membership_curve.hpp"

namespace ember {

struct LayoutOptions {
    MembershipCurve curve;
    int epochs = 0;
    float step = 1; ///< learning rate at the start; falls to 0
    std::uint64_t seed = 0;
    int threads = 0; ///< 0: the thread budget
};

/// The points are divided into slices; those of a slice move at the same time and see each other where they
/// were, and all others where they are. The result is therefore the same on any number of threads.
class PlaneLayout {
public:
    /// Points that attract and repel each other; `graph` is symmetric, `start` [rows × 2].
    PlaneLayout(FuzzyGraph graph, std::vector<float> start, const LayoutOptions& options);
    /// Points that move among others [others × 2], which stay.
    PlaneLayout(FuzzyGraph graph, std::vector<float> start, const std::vector<float>& others,
                const LayoutOptions& options);

    void run_epoch(JobContext& job); ///< changes nothing when it throws Cancelled
    int epoch() const noexcept { return epoch_; }
    int epochs() const noexcept { return options_.epochs; }
    const std::vector<float>& positions() const noexcept { return positions_; }

private:
    void prepare(std::uint64_t most_slices);
    void sort_edges();
    void move_slice(std::size_t slice, const LayoutView& view, float step);

    FuzzyGraph graph_; ///< weights become rates, points stand in order_
    std::vector<float> positions_, moved_;
    const std::vector<float>* others_ = nullptr;
    LayoutOptions options_;
    LayoutMoves moves_;
    std::vector<std::uint32_t> order_;     ///< points by slice, busiest first
    std::vector<std::uint64_t> slice_end_; ///< [slices + 1], in order_
    std::uint64_t most_edges_ = 0;
    int epoch_ = 0;
};

} // namespace ember
