#include "core/embedding/point_distance.hpp"

#include <cmath>
#include <cstring>

namespace ember {

namespace {

using Lanes = float __attribute__((vector_size(32)));
constexpr std::uint64_t width = 8;

Lanes load(const float* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

float total(Lanes lanes) {
    return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

template<bool manhattan>
float order(const float* a, const float* b, std::uint64_t dims) {
    Lanes sums[2] = {};
    std::uint64_t i = 0;
    for (; i + 2 * width <= dims; i += 2 * width) {
        for (std::uint64_t c = 0; c < 2; ++c) {
            const Lanes apart = load(a + i + c * width) - load(b + i + c * width);
            sums[c] += manhattan ? (apart < 0 ? -apart : apart) : apart * apart;
        }
    }
    float rest = 0;
    for (; i < dims; ++i) {
        const float apart = a[i] - b[i];
        rest += manhattan ? std::abs(apart) : apart * apart;
    }
    return total(sums[0] + sums[1]) + rest;
}

} // namespace

float order_of_points(const float* a, const float* b, std::uint64_t dims, bool manhattan) noexcept {
    return manhattan ? order<true>(a, b, dims) : order<false>(a, b, dims);
}

float distance_of_order(float order, Metric metric) noexcept {
    switch (metric) {
    case Metric::euclidean:
        return std::sqrt(order);
    case Metric::cosine:
    case Metric::correlation:
        return order / 2;
    case Metric::manhattan:
        break;
    }
    return order;
}

} // namespace ember
