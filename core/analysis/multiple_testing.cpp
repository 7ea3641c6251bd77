#include "core/analysis/multiple_testing.hpp"

#include <algorithm>
#include <cmath>

namespace ember {

std::vector<double> benjamini_hochberg(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isnan(p[i])) {
            order.push_back(i);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.begin(), p.end());
    double least = 1;
    for (std::size_t rank = order.size(); rank-- > 0;) {
        const double scaled =
            p[order[rank]] * static_cast<double>(order.size()) / static_cast<double>(rank + 1);
        least = std::min(least, scaled);
        adjusted[order[rank]] = least;
    }
    return adjusted;
}

} // namespace ember
