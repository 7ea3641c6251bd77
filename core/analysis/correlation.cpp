#include "core/analysis/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template<typename T>
double mean_of(std::span<const T> values) {
    double sum = 0;
    for (const T value : values) {
        sum += static_cast<double>(value);
    }
    return sum / static_cast<double>(values.size());
}

template<typename T>
bool constant(std::span<const T> values) {
    return std::all_of(values.begin(), values.end(), [&](T value) { return value == values.front(); });
}

template<typename T>
double pearson_of(std::span<const T> x, std::span<const T> y) {
    if (x.size() != y.size() || x.size() < 2 || constant(x) || constant(y)) {
        return nan; // of a constant, rounding of its mean would make a number
    }
    const double mean_x = mean_of(x), mean_y = mean_of(y);
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = static_cast<double>(x[i]) - mean_x, dy = static_cast<double>(y[i]) - mean_y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    return xx > 0 && yy > 0 ? std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), -1.0, 1.0) : nan;
}

} // namespace

std::vector<double> average_ranks(std::span<const double> values) {
    std::vector<double> ranks(values.size(), nan);
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) {
        return ranks;
    }
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && values[order[end]] == values[order[first]]) {
            ++end;
        }
        const double rank = 0.5 * static_cast<double>(first + end + 1);
        for (; first < end; ++first) {
            ranks[order[first]] = rank;
        }
    }
    return ranks;
}

double pearson(std::span<const double> x, std::span<const double> y) {
    return pearson_of(x, y);
}
double pearson(std::span<const float> x, std::span<const float> y) {
    return pearson_of(x, y);
}

double spearman(std::span<const double> x, std::span<const double> y) {
    const std::vector<double> ranks_x = average_ranks(x), ranks_y = average_ranks(y);
    return pearson(std::span<const double>(ranks_x), std::span<const double>(ranks_y));
}

double spearman(std::span<const float> x, std::span<const float> y) {
    const std::vector<double> wide_x(x.begin(), x.end()), wide_y(y.begin(), y.end());
    return spearman(std::span<const double>(wide_x), std::span<const double>(wide_y));
}

Correlation pearson_test(std::span<const double> x, std::span<const double> y) {
    const double r = pearson(x, y);
    if (x.size() == 2 && !std::isnan(r)) {
        return {r, {1, 0}};
    }
    return {r, correlation_two_sided(r, static_cast<double>(x.size()))};
}

Correlation spearman_test(std::span<const double> x, std::span<const double> y) {
    const double r = spearman(x, y);
    return {r, correlation_two_sided(r, static_cast<double>(x.size()))};
}

} // namespace ember
