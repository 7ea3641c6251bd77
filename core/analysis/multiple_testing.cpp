#include "core/analysis/multiple_testing.hpp"

#include <algorithm>
#include <cmath>

namespace ember {

namespace {

/// The tests that count, smallest p first; ties keep their order.
std::vector<std::size_t> by_size(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isnan(p[i])) {
            order.push_back(i);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

/// q of the i-th smallest = min over j ≥ i of p_j · penalty · tests / j, at most 1.
std::vector<double> step_up(std::span<const double> p, double penalty,
                            const std::vector<std::size_t>& order) {
    std::vector<double> adjusted(p.begin(), p.end());
    double least = 1;
    for (std::size_t rank = order.size(); rank-- > 0;) {
        const double scaled =
            p[order[rank]] * penalty * static_cast<double>(order.size()) / static_cast<double>(rank + 1);
        least = std::min(least, scaled);
        adjusted[order[rank]] = least;
    }
    return adjusted;
}

} // namespace

std::vector<double> benjamini_hochberg(std::span<const double> p) {
    return step_up(p, 1, by_size(p));
}

std::vector<double> benjamini_yekutieli(std::span<const double> p) {
    const std::vector<std::size_t> order = by_size(p);
    double harmonic = 0;
    for (std::size_t i = 1; i <= order.size(); ++i) {
        harmonic += 1.0 / static_cast<double>(i);
    }
    return step_up(p, harmonic, order);
}

std::vector<double> bonferroni(std::span<const double> p) {
    std::vector<double> adjusted(p.begin(), p.end());
    const std::vector<std::size_t> order = by_size(p);
    for (const std::size_t i : order) {
        adjusted[i] = std::min(1.0, p[i] * static_cast<double>(order.size()));
    }
    return adjusted;
}

std::vector<double> holm(std::span<const double> p) {
    std::vector<double> adjusted(p.begin(), p.end());
    const std::vector<std::size_t> order = by_size(p);
    double most = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        most = std::max(most, std::min(1.0, p[order[rank]] * static_cast<double>(order.size() - rank)));
        adjusted[order[rank]] = most;
    }
    return adjusted;
}

} // namespace ember
