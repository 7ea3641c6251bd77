#include "core/evaluation/kernel_discrepancy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <tbb/parallel_for.h>

namespace ember {

namespace {

/// Mean of `kernel(d²)`, in an order that the thread count does not change.
template<typename Kernel>
double mean_kernel(std::span<const float> squared, const Kernel& kernel) {
    constexpr std::size_t block = 1 << 14;
    std::vector<double> sums((squared.size() + block - 1) / block, 0);
    tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t b) {
        const std::size_t end = std::min(squared.size(), (b + 1) * block);
        for (std::size_t i = b * block; i < end; ++i) {
            sums[b] += kernel(static_cast<double>(squared[i]));
        }
    });
    double sum = 0;
    for (const double part : sums) {
        sum += part;
    }
    return sum / static_cast<double>(squared.size());
}

template<typename Kernel>
double discrepancy(const PairDistances& squared, const Kernel& kernel) {
    const double value = mean_kernel(squared.xx, kernel) + mean_kernel(squared.yy, kernel) -
                         2 * mean_kernel(squared.xy, kernel);
    return std::max(0.0, value); // below only by rounding
}

double square(double value) {
    return value * value;
}

} // namespace

double median_distance(const PairDistances& squared) {
    std::vector<float> pairs(squared.xy.begin(), squared.xy.end());
    for (const std::span<const float> within : {squared.xx, squared.yy}) {
        const auto n = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(within.size()))));
        for (std::size_t i = 0; i < n; ++i) {
            pairs.insert(pairs.end(), within.begin() + static_cast<std::ptrdiff_t>(i * n + i + 1),
                         within.begin() + static_cast<std::ptrdiff_t>((i + 1) * n));
        }
    }
    if (pairs.empty()) {
        return 0;
    }
    const auto middle = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
    std::nth_element(pairs.begin(), middle, pairs.end());
    const double upper = std::sqrt(static_cast<double>(*middle));
    if (pairs.size() % 2 == 1) {
        return upper;
    }
    return (upper + std::sqrt(static_cast<double>(*std::max_element(pairs.begin(), middle)))) / 2;
}

double mmd2(const PairDistances& squared, double gamma) {
    return discrepancy(squared, [gamma](double d) { return std::exp(-gamma * d); });
}

double mmd2_cellot(const PairDistances& squared) {
    return discrepancy(squared, [](double d) { // each kernel is a power of the widest
        const double k005 = std::exp(-0.005 * d), k01 = square(k005);
        const double k1 = square(square(square(k01))) * square(k01);
        const double k5 = square(square(k1)) * k1, one = square(k5), two = square(one);
        return (two + one + k5 + k1 + k01 + k005) / 6;
    });
}

double mmd2_median(const PairDistances& squared) {
    const double median = median_distance(squared);
    if (median <= 0) {
        return 0;
    }
    const double widest = 1 / (2 * square(4 * median));
    return discrepancy(squared, [widest](double d) {
        const double f4 = std::exp(-widest * d), f2 = square(square(f4)), f1 = square(square(f2)),
                     half = square(square(f1)), quarter = square(square(half));
        return (f4 + f2 + f1 + half + quarter) / 5;
    });
}

} // namespace ember
