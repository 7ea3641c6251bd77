#include "core/genes/running_sum.hpp"

namespace ember {

EnrichmentPeak running_sum_peak(std::span<const std::uint32_t> places, std::span<const double> weights) {
    const std::size_t hits = places.size(), genes = weights.size();
    double total = 0;
    for (const std::uint32_t place : places) {
        total += weights[place];
    }
    const bool alike = !(total > 0);
    const double up = alike ? 1.0 / static_cast<double>(hits) : 1.0 / total;
    const double down = hits == genes ? 0.0 : 1.0 / static_cast<double>(genes - hits);
    // The sum is largest just after a gene of the set and smallest just before one.
    double risen = 0, highest = 0, lowest = 0;
    std::size_t high_at = 0, low_at = hits;
    for (std::size_t i = 0; i < hits; ++i) {
        const double fallen = static_cast<double>(places[i] - i) * down;
        if (risen * up - fallen < lowest) {
            lowest = risen * up - fallen;
            low_at = i;
        }
        risen += alike ? 1.0 : weights[places[i]];
        if (risen * up - fallen > highest) {
            highest = risen * up - fallen;
            high_at = i + 1;
        }
    }
    return highest >= -lowest ? EnrichmentPeak{highest, high_at} : EnrichmentPeak{lowest, low_at};
}

} // namespace ember
