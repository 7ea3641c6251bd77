#pragma once
// The largest eigenvalues of a symmetric operator that is given by its products.

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

/// out [size × columns] = A · in [size × columns], both column by column.
using SymmetricOperator = std::function<void(const double* in, std::int64_t columns, double* out)>;

struct EigenOptions {
    int count = 1;            ///< eigenpairs
    int block = 8;            ///< vectors multiplied at once
    int most_basis = 0;       ///< vectors kept before a restart; 0: chosen
    double tolerance = 1e-10; ///< of the residuals, relative to the largest eigenvalue
    int most_products = 2000; ///< calls of the operator
    std::uint64_t seed = 0;
};

struct Eigenpairs {
    std::vector<double> values;  ///< [count], descending
    std::vector<double> vectors; ///< [count × size], one after the other, of length 1
    double residual = 0;         ///< the largest, relative
    int products = 0;
    bool converged = false;
};

/// Block Lanczos with full reorthogonalisation and thick restarts (Wu & Simon 2000). `size` > count.
Eigenpairs leading_eigenvectors(const SymmetricOperator& apply, std::int64_t size,
                                const EigenOptions& options, JobContext& job);

} // namespace ember
