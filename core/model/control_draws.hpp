#pragma once
// numpy's legacy RandomState, as far as arc-state draws with it; the numbers are equal bit for bit.

#include <cstdint>
#include <random>
#include <vector>

namespace ember {

/// `numpy.random.RandomState(seed)`: MT19937, bounded numbers by masked rejection.
class LegacyRandom {
public:
    explicit LegacyRandom(std::uint32_t seed) : generator_(seed) {}

    /// A number in [0, last]. `last == 0` consumes nothing.
    std::uint32_t up_to(std::uint32_t last);

    /// `choice(n, size=count, replace=True)`: positions in [0, n).
    std::vector<std::uint32_t> choose_with_replacement(std::uint32_t n, std::size_t count);

    /// `choice(n, size=count, replace=False)`: the head of a shuffled range; count ≤ n.
    std::vector<std::uint32_t> choose_without_replacement(std::uint32_t n, std::size_t count);

private:
    std::mt19937 generator_;
};

} // namespace ember
