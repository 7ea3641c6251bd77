#include "core/analysis/energy_distance.hpp"

#include <array>
#include <cmath>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Independent sums let the compiler use vector registers without reordering what is written here.
template<typename T>
double distance(const T* a, const T* b, std::size_t dims) {
    constexpr std::size_t lanes = 16;
    std::array<double, lanes> sums{};
    std::size_t at = 0;
    for (; at + lanes <= dims; at += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double difference = static_cast<double>(a[at + lane]) - static_cast<double>(b[at + lane]);
            sums[lane] += difference * difference;
        }
    }
    double sum = 0;
    for (; at < dims; ++at) {
        const double difference = static_cast<double>(a[at]) - static_cast<double>(b[at]);
        sum += difference * difference;
    }
    for (const double part : sums) {
        sum += part;
    }
    return std::sqrt(sum);
}

template<typename T>
double mean_distance(std::span<const T> x, std::span<const T> y, std::size_t dims, JobContext& job) {
    const std::size_t rows_x = x.size() / dims, rows_y = y.size() / dims;
    std::vector<double> sums(rows_x, 0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, rows_x, 8), [&](const auto& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
            job.check_cancelled();
            for (std::size_t j = 0; j < rows_y; ++j) {
                sums[i] += distance(&x[i * dims], &y[j * dims], dims);
            }
        }
    });
    double sum = 0;
    for (const double row : sums) {
        sum += row;
    }
    return sum / (static_cast<double>(rows_x) * static_cast<double>(rows_y));
}

template<typename T>
EnergyDistance compute(std::span<const T> x, std::span<const T> y, std::uint64_t dims, JobContext& job) {
    if (dims == 0 || x.empty() || y.empty() || x.size() % dims != 0 || y.size() % dims != 0) {
        throw UsageError("An energy distance needs two sets of cells with the same number of columns");
    }
    return {mean_distance(x, y, dims, job), mean_distance(x, x, dims, job), mean_distance(y, y, dims, job)};
}

} // namespace

EnergyDistance energy_distance(std::span<const float> x, std::span<const float> y, std::uint64_t dims,
                               JobContext& job) {
    return compute(x, y, dims, job);
}

EnergyDistance energy_distance(std::span<const double> x, std::span<const double> y, std::uint64_t dims,
                               JobContext& job) {
    return compute(x, y, dims, job);
}

double row_distance(std::span<const float> a, std::span<const float> b) {
    return distance(a.data(), b.data(), a.size());
}

double row_distance(std::span<const double> a, std::span<const double> b) {
    return distance(a.data(), b.data(), a.size());
}

std::vector<float> distances_among(std::span<const float> values, std::uint64_t dims,
                                   std::span<const std::uint32_t> rows, JobContext& job) {
    const std::size_t count = rows.size();
    std::vector<float> distances(count * count, 0);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 8), [&](const auto& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
            job.check_cancelled();
            for (std::size_t j = 0; j < i; ++j) {
                const double d = distance(&values[rows[i] * dims], &values[rows[j] * dims], dims);
                distances[i * count + j] = distances[j * count + i] = static_cast<float>(d);
            }
        }
    });
    return distances;
}

} // namespace ember
