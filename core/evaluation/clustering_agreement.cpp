#include "core/evaluation/clustering_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Labels as 0 … k − 1 by first appearance.
std::vector<std::int32_t> numbered(std::span<const std::int32_t> labels) {
    std::map<std::int32_t, std::int32_t> number;
    std::vector<std::int32_t> numbers;
    for (const std::int32_t label : labels) {
        numbers.push_back(number.try_emplace(label, static_cast<std::int32_t>(number.size())).first->second);
    }
    return numbers;
}

std::vector<double> sizes_of(const std::vector<std::int32_t>& labels) {
    std::vector<double> sizes;
    for (const std::int32_t label : labels) {
        sizes.resize(std::max(sizes.size(), static_cast<std::size_t>(label) + 1));
        sizes[static_cast<std::size_t>(label)] += 1;
    }
    return sizes;
}

double entropy(const std::vector<double>& sizes, double n) {
    double sum = 0;
    for (const double size : sizes) {
        sum -= size / n * std::log(size / n);
    }
    return sum;
}

double mutual_information(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b,
                          const std::vector<double>& size_a, const std::vector<double>& size_b, double n) {
    std::map<std::pair<std::int32_t, std::int32_t>, double> both;
    for (std::size_t i = 0; i < a.size(); ++i) {
        both[{a[i], b[i]}] += 1;
    }
    double sum = 0;
    for (const auto& [pair, count] : both) {
        sum += count / n *
               std::log(n * count /
                        (size_a[static_cast<std::size_t>(pair.first)] *
                         size_b[static_cast<std::size_t>(pair.second)]));
    }
    return std::max(0.0, sum);
}

/// Mutual information of two random clusterings of these sizes.
double expected_information(const std::vector<double>& size_a, const std::vector<double>& size_b, double n) {
    const auto log_factorial = [](double k) { return std::lgamma(k + 1); };
    double sum = 0;
    for (const double a : size_a) {
        for (const double b : size_b) {
            for (double k = std::max(1.0, a + b - n); k <= std::min(a, b); k += 1) {
                const double log_probability = log_factorial(a) + log_factorial(b) + log_factorial(n - a) +
                                               log_factorial(n - b) - log_factorial(n) - log_factorial(k) -
                                               log_factorial(a - k) - log_factorial(b - k) -
                                               log_factorial(n - a - b + k);
                sum += k / n * std::log(n * k / (a * b)) * std::exp(log_probability);
            }
        }
    }
    return sum;
}

/// A graph whose points may stand for many: weights both ways, loops apart.
struct Level {
    std::vector<std::map<std::int32_t, double>> links;
    std::vector<double> loops;

    double degree(std::size_t point) const {
        double sum = loops[point];
        for (const auto& [other, weight] : links[point]) {
            sum += weight;
        }
        return sum;
    }
};

Level level_of(const FuzzyGraph& graph) {
    Level level{std::vector<std::map<std::int32_t, double>>(graph.rows()),
                std::vector<double>(graph.rows(), 0)};
    for (std::uint64_t i = 0; i < graph.rows(); ++i) {
        for (std::uint64_t at = graph.indptr[i]; at < graph.indptr[i + 1]; ++at) {
            if (graph.index[at] != i) {
                level.links[i][static_cast<std::int32_t>(graph.index[at])] +=
                    static_cast<double>(graph.weight[at]);
            }
        }
    }
    return level;
}

/// Moves points to the neighbouring cluster with the largest gain until none gains; says whether any moved.
bool move_points(const Level& level, double resolution, double total, std::vector<std::int32_t>& cluster) {
    std::vector<double> degree(level.links.size()), in_cluster(level.links.size());
    for (std::size_t i = 0; i < degree.size(); ++i) {
        degree[i] = level.degree(i);
        in_cluster[static_cast<std::size_t>(cluster[i])] += degree[i];
    }
    bool any = false;
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t i = 0; i < degree.size(); ++i) {
            std::map<std::int32_t, double> towards{{cluster[i], 0.0}};
            for (const auto& [other, weight] : level.links[i]) {
                towards[cluster[static_cast<std::size_t>(other)]] += weight;
            }
            in_cluster[static_cast<std::size_t>(cluster[i])] -= degree[i];
            const auto gain = [&](std::int32_t c) {
                return towards[c] - resolution * degree[i] * in_cluster[static_cast<std::size_t>(c)] / total;
            };
            std::int32_t best = cluster[i];
            double best_gain = gain(best);
            for (const auto& [c, weight] : towards) {
                if (gain(c) > best_gain + 1e-12 * total) {
                    best = c;
                    best_gain = gain(c);
                }
            }
            moved = moved || best != cluster[i];
            cluster[i] = best;
            in_cluster[static_cast<std::size_t>(best)] += degree[i];
        }
        any = any || moved;
    }
    return any;
}

Level merged(const Level& level, const std::vector<std::int32_t>& cluster) {
    const auto count = static_cast<std::size_t>(*std::max_element(cluster.begin(), cluster.end())) + 1;
    Level up{std::vector<std::map<std::int32_t, double>>(count), std::vector<double>(count, 0)};
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        const auto c = static_cast<std::size_t>(cluster[i]);
        up.loops[c] += level.loops[i];
        for (const auto& [other, weight] : level.links[i]) {
            const std::int32_t d = cluster[static_cast<std::size_t>(other)];
            if (d == cluster[i]) {
                up.loops[c] += weight;
            } else {
                up.links[c][d] += weight;
            }
        }
    }
    return up;
}

FuzzyGraph graph_of(const std::vector<std::vector<double>>& profiles, JobContext& job) {
    std::vector<float> points;
    for (const auto& profile : profiles) {
        points.insert(points.end(), profile.begin(), profile.end());
    }
    constexpr int neighbors = 15; // as cell-eval
    NeighborOptions options;
    options.neighbors = std::min(neighbors, static_cast<int>(profiles.size()) - 1);
    const NeighborTable table =
        find_neighbors(points, profiles.size(), profiles.front().size(), options, job);
    return fuzzy_union(table, memberships(table, smooth_distances(table, true, job), true), job);
}

} // namespace

double adjusted_mutual_information(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
    if (a.size() != b.size()) {
        throw UsageError("Two clusterings must be of the same points");
    }
    const std::vector<std::int32_t> x = numbered(a), y = numbered(b);
    const std::vector<double> size_x = sizes_of(x), size_y = sizes_of(y);
    if (x == y) {
        return 1;
    }
    const auto n = static_cast<double>(x.size());
    const double information = mutual_information(x, y, size_x, size_y, n);
    const double expected = expected_information(size_x, size_y, n);
    const double normaliser = (entropy(size_x, n) + entropy(size_y, n)) / 2;
    const double room = normaliser - expected;
    constexpr double least = std::numeric_limits<double>::epsilon();
    return (information - expected) / (room < 0 ? std::min(room, -least) : std::max(room, least));
}

std::vector<std::int32_t> modularity_clusters(const FuzzyGraph& graph, double resolution) {
    Level level = level_of(graph);
    std::vector<std::int32_t> found(graph.rows());
    for (std::size_t i = 0; i < found.size(); ++i) {
        found[i] = static_cast<std::int32_t>(i);
    }
    double total = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        total += level.degree(i);
    }
    while (total > 0) {
        std::vector<std::int32_t> cluster(level.links.size());
        for (std::size_t i = 0; i < cluster.size(); ++i) {
            cluster[i] = static_cast<std::int32_t>(i);
        }
        if (!move_points(level, resolution, total, cluster)) {
            break;
        }
        cluster = numbered(cluster);
        for (std::int32_t& c : found) {
            c = cluster[static_cast<std::size_t>(c)];
        }
        level = merged(level, cluster);
    }
    return numbered(found);
}

double clustering_agreement(const std::vector<std::vector<double>>& pred,
                            const std::vector<std::vector<double>>& real, JobContext& job) {
    if (pred.size() < 2 || pred.size() != real.size()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::vector<std::int32_t> truth = modularity_clusters(graph_of(real, job), 1.0);
    const FuzzyGraph graph = graph_of(pred, job);
    double best = 0;
    for (const double resolution : {0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0}) {
        best = std::max(best, adjusted_mutual_information(truth, modularity_clusters(graph, resolution)));
    }
    return best;
}

} // namespace ember
