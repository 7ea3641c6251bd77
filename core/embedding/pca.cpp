#include "core/embedding/pca.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <tbb/parallel_for.h>

#include "core/base/error.hpp"
#include "core/base/matmul.hpp"
#include "core/embedding/finite_rows.hpp"
#include "core/embedding/gram.hpp"
#include "core/embedding/leading_eigenvectors.hpp"
#include "core/embedding/symmetric_product.hpp"
#include "core/embedding/transposed_product.hpp"

namespace ember {

namespace {

constexpr std::uint64_t most_covariance_genes = 5000;
constexpr double covariance_tolerance = 1e-9;
constexpr double product_tolerance = 1e-6; ///< what float32 products can give

/// The largest |entry| of each component becomes positive.
void fix_sign(double* component, std::uint64_t genes) {
    const double* largest = std::max_element(component, component + genes,
                                             [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0) {
        std::transform(component, component + genes, component, std::negate<>());
    }
}

class Pca {
public:
    Pca(const Matrix& matrix, const PcaOptions& options, JobContext& job)
        : matrix_(matrix), options_(options), job_(job), genes_(matrix.cols()), rows_(genes_), sum_(genes_) {
        result_.cells = matrix.rows();
        result_.genes = genes_;
        result_.count = options.components;
        check_components(result_.cells, genes_, options);
    }

    PcaResult run() {
        keep(genes_ <= most_covariance_genes ? from_covariance() : from_products());
        score();
        return std::move(result_);
    }

private:
    /// Visits all finite rows in parts; `rows_` holds the part.
    void for_each_part(const std::string& phase, const std::function<void()>& visit) {
        job_.begin(phase, matrix_.rows(), "cells");
        matrix_.for_each_block(
            [&](const RowBlock<float>& block) {
                for (std::uint64_t first = 0; first < block.rows; first += rows_.most_rows()) {
                    job_.check_cancelled();
                    rows_.load(block, first, std::min(rows_.most_rows(), block.rows - first));
                    visit();
                    job_.advance_to(block.first_row + std::min(block.rows, first + rows_.most_rows()));
                }
            },
            job_);
    }

    /// Sums about a shift, the mean of the first rows, so that little is lost when the means are taken off.
    void measure_part() {
        if (finite_ == 0 && options_.center && !rows_.rows().empty()) {
            rows_.set_shift(rows_.column_means());
            rows_.subtract_shift();
        }
        rows_.add_sums(sum_, squares_);
        finite_ += rows_.rows().size();
        result_.left_out.insert(result_.left_out.end(), rows_.left_out().begin(), rows_.left_out().end());
    }

    void check_rows() const {
        if (finite_ < 2) {
            throw Error("NoPoints", "Fewer than 2 cells have finite values only",
                        {"", matrix_.info().name, {}}, "Choose another matrix, or mend its values");
        }
        if (static_cast<std::uint64_t>(options_.components) > finite_) {
            throw UsageError("Only " + std::to_string(finite_) +
                                 " cells have finite values: there cannot be " +
                                 std::to_string(options_.components) + " components",
                             "Choose fewer components");
        }
    }

    /// Of the shifted values.
    double mean_of(std::uint64_t gene) const {
        return options_.center ? sum_[gene] / static_cast<double>(finite_) : 0.0;
    }

    double total_variance() const {
        double total = squares_;
        for (std::uint64_t gene = 0; gene < genes_; ++gene) {
            total -= mean_of(gene) * mean_of(gene) * static_cast<double>(finite_);
        }
        return std::max(total, 0.0) / static_cast<double>(finite_ - 1);
    }

    Eigenpairs from_covariance() {
        Gram gram(genes_);
        for_each_part("Measuring the covariance", [&] {
            measure_part();
            gram.add(rows_.values(), rows_.rows().size());
        });
        check_rows();
        std::vector<double> covariance = gram.finish();
        const auto n = static_cast<double>(finite_);
        for (std::uint64_t i = 0; i < genes_; ++i) {
            for (std::uint64_t j = 0; j < genes_; ++j) {
                double& entry = covariance[i * genes_ + j];
                entry = (entry - mean_of(i) * mean_of(j) * n) / (n - 1);
            }
        }
        job_.begin("Finding the components", 0, "");
        const auto size = static_cast<std::int64_t>(genes_);
        return leading([&](const double* in, std::int64_t columns,
                           double* out) { multiply_columns(covariance.data(), size, in, columns, out); },
                       covariance_tolerance);
    }

    Eigenpairs from_products() {
        for_each_part("Measuring the genes", [&] { measure_part(); });
        check_rows();
        return leading([&](const double* in, std::int64_t columns, double* out) { stream(in, columns, out); },
                       product_tolerance);
    }

    /// out = Xcᵀ (Xc · in) / (n − 1) in one pass over the matrix.
    void stream(const double* in, std::int64_t columns, double* out) {
        const auto wide = static_cast<std::uint64_t>(columns);
        std::vector<float> right(genes_ * wide), product, back;
        std::vector<double> offset(wide), sums(wide);
        for (std::uint64_t c = 0; c < wide; ++c) {
            for (std::uint64_t gene = 0; gene < genes_; ++gene) {
                right[gene * wide + c] = static_cast<float>(in[c * genes_ + gene]);
                offset[c] += mean_of(gene) * in[c * genes_ + gene];
            }
        }
        std::fill_n(out, genes_ * wide, 0.0);
        for_each_part("Finding the components", [&] {
            const auto count = static_cast<std::int64_t>(rows_.rows().size());
            product.resize(rows_.rows().size() * wide);
            matmul(count, columns, static_cast<std::int64_t>(genes_), rows_.values(), right.data(),
                   product.data());
            for (std::size_t i = 0; i < product.size(); ++i) {
                product[i] -= static_cast<float>(offset[i % wide]);
                sums[i % wide] += product[i];
            }
            add_back(product, columns, back, out);
        });
        for (std::uint64_t c = 0; c < wide; ++c) {
            for (std::uint64_t gene = 0; gene < genes_; ++gene) {
                double& entry = out[c * genes_ + gene];
                entry = (entry - mean_of(gene) * sums[c]) / static_cast<double>(finite_ - 1);
            }
        }
    }

    /// out += rowsᵀ · product
    void add_back(const std::vector<float>& product, std::int64_t columns, std::vector<float>& back,
                  double* out) {
        constexpr std::uint64_t part = 512;
        const auto wide = static_cast<std::uint64_t>(columns);
        back.resize(genes_ * wide);
        tbb::parallel_for(std::uint64_t{0}, (genes_ + part - 1) / part, [&](std::uint64_t i) {
            const std::uint64_t first = i * part, count = std::min(part, genes_ - first);
            transposed_product(
                static_cast<std::int64_t>(rows_.rows().size()),
                {rows_.values() + first, static_cast<std::int64_t>(genes_), static_cast<std::int64_t>(count)},
                {product.data(), columns, columns}, back.data() + first * wide);
            for (std::uint64_t gene = first; gene < first + count; ++gene) {
                for (std::uint64_t c = 0; c < wide; ++c) {
                    out[c * genes_ + gene] += back[gene * wide + c];
                }
            }
        });
    }

    Eigenpairs leading(const SymmetricOperator& apply, double tolerance) {
        EigenOptions eigen;
        eigen.count = options_.components;
        eigen.block = std::clamp(options_.components / 6, 4, 8);
        eigen.most_basis = 4 * options_.components;
        eigen.tolerance = tolerance;
        eigen.seed = options_.seed;
        return leading_eigenvectors(apply, static_cast<std::int64_t>(genes_), eigen, job_);
    }

    void keep(Eigenpairs pairs) {
        const double total = total_variance();
        for (std::uint64_t c = 0; c < static_cast<std::uint64_t>(result_.count); ++c) {
            fix_sign(pairs.vectors.data() + c * genes_, genes_);
            result_.variance.push_back(std::max(pairs.values[c], 0.0));
            result_.variance_ratio.push_back(total > 0 ? result_.variance.back() / total : 0.0);
        }
        result_.components.assign(pairs.vectors.begin(), pairs.vectors.end());
        result_.mean.resize(genes_);
        for (std::uint64_t gene = 0; gene < genes_; ++gene) {
            result_.mean[gene] = rows_.shift()[gene] + static_cast<float>(mean_of(gene));
        }
    }

    void score() {
        const auto wide = static_cast<std::uint64_t>(result_.count);
        std::vector<float> right(genes_ * wide), product;
        std::vector<double> offset(wide);
        for (std::uint64_t c = 0; c < wide; ++c) {
            for (std::uint64_t gene = 0; gene < genes_; ++gene) {
                right[gene * wide + c] = result_.components[c * genes_ + gene];
                offset[c] += mean_of(gene) * result_.components[c * genes_ + gene];
            }
        }
        result_.scores.assign(result_.cells * wide, std::numeric_limits<float>::quiet_NaN());
        for_each_part("Placing the cells", [&] {
            const std::vector<std::uint64_t>& rows = rows_.rows();
            product.resize(rows.size() * wide);
            matmul(static_cast<std::int64_t>(rows.size()), result_.count, static_cast<std::int64_t>(genes_),
                   rows_.values(), right.data(), product.data());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                for (std::uint64_t c = 0; c < wide; ++c) {
                    result_.scores[rows[i] * wide + c] =
                        product[i * wide + c] - static_cast<float>(offset[c]);
                }
            }
        });
    }

    const Matrix& matrix_;
    const PcaOptions& options_;
    JobContext& job_;
    std::uint64_t genes_, finite_ = 0;
    FiniteRows rows_;
    std::vector<double> sum_; ///< of each gene over the finite rows, shifted
    double squares_ = 0;      ///< of all shifted values
    PcaResult result_;
};

} // namespace

void check_components(std::uint64_t cells, std::uint64_t genes, const PcaOptions& options) {
    const std::uint64_t most = std::min(cells, genes);
    if (options.components < 1 || static_cast<std::uint64_t>(options.components) > most) {
        throw UsageError("There can be 1 to " + std::to_string(most) + " components of " +
                             std::to_string(cells) + " cells × " + std::to_string(genes) + " genes, not " +
                             std::to_string(options.components),
                         "Choose another number of components");
    }
}

PcaResult pca(const Matrix& matrix, const PcaOptions& options, JobContext& job) {
    return Pca(matrix, options, job).run();
}

} // namespace ember
