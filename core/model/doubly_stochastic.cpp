#include "core/model/doubly_stochastic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ember {

namespace {

constexpr double largest_plain_logit = 30;

using Numbers = std::vector<double>;

/// One matrix on its way: always exp(logits) scaled by a factor per row and one per column. Factors are
/// logarithms in the logarithmic form.
class Scaling {
public:
    template<typename T>
    Scaling(const SinkhornKnopp& method, std::int64_t n, const T* logits)
        : method_(method), n_(static_cast<std::size_t>(n)), start_(logits, logits + n * n) {
        logarithmic_ = std::any_of(start_.begin(), start_.end(),
                                   [](double value) { return !(std::abs(value) <= largest_plain_logit); });
        if (!logarithmic_) {
            for (double& value : start_) {
                value = std::exp(value);
            }
        }
        rows_.assign(n_, logarithmic_ ? 0 : 1);
        columns_ = rows_;
    }

    bool by_rows(std::int64_t half_step) const { return (half_step % 2 == 0) == method_.rows_first; }

    void step(std::int64_t half_step) {
        Numbers& factors = by_rows(half_step) ? rows_ : columns_;
        const Numbers sums = this->sums(by_rows(half_step));
        for (std::size_t i = 0; i < n_; ++i) {
            factors[i] = logarithmic_ ? factors[i] - sums[i] : factors[i] / sums[i];
        }
    }

    double at(std::size_t row, std::size_t column) const {
        const double value = start_[row * n_ + column];
        return logarithmic_ ? std::exp(value + rows_[row] + columns_[column])
                            : value * rows_[row] * columns_[column];
    }

    Numbers rows_, columns_;

private:
    Numbers sums(bool of_rows) const {
        return logarithmic_ ? logarithmic_sums(of_rows) : plain_sums(of_rows);
    }

    Numbers plain_sums(bool of_rows) const {
        Numbers sums(n_);
        for (std::size_t row = 0; row < n_; ++row) {
            const double* const values = start_.data() + row * n_;
            double sum = 0;
            for (std::size_t column = 0; column < n_; ++column) {
                const double value = values[column] * rows_[row] * columns_[column];
                sum += value;
                sums[column] += of_rows ? 0 : value;
            }
            if (of_rows) {
                sums[row] = sum;
            }
        }
        return sums;
    }

    Numbers logarithmic_sums(bool of_rows) const {
        Numbers largest(n_, -std::numeric_limits<double>::infinity()), sums(n_);
        const auto value = [&](std::size_t row, std::size_t column) {
            return start_[row * n_ + column] + rows_[row] + columns_[column];
        };
        for (std::size_t row = 0; row < n_; ++row) {
            for (std::size_t column = 0; column < n_; ++column) {
                double& most = largest[of_rows ? row : column];
                most = std::max(most, value(row, column));
            }
        }
        for (std::size_t row = 0; row < n_; ++row) {
            for (std::size_t column = 0; column < n_; ++column) {
                const std::size_t line = of_rows ? row : column;
                sums[line] += std::exp(value(row, column) - largest[line]);
            }
        }
        for (std::size_t line = 0; line < n_; ++line) {
            sums[line] = largest[line] + std::log(sums[line]);
        }
        return sums;
    }

    SinkhornKnopp method_;
    std::size_t n_;
    Numbers start_;
    bool logarithmic_ = false;
};

/// With g the gradient of the logarithm of a half-step's result M', that of the logarithm before is
/// g − M' · (sum of g over the scaled line).
void step_back(const Scaling& scaling, std::int64_t half_step, std::size_t n, Numbers& gradient) {
    const bool of_rows = scaling.by_rows(half_step);
    Numbers sums(n);
    for (std::size_t row = 0; row < n; ++row) {
        for (std::size_t column = 0; column < n; ++column) {
            sums[of_rows ? row : column] += gradient[row * n + column];
        }
    }
    for (std::size_t row = 0; row < n; ++row) {
        for (std::size_t column = 0; column < n; ++column) {
            gradient[row * n + column] -= scaling.at(row, column) * sums[of_rows ? row : column];
        }
    }
}

} // namespace

template<typename T>
void scale_matrix(const SinkhornKnopp& method, std::int64_t n, const T* logits, T* out) {
    Scaling scaling(method, n, logits);
    for (std::int64_t half_step = 0; half_step < 2 * method.iterations; ++half_step) {
        scaling.step(half_step);
    }
    const auto width = static_cast<std::size_t>(n);
    for (std::size_t row = 0; row < width; ++row) {
        for (std::size_t column = 0; column < width; ++column) {
            out[row * width + column] = static_cast<T>(scaling.at(row, column));
        }
    }
}

template<typename T>
void scale_matrix_backward(const SinkhornKnopp& method, std::int64_t n, const T* logits, const T* gradient,
                           T* out) {
    Scaling scaling(method, n, logits);
    std::vector<Numbers> rows, columns; // factors after each half-step
    for (std::int64_t half_step = 0; half_step < 2 * method.iterations; ++half_step) {
        scaling.step(half_step);
        rows.push_back(scaling.rows_);
        columns.push_back(scaling.columns_);
    }
    const auto width = static_cast<std::size_t>(n);
    Numbers g(width * width);
    for (std::size_t row = 0; row < width; ++row) {
        for (std::size_t column = 0; column < width; ++column) {
            const std::size_t i = row * width + column;
            g[i] = static_cast<double>(gradient[i]) * scaling.at(row, column);
        }
    }
    for (std::int64_t half_step = 2 * method.iterations - 1; half_step >= 0; --half_step) {
        scaling.rows_ = rows[static_cast<std::size_t>(half_step)];
        scaling.columns_ = columns[static_cast<std::size_t>(half_step)];
        step_back(scaling, half_step, width, g);
    }
    std::transform(g.begin(), g.end(), out, [](double value) { return static_cast<T>(value); });
}

template void scale_matrix<float>(const SinkhornKnopp&, std::int64_t, const float*, float*);
template void scale_matrix<double>(const SinkhornKnopp&, std::int64_t, const double*, double*);
template void scale_matrix_backward<float>(const SinkhornKnopp&, std::int64_t, const float*, const float*,
                                           float*);
template void scale_matrix_backward<double>(const SinkhornKnopp&, std::int64_t, const double*, const double*,
                                            double*);

} // namespace ember
