#include "core/analysis/row_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace ember {

namespace {

// Four lanes at a time in GCC's portable vector types; float lanes are widened to double before they are
// summed.
using Doubles = double __attribute__((vector_size(32)));
using FloatLanes = float __attribute__((vector_size(16)));
using FloatMask = std::int32_t __attribute__((vector_size(16)));
using DoubleMask = std::int64_t __attribute__((vector_size(32)));

template<typename T>
struct Lanes;
template<>
struct Lanes<float> {
    using Vector = FloatLanes;
    using Mask = FloatMask;
};
template<>
struct Lanes<double> {
    using Vector = Doubles;
    using Mask = DoubleMask;
};

constexpr std::size_t width = 4;  ///< lanes of a vector
constexpr std::size_t chains = 4; ///< independent accumulators, enough to hide the adder's latency
constexpr std::size_t stride = width * chains;

template<typename T>
typename Lanes<T>::Vector load(const T* from) {
    typename Lanes<T>::Vector lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

template<typename Vector>
double total(const Vector (&parts)[chains]) {
    const auto all = (parts[0] + parts[1]) + (parts[2] + parts[3]);
    return (static_cast<double>(all[0]) + static_cast<double>(all[1])) +
           (static_cast<double>(all[2]) + static_cast<double>(all[3]));
}

struct FirstPass {
    double sum = 0, power = 0; ///< Σ (x − shift), Σ x²
    double min = 0, max = 0;
    std::uint64_t below = 0;
};

/// Assumes finite values; a power that is not finite tells that they were not.
template<typename T>
FirstPass first_pass(std::span<const T> row, T threshold, double shift) {
    using Vector = typename Lanes<T>::Vector;
    using Mask = typename Lanes<T>::Mask;
    Doubles sum[chains] = {}, power[chains] = {};
    Mask below[chains] = {};
    Vector low[chains], high[chains];
    for (std::size_t c = 0; c < chains; ++c) {
        low[c] = high[c] = Vector{} + row[0];
    }
    const std::size_t whole = row.size() / stride * stride;
    for (std::size_t i = 0; i < whole; i += stride) {
        for (std::size_t c = 0; c < chains; ++c) {
            const Vector x = load(row.data() + i + c * width);
            const Doubles wide = __builtin_convertvector(x, Doubles);
            sum[c] += wide - shift;
            power[c] += wide * wide;
            low[c] = x < low[c] ? x : low[c];
            high[c] = x > high[c] ? x : high[c];
            below[c] -= (x <= threshold) & (x >= -threshold);
        }
    }
    FirstPass result{total(sum), total(power), 0, 0, 0};
    T least = row[0], most = row[0];
    for (std::size_t c = 0; c < chains; ++c) {
        for (std::size_t k = 0; k < width; ++k) {
            least = std::min(least, low[c][k]);
            most = std::max(most, high[c][k]);
            result.below += static_cast<std::uint64_t>(below[c][k]);
        }
    }
    for (std::size_t i = whole; i < row.size(); ++i) {
        const double x = row[i];
        result.sum += x - shift;
        result.power += x * x;
        least = std::min(least, row[i]);
        most = std::max(most, row[i]);
        result.below += row[i] <= threshold && row[i] >= -threshold;
    }
    result.min = least;
    result.max = most;
    return result;
}

/// Σ (x − shift − offset)², the row being in the first-level cache by now.
template<typename T>
double squares_about(std::span<const T> row, double shift, double offset) {
    Doubles squares[chains] = {};
    const std::size_t whole = row.size() / stride * stride;
    for (std::size_t i = 0; i < whole; i += stride) {
        for (std::size_t c = 0; c < chains; ++c) {
            const Doubles x = __builtin_convertvector(load(row.data() + i + c * width), Doubles);
            const Doubles apart = (x - shift) - offset;
            squares[c] += apart * apart;
        }
    }
    double result = total(squares);
    for (std::size_t i = whole; i < row.size(); ++i) {
        const double apart = (row[i] - shift) - offset;
        result += apart * apart;
    }
    return result;
}

/// The row without its non-finite values, in extended precision: rare, so it may be slow.
template<typename T>
RowStatistics measure_careful(std::span<const T> row, T threshold, double shift) {
    RowStatistics result;
    long double sum = 0, power = 0;
    result.min = std::numeric_limits<double>::infinity();
    result.max = -result.min;
    for (const T x : row) {
        if (!std::isfinite(x)) {
            ++result.nonfinite;
            continue;
        }
        ++result.finite;
        sum += static_cast<long double>(x) - shift;
        power += static_cast<long double>(x) * x;
        result.min = std::min(result.min, static_cast<double>(x));
        result.max = std::max(result.max, static_cast<double>(x));
        result.below += std::abs(x) <= threshold;
    }
    const long double offset = result.finite ? sum / static_cast<long double>(result.finite) : 0;
    long double squares = 0;
    for (const T x : row) {
        if (std::isfinite(x)) {
            const long double apart = (static_cast<long double>(x) - shift) - offset;
            squares += apart * apart;
        }
    }
    result.sum = static_cast<double>(sum);
    result.squares = static_cast<double>(squares);
    result.magnitude = static_cast<double>(std::sqrt(power));
    return result;
}

/// The values of a sparse row with repeated columns added up, in column order.
template<typename T>
std::vector<T> summed_values(std::span<const std::uint32_t> indices, std::span<const T> values) {
    std::vector<std::size_t> order(indices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return indices[a] < indices[b]; });
    std::vector<T> summed;
    for (std::size_t k = 0; k < order.size(); ++k) {
        if (k > 0 && indices[order[k]] == indices[order[k - 1]]) {
            summed.back() += values[order[k]];
        } else {
            summed.push_back(values[order[k]]);
        }
    }
    return summed;
}

bool has_repeats(std::span<const std::uint32_t> indices) {
    if (std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end()) {
        return false; // strictly ascending, as nearly every file is
    }
    std::vector<std::uint32_t> sorted(indices.begin(), indices.end());
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

/// Adds `zeros` values of 0 to a row.
void add_zeros(RowStatistics& row, std::uint64_t zeros, double shift) {
    if (zeros == 0) {
        return;
    }
    const auto n = static_cast<double>(row.finite), more = static_cast<double>(zeros);
    const double mean = row.finite ? row.sum / n : -shift;
    const double apart = mean + shift; // from zero
    row.squares += apart * apart * n * more / (n + more);
    row.sum -= shift * more;
    row.min = row.finite ? std::min(row.min, 0.0) : 0.0;
    row.max = row.finite ? std::max(row.max, 0.0) : 0.0;
    row.below += zeros;
    row.finite += zeros;
}

} // namespace

template<typename T>
RowStatistics measure_dense_row(std::span<const T> row, T threshold, double shift) {
    if (row.empty()) {
        return {};
    }
    const FirstPass first = first_pass(row, threshold, shift);
    if (!std::isfinite(first.power)) {
        return measure_careful(row, threshold, shift);
    }
    const double offset = first.sum / static_cast<double>(row.size());
    return {row.size(), 0,         first.below,           first.sum, squares_about(row, shift, offset),
            first.min,  first.max, std::sqrt(first.power)};
}

template<typename T>
RowStatistics measure_sparse_row(std::span<const std::uint32_t> indices, std::span<const T> values,
                                 std::uint64_t cols, T threshold, double shift) {
    std::vector<T> summed;
    std::span<const T> stored = values;
    if (has_repeats(indices)) {
        summed = summed_values(indices, values);
        stored = summed;
    }
    RowStatistics result = measure_dense_row(stored, threshold, shift);
    add_zeros(result, cols - std::min<std::uint64_t>(cols, stored.size()), shift);
    return result;
}

template<typename T>
double middle_of(std::span<const T> row) {
    std::vector<T> finite;
    std::copy_if(row.begin(), row.end(), std::back_inserter(finite), [](T x) { return std::isfinite(x); });
    if (finite.empty()) {
        return 0;
    }
    const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
    std::nth_element(finite.begin(), middle, finite.end());
    return *middle;
}

template RowStatistics measure_dense_row(std::span<const float>, float, double);
template RowStatistics measure_dense_row(std::span<const double>, double, double);
template RowStatistics measure_sparse_row(std::span<const std::uint32_t>, std::span<const float>,
                                          std::uint64_t, float, double);
template RowStatistics measure_sparse_row(std::span<const std::uint32_t>, std::span<const double>,
                                          std::uint64_t, double, double);
template double middle_of(std::span<const float>);
template double middle_of(std::span<const double>);

} // namespace ember
