#include "core/analysis/kernel_density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ember {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
/// Beyond 9 bandwidths a kernel adds less than 3e-18 of its height.
constexpr double reach = 9;

std::vector<double> sorted_numbers(std::span<const double> values) {
    std::vector<double> numbers;
    numbers.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(numbers),
                 [](double value) { return !std::isnan(value); });
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

double scott_bandwidth(std::span<const double> rising) {
    if (rising.size() < 2 || rising.front() == rising.back())
        return 0;
    const double mean = mean_of(rising), n = static_cast<double>(rising.size());
    double squares = 0;
    for (const double value : rising)
        squares += (value - mean) * (value - mean);
    return std::pow(n, -0.2) * std::sqrt(squares / (n - 1));
}

/// Equal values (often zeros) once, with how many there are.
struct Weighted {
    double value, weight;
};

std::vector<Weighted> distinct(std::span<const double> rising) {
    std::vector<Weighted> result;
    for (const double value : rising) {
        if (result.empty() || result.back().value != value)
            result.push_back({value, 0});
        ++result.back().weight;
    }
    return result;
}

DensityCurve curve_at(std::span<const double> rising, std::vector<double> places) {
    DensityCurve curve;
    curve.bandwidth = scott_bandwidth(rising);
    if (!(curve.bandwidth > 0) || !std::isfinite(curve.bandwidth))
        return curve;
    const std::vector<Weighted> numbers = distinct(rising);
    const double scale =
        1 / (static_cast<double>(rising.size()) * curve.bandwidth * std::sqrt(2 * std::acos(-1.0)));
    for (const double place : places) {
        const auto below = [](const Weighted& number, double value) { return number.value < value; };
        auto number =
            std::lower_bound(numbers.begin(), numbers.end(), place - reach * curve.bandwidth, below);
        double sum = 0;
        for (; number != numbers.end() && number->value <= place + reach * curve.bandwidth; ++number) {
            const double away = (place - number->value) / curve.bandwidth;
            sum += number->weight * std::exp(-0.5 * away * away);
        }
        curve.density.push_back(sum * scale);
    }
    curve.at = std::move(places);
    return curve;
}

} // namespace

double quantile_of_sorted(std::span<const double> rising, double share) {
    if (rising.empty())
        return none;
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(rising.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, rising.size() - 1);
    if (rising[low] == rising[high]) // also infinities
        return rising[low];
    return rising[low] + (place - static_cast<double>(low)) * (rising[high] - rising[low]);
}

FiveNumbers five_numbers(std::span<const double> values) {
    const std::vector<double> rising = sorted_numbers(values);
    FiveNumbers result;
    result.n = rising.size();
    result.missing = values.size() - rising.size();
    result.minimum = rising.empty() ? none : rising.front();
    result.q1 = quantile_of_sorted(rising, 0.25);
    result.median = quantile_of_sorted(rising, 0.5);
    result.q3 = quantile_of_sorted(rising, 0.75);
    result.maximum = rising.empty() ? none : rising.back();
    result.mean = rising.empty() ? none : mean_of(rising);
    return result;
}

DensityCurve density_curve(std::span<const double> values, std::size_t points) {
    const std::vector<double> rising = sorted_numbers(values);
    std::vector<double> places;
    if (!rising.empty() && points > 1) {
        for (std::size_t i = 0; i < points; ++i)
            places.push_back(rising.front() + (rising.back() - rising.front()) * static_cast<double>(i) /
                                                  static_cast<double>(points - 1));
    }
    return curve_at(rising, std::move(places));
}

DensityCurve density_at(std::span<const double> values, std::span<const double> places) {
    return curve_at(sorted_numbers(values), {places.begin(), places.end()});
}

} // namespace ember
