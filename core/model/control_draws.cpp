#include "core/model/control_draws.hpp"

#include <bit>
#include <numeric>
#include <utility>

namespace ember {

std::uint32_t LegacyRandom::up_to(std::uint32_t last) {
    if (last == 0) {
        return 0;
    }
    const std::uint32_t mask = ~std::uint32_t{0} >> std::countl_zero(last);
    std::uint32_t value;
    do {
        value = static_cast<std::uint32_t>(generator_()) & mask;
    } while (value > last);
    return value;
}

std::vector<std::uint32_t> LegacyRandom::choose_with_replacement(std::uint32_t n, std::size_t count) {
    std::vector<std::uint32_t> drawn(count);
    for (std::uint32_t& value : drawn) {
        value = up_to(n - 1);
    }
    return drawn;
}

std::vector<std::uint32_t> LegacyRandom::choose_without_replacement(std::uint32_t n, std::size_t count) {
    std::vector<std::uint32_t> range(n);
    std::iota(range.begin(), range.end(), 0u);
    for (std::uint32_t i = n; i-- > 1;) {
        std::swap(range[i], range[up_to(i)]);
    }
    range.resize(count);
    return range;
}

} // namespace ember
