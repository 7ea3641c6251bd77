#include <algorithm>
#include <limits>

#include "core/embedding/umap_state.hpp"

namespace ember {

namespace {

constexpr std::uint64_t few_points = 10'000;
constexpr int epochs_of_few = 100, epochs_of_many = 30;
constexpr float first_step = 0.25f; ///< a quarter of the layout's own

/// The neighbours' places by their weights; a point that is one of them already stands there.
std::vector<float> start_among(const NeighborTable& table, const std::vector<float>& weights,
                               const std::vector<float>& places) {
    const auto k = static_cast<std::uint64_t>(table.k);
    std::vector<float> start(2 * table.rows);
    for (std::uint64_t row = 0; row < table.rows; ++row) {
        double x = 0, y = 0, sum = 0;
        for (std::uint64_t i = row * k; i < (row + 1) * k; ++i) {
            const double weight = weights[i];
            x += weight * places[2 * static_cast<std::uint64_t>(table.index[i])];
            y += weight * places[2 * static_cast<std::uint64_t>(table.index[i]) + 1];
            sum += weight;
        }
        const std::uint64_t nearest = table.index[row * k];
        const bool known = table.distance[row * k] == 0 || !(sum > 0);
        start[2 * row] = known ? places[2 * nearest] : static_cast<float>(x / sum);
        start[2 * row + 1] = known ? places[2 * nearest + 1] : static_cast<float>(y / sum);
    }
    return start;
}

FuzzyGraph graph_of(const NeighborTable& table, const std::vector<float>& weights) {
    FuzzyGraph graph;
    for (std::uint64_t row = 0; row <= table.rows; ++row) {
        graph.indptr.push_back(row * static_cast<std::uint64_t>(table.k));
    }
    graph.index = table.index;
    graph.weight = weights;
    return graph;
}

} // namespace

std::vector<float> Umap::transform(std::span<const float> points, std::uint64_t rows, JobContext& job) const {
    const FinitePoints fresh = finite_points(points, rows, state_->points.dims);
    const FinitePoints& known = state_->points;
    const UmapOptions& options = state_->options;
    const NeighborTable table = nearest_points(fresh.values, fresh.rows, known.values, known.rows, known.dims,
                                               options.neighbors, options.metric, job);
    const std::vector<float> weights = memberships(table, smooth_distances(table, false, job), false);
    const std::vector<float>& places = state_->layout->positions();
    LayoutOptions layout;
    layout.curve = state_->curve;
    layout.epochs = fresh.rows <= few_points ? epochs_of_few : epochs_of_many;
    layout.step = first_step;
    layout.seed = options.seed;
    layout.threads = options.threads;
    PlaneLayout moving(graph_of(table, weights), start_among(table, weights, places), places, layout);
    job.begin("Placing new cells", static_cast<std::uint64_t>(layout.epochs), "epochs");
    for (int epoch = 1; epoch <= layout.epochs; ++epoch) {
        moving.run_epoch(job);
        job.advance_to(static_cast<std::uint64_t>(epoch));
    }
    std::vector<float> placed(2 * rows, std::numeric_limits<float>::quiet_NaN());
    for (std::uint64_t i = 0; i < fresh.rows; ++i) {
        placed[2 * fresh.kept[i]] = moving.positions()[2 * i];
        placed[2 * fresh.kept[i] + 1] = moving.positions()[2 * i + 1];
    }
    return placed;
}

} // namespace ember
