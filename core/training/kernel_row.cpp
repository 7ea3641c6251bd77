#include "core/training/kernel_row.hpp"

#include <cmath>

namespace ember {

namespace {

constexpr double least_square = 1e-8;

/// Without branches: this loop is most of the time beside the products.
template<typename T>
double energy_row(T own, const T* __restrict others, std::int64_t width, T per_pair, T* __restrict products) {
    constexpr int lanes = 8;
    constexpr auto least = static_cast<T>(least_square);
    double partial[lanes] = {}, total = 0;
    const auto one = [&](std::int64_t j) {
        const T square = own - T(2) * products[j] + others[j];
        const T length = std::sqrt(square >= least ? square : least);
        const T slope = -per_pair / length;
        products[j] = square >= least ? slope : T(0);
        // A distance that is not a number stays so.
        return square == square ? length : square;
    };
    std::int64_t j = 0;
    for (; j + lanes <= width; j += lanes) {
        for (int lane = 0; lane < lanes; ++lane) {
            partial[lane] += static_cast<double>(one(j + lane));
        }
    }
    for (; j < width; ++j) {
        total += static_cast<double>(one(j));
    }
    for (const double part : partial) {
        total += part;
    }
    return -total;
}

template<typename T>
double gaussian_row(double blur, T own, const T* others, std::int64_t width, T per_pair, T* products) {
    const auto scale = static_cast<T>(1 / (blur * blur));
    double total = 0;
    for (std::int64_t j = 0; j < width; ++j) {
        const T value = std::exp((own - T(2) * products[j] + others[j]) * scale * T(-0.5));
        products[j] = -value * scale * per_pair;
        total += static_cast<double>(value);
    }
    return total;
}

template<typename T>
double laplacian_row(double blur, T own, const T* others, std::int64_t width, T per_pair, T* products) {
    const auto scale = static_cast<T>(1 / (blur * blur)), least = static_cast<T>(least_square);
    double total = 0;
    for (std::int64_t j = 0; j < width; ++j) {
        const T square = (own - T(2) * products[j] + others[j]) * scale;
        const T length = std::sqrt(square < least ? least : square), value = std::exp(-length);
        products[j] = square < least ? T(0) : -value * scale / length * per_pair;
        total += static_cast<double>(value);
    }
    return total;
}

} // namespace

template<typename T>
double kernel_row(const PairwiseKernel& kernel, T own, const T* others, std::int64_t width, T per_pair,
                  T* products) {
    switch (kernel.distance) {
    case KernelDistance::energy:
        return energy_row(own, others, width, per_pair, products);
    case KernelDistance::gaussian:
        return gaussian_row(kernel.blur, own, others, width, per_pair, products);
    case KernelDistance::laplacian:
        break;
    }
    return laplacian_row(kernel.blur, own, others, width, per_pair, products);
}

template double kernel_row<float>(const PairwiseKernel&, float, const float*, std::int64_t, float, float*);
template double kernel_row<double>(const PairwiseKernel&, double, const double*, std::int64_t, double,
                                   double*);

} // namespace ember
