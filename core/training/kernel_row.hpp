#pragma once
// Kernels of squared distances, row by row. Knows no LibTorch, so that it compiles with loop optimisations
// alone.

#include <cstdint>

#include "core/experiment/train_settings.hpp"

namespace ember {

struct PairwiseKernel {
    KernelDistance distance = KernelDistance::energy;
    double blur = 1;
};

/// Turns one row's products x·y_j into slopes in place: the gradient of k(x, y_j) / pairs with respect to x
/// is slope_j (x − y_j), zero where the distance is clamped. `own` is |x|², `others` [width] are |y_j|².
/// Returns Σ_j k(x, y_j).
template<typename T>
double kernel_row(const PairwiseKernel& kernel, T own, const T* others, std::int64_t width, T per_pair,
                  T* products);

} // namespace ember
