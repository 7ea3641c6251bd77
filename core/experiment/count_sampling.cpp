#include "core/experiment/count_sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace ember {

namespace {

/// CounterRandom as the standard library's generators are called.
struct Generator {
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    result_type operator()() { return random.next(); }
    CounterRandom random;
};

std::int64_t count_of(float value) {
    return std::max<std::int64_t>(0, std::llrint(std::expm1(static_cast<double>(value))));
}

} // namespace

void sample_counts(std::span<float> row, double share, CounterRandom random) {
    double kept = share;
    if (share >= 1) {
        double total = 0;
        for (const float value : row) {
            total += static_cast<double>(count_of(value));
        }
        kept = total > 0 ? std::min(1.0, share / total) : 1;
    }
    Generator generator{random};
    for (float& value : row) {
        const std::int64_t count = count_of(value);
        const std::int64_t drawn =
            count == 0 ? 0 : std::binomial_distribution<std::int64_t>(count, kept)(generator);
        value = static_cast<float>(std::log1p(static_cast<double>(drawn)));
    }
}

} // namespace ember
