#include "core/embedding/fuzzy_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <tbb/parallel_for.h>

namespace ember {

namespace {

constexpr int most_halvings = 64;
constexpr std::uint64_t check_every = 1024; ///< rows between looks at cancel
constexpr double tolerance = 1e-5, least_share = 1e-3;

double smallest_above_zero(std::span<const float> distances) {
    const auto found =
        std::find_if(distances.begin(), distances.end(), [](float distance) { return distance > 0; });
    return found == distances.end() ? 0.0 : *found;
}

double mean_of(std::span<const float> distances) {
    double sum = 0;
    for (const float distance : distances) {
        sum += distance;
    }
    return sum / static_cast<double>(distances.size());
}

/// By bisection; doubles upwards while there is no upper end.
double width_of(std::span<const float> distances, double rho, double target) {
    double low = 0, high = std::numeric_limits<double>::infinity(), middle = 1;
    for (int i = 0; i < most_halvings; ++i) {
        double sum = 0;
        for (std::size_t j = 1; j < distances.size(); ++j) {
            const double apart = distances[j] - rho;
            sum += apart > 0 ? std::exp(-apart / middle) : 1.0;
        }
        if (std::abs(sum - target) < tolerance) {
            break;
        }
        (sum > target ? high : low) = middle;
        middle = std::isinf(high) ? middle * 2 : (low + high) / 2;
    }
    return middle;
}

using Entry = std::pair<std::uint32_t, float>;

/// Each row's entries by column: of A, or with `transposed` of Aᵀ.
FuzzyGraph by_column(const NeighborTable& table, const std::vector<float>& weights, bool transposed) {
    const auto k = static_cast<std::uint64_t>(table.k);
    const auto row_of = [&](std::uint64_t i) { return transposed ? table.index[i] : i / k; };
    FuzzyGraph graph;
    graph.indptr.assign(table.rows + 1, 0);
    for (std::uint64_t i = 0; i < weights.size(); ++i) {
        graph.indptr[row_of(i) + 1] += weights[i] > 0;
    }
    for (std::uint64_t row = 0; row < table.rows; ++row) {
        graph.indptr[row + 1] += graph.indptr[row];
    }
    graph.index.resize(graph.indptr.back());
    graph.weight.resize(graph.indptr.back());
    std::vector<std::uint64_t> next(graph.indptr.begin(), graph.indptr.end() - 1);
    for (std::uint64_t i = 0; i < weights.size(); ++i) {
        if (weights[i] > 0) {
            const std::uint64_t at = next[row_of(i)]++;
            graph.index[at] = transposed ? static_cast<std::uint32_t>(i / k) : table.index[i];
            graph.weight[at] = weights[i];
        }
    }
    if (!transposed) {
        tbb::parallel_for(std::uint64_t{0}, table.rows, [&](std::uint64_t row) {
            std::vector<Entry> entries;
            for (std::uint64_t i = graph.indptr[row]; i < graph.indptr[row + 1]; ++i) {
                entries.emplace_back(graph.index[i], graph.weight[i]);
            }
            std::sort(entries.begin(), entries.end());
            for (std::size_t i = 0; i < entries.size(); ++i) {
                std::tie(graph.index[graph.indptr[row] + i], graph.weight[graph.indptr[row] + i]) =
                    entries[i];
            }
        });
    }
    return graph;
}

} // namespace

SmoothDistances smooth_distances(const NeighborTable& table, bool connected, JobContext& job) {
    const auto k = static_cast<std::uint64_t>(table.k);
    const double target = std::log2(static_cast<double>(table.k)), mean = mean_of(table.distance);
    SmoothDistances smooth{std::vector<double>(table.rows), std::vector<double>(table.rows)};
    tbb::parallel_for(std::uint64_t{0}, table.rows, [&](std::uint64_t row) {
        if (row % check_every == 0) {
            job.check_cancelled();
        }
        const std::span<const float> distances(table.distance.data() + row * k, k);
        const double rho = connected ? smallest_above_zero(distances) : 0.0;
        const double least = least_share * (rho > 0 ? mean_of(distances) : mean);
        smooth.rho[row] = rho;
        smooth.sigma[row] = std::max(width_of(distances, rho, target), least);
    });
    return smooth;
}

std::vector<float> memberships(const NeighborTable& table, const SmoothDistances& smooth, bool same_points) {
    const auto k = static_cast<std::uint64_t>(table.k);
    std::vector<float> weights(table.index.size());
    tbb::parallel_for(std::uint64_t{0}, table.rows, [&](std::uint64_t row) {
        for (std::uint64_t i = row * k; i < (row + 1) * k; ++i) {
            const double apart = table.distance[i] - smooth.rho[row];
            if (!(same_points && table.index[i] == row)) {
                weights[i] = apart <= 0 || smooth.sigma[row] == 0
                                 ? 1.0f
                                 : static_cast<float>(std::exp(-apart / smooth.sigma[row]));
            }
        }
    });
    return weights;
}

FuzzyGraph fuzzy_union(const NeighborTable& table, const std::vector<float>& memberships, JobContext& job) {
    const FuzzyGraph out = by_column(table, memberships, false), in = by_column(table, memberships, true);
    FuzzyGraph graph;
    graph.indptr.assign(1, 0);
    graph.index.reserve(out.index.size() + out.index.size() / 2);
    graph.weight.reserve(out.index.size() + out.index.size() / 2);
    for (std::uint64_t row = 0; row < table.rows; ++row) {
        if (row % check_every == 0) {
            job.check_cancelled();
        }
        std::uint64_t i = out.indptr[row], j = in.indptr[row];
        while (i < out.indptr[row + 1] || j < in.indptr[row + 1]) {
            const std::uint32_t left = i < out.indptr[row + 1] ? out.index[i] : ~0u;
            const std::uint32_t right = j < in.indptr[row + 1] ? in.index[j] : ~0u;
            const float a = left <= right ? out.weight[i++] : 0.0f;
            const float b = right <= left ? in.weight[j++] : 0.0f;
            graph.index.push_back(std::min(left, right));
            graph.weight.push_back(a + b - a * b);
        }
        graph.indptr.push_back(graph.index.size());
    }
    return graph;
}

float prune(FuzzyGraph& graph, int epochs) {
    const float largest =
        graph.weight.empty() ? 0.0f : *std::max_element(graph.weight.begin(), graph.weight.end());
    const float least = largest / static_cast<float>(std::max(epochs, 1));
    std::uint64_t kept = 0, begin = 0;
    for (std::uint64_t row = 0; row < graph.rows(); ++row) {
        const std::uint64_t end = graph.indptr[row + 1];
        for (std::uint64_t i = begin; i < end; ++i) {
            if (graph.weight[i] >= least) {
                graph.index[kept] = graph.index[i];
                graph.weight[kept++] = graph.weight[i];
            }
        }
        begin = end;
        graph.indptr[row + 1] = kept;
    }
    graph.index.resize(kept);
    graph.weight.resize(kept);
    return largest;
}

} // namespace ember
