#include "core/experiment/control_reservoir.hpp"

#include <algorithm>

#include "core/experiment/counter_random.hpp"

namespace ember {

void thin_pools(DividedCells& divided, std::uint64_t seed, std::uint64_t most,
                std::vector<std::string>& warnings) {
    constexpr std::uint64_t least = 64, purpose = 201;
    std::uint64_t total = 0, kept = 0;
    for (const auto& pool : divided.pools) {
        total += pool.size();
    }
    if (total <= most) {
        return;
    }
    const double share = static_cast<double>(most) / static_cast<double>(total);
    for (std::size_t p = 0; p < divided.pools.size(); ++p) {
        auto& pool = divided.pools[p];
        const auto wanted = static_cast<std::uint64_t>(static_cast<double>(pool.size()) * share);
        const std::uint64_t count = std::min<std::uint64_t>(pool.size(), std::max(least, wanted));
        CounterRandom random(seed, {purpose, p});
        for (std::uint64_t i = 0; i < count; ++i) {
            std::swap(pool[i], pool[i + random.below(pool.size() - i)]);
        }
        pool.resize(count);
        std::sort(pool.begin(), pool.end());
        kept += count;
    }
    warnings.push_back("Controls are paired from a random part of them that fits in memory: " +
                       std::to_string(kept) + " of " + std::to_string(total));
}

} // namespace ember
