#include "widgets/point_colors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "widgets/category_palette.hpp"

namespace ember {

QColor PointColors::colorOf(int category) const {
    const auto index = static_cast<std::size_t>(category);
    return index < colors.size() && colors[index].isValid() ? colors[index] : categoryColor(category);
}

PointColors categoryPointColors(const QString& title, const QStringList& names,
                                std::shared_ptr<const std::vector<std::int32_t>> codes,
                                const std::vector<QColor>& fromFile) {
    PointColors colors;
    colors.title = title;
    colors.names = names;
    colors.colors = categoryColors(static_cast<int>(names.size()), fromFile);
    colors.codes = std::move(codes);
    return colors;
}

PointColors valuePointColors(const QString& title, std::shared_ptr<const std::vector<float>> values,
                             ColorMap map) {
    PointColors colors;
    colors.title = title;
    const ValueRange range = valueRange(*values, 1, 99, map == ColorMap::diverging);
    colors.values = std::move(values);
    colors.map = map;
    colors.low = range.low;
    colors.high = range.high;
    return colors;
}

namespace {

/// Low above high when no value is finite.
ValueRange extremes(std::span<const float> values) {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (const float value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    return {low, high};
}

ValueRange percentiles(std::span<const float> values, double lowPercent, double highPercent) {
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](float value) { return std::isfinite(value); });
    const auto percentile = [&finite](double percent) {
        const auto rank = static_cast<std::ptrdiff_t>(
            std::llround(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(finite.size() - 1)));
        std::nth_element(finite.begin(), finite.begin() + rank, finite.end());
        return static_cast<double>(finite[static_cast<std::size_t>(rank)]);
    };
    return {percentile(lowPercent), percentile(highPercent)};
}

} // namespace

ValueRange valueRange(std::span<const float> values, double lowPercent, double highPercent, bool aroundZero) {
    const ValueRange whole = extremes(values);
    if (whole.low > whole.high)
        return {};
    ValueRange range = whole;
    if (lowPercent > 0 || highPercent < 100)
        range = percentiles(values, lowPercent, highPercent);
    if (range.low == range.high) // as with a gene that few cells express
        range = whole;
    if (aroundZero) {
        const double far = std::max(std::fabs(range.low), std::fabs(range.high));
        range = {-far, far};
    }
    if (range.low == range.high) {
        const double half = range.low == 0 ? 0.5 : std::fabs(range.low) / 2;
        range = {range.low - half, range.high + half};
    }
    return range;
}

std::vector<std::uint64_t> categoryCounts(const PointColors& colors) {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(colors.names.size()) + 1);
    if (colors.codes) {
        const std::size_t missing = counts.size() - 1;
        for (const std::int32_t code : *colors.codes)
            ++counts[std::min(static_cast<std::size_t>(static_cast<std::uint32_t>(code)), missing)];
    }
    return counts;
}

namespace {

bool isPermutation(const std::vector<int>& order, std::size_t count) {
    std::vector<std::uint8_t> seen(count);
    for (const int index : order) {
        if (index < 0 || static_cast<std::size_t>(index) >= count || seen[static_cast<std::size_t>(index)]++)
            return false;
    }
    return order.size() == count;
}

} // namespace

std::vector<int> legendOrder(const PointColors& colors, const std::vector<std::uint64_t>& counts) {
    std::vector<int> order(static_cast<std::size_t>(colors.names.size()));
    std::iota(order.begin(), order.end(), 0);
    if (isPermutation(colors.order, order.size()))
        return colors.order;
    constexpr std::size_t many = 30;
    if (order.size() > many) {
        std::stable_sort(order.begin(), order.end(), [&counts](int a, int b) {
            return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
        });
    }
    return order;
}

} // namespace ember
