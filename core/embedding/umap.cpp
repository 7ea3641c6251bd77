#include "core/embedding/umap.hpp"

#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "core/embedding/layout_start.hpp"
#include "core/embedding/umap_state.hpp"

namespace ember {

namespace {

constexpr std::uint64_t few_points = 10'000;
constexpr int epochs_of_few = 500, epochs_of_many = 200, most_epochs = 100'000;

} // namespace

void check_umap_options(const UmapOptions& options) {
    if (options.neighbors < 2) {
        throw UsageError("UMAP needs at least 2 neighbours (the cell itself counts as one)");
    }
    if (options.epochs < 0 || options.epochs > most_epochs) {
        throw UsageError("The number of epochs must be between 0 (chosen by the number of cells) and " +
                         std::to_string(most_epochs));
    }
    fit_membership_curve(options.min_dist, options.spread);
}

Umap::Umap(std::unique_ptr<State> state) : state_(std::move(state)) {}
Umap::Umap(Umap&&) noexcept = default;
Umap& Umap::operator=(Umap&&) noexcept = default;
Umap::~Umap() = default;

Umap Umap::create(std::span<const float> points, std::uint64_t rows, std::uint64_t dims,
                  const UmapOptions& options, JobContext& job) {
    check_umap_options(options);
    auto state = std::make_unique<State>();
    state->options = options;
    state->rows = rows;
    state->curve = fit_membership_curve(options.min_dist, options.spread);
    state->points = finite_points(points, rows, dims);
    const FinitePoints& finite = state->points;
    if (options.epochs == 0) {
        state->options.epochs = finite.rows <= few_points ? epochs_of_few : epochs_of_many;
    }
    state->table = find_neighbors(finite.values, finite.rows, dims,
                                  {options.neighbors, options.metric, options.method, options.seed}, job);
    state->options.neighbors = state->table.k;
    job.check_cancelled();
    const SmoothDistances smooth = smooth_distances(state->table, true, job);
    FuzzyGraph graph = fuzzy_union(state->table, memberships(state->table, smooth, true), job);
    prune(graph, state->options.epochs);
    std::vector<float> start = finite.rows == 1 ? std::vector<float>(2)
                               : options.start == UmapStart::spectral
                                   ? spectral_start(graph, finite, options.seed, job)
                                   : random_start(finite.rows, options.seed);
    LayoutOptions layout;
    layout.curve = state->curve;
    layout.epochs = state->options.epochs;
    layout.seed = options.seed;
    layout.threads = options.threads;
    state->layout = std::make_unique<PlaneLayout>(std::move(graph), std::move(start), layout);
    state->embedding.assign(2 * rows, std::numeric_limits<float>::quiet_NaN());
    state->show();
    return Umap(std::move(state));
}

void Umap::step(int epochs, JobContext& job) {
    PlaneLayout& layout = *state_->layout;
    if (layout.epoch() == 0) {
        job.begin("Moving the cells", static_cast<std::uint64_t>(layout.epochs()), "epochs");
    }
    try {
        for (int i = 0; i < epochs && !done(); ++i) {
            layout.run_epoch(job);
            job.advance_to(static_cast<std::uint64_t>(layout.epoch()));
        }
    } catch (...) {
        state_->show();
        throw;
    }
    state_->show();
}

int Umap::epoch() const noexcept {
    return state_->layout->epoch();
}

int Umap::epochs() const noexcept {
    return state_->layout->epochs();
}

std::span<const float> Umap::embedding() const noexcept {
    return state_->embedding;
}

const std::vector<std::uint64_t>& Umap::left_out() const noexcept {
    return state_->points.left_out;
}

const NeighborTable& Umap::neighbors() const noexcept {
    return state_->table;
}

const UmapOptions& Umap::options() const noexcept {
    return state_->options;
}

double Umap::a() const noexcept {
    return state_->curve.a;
}

double Umap::b() const noexcept {
    return state_->curve.b;
}

} // namespace ember
