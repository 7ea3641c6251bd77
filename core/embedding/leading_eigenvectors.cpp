#include "core/embedding/leading_eigenvectors.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <Eigen/Dense>
#include <tbb/parallel_for.h>

namespace ember {

namespace {

using Columns = Eigen::MatrixXd;
using Eigen::Index;

constexpr Index chunk_rows = 2048; ///< of tall matrices, one task each

/// Aᵀ B of tall matrices, summed in a fixed order.
Columns inner(const Eigen::Ref<const Columns>& a, const Eigen::Ref<const Columns>& b) {
    const Index chunks = (a.rows() + chunk_rows - 1) / chunk_rows;
    std::vector<Columns> parts(static_cast<std::size_t>(chunks));
    tbb::parallel_for(Index{0}, chunks, [&](Index i) {
        const Index first = i * chunk_rows, rows = std::min(chunk_rows, a.rows() - first);
        parts[static_cast<std::size_t>(i)].noalias() =
            a.middleRows(first, rows).transpose() * b.middleRows(first, rows);
    });
    Columns sum = Columns::Zero(a.cols(), b.cols());
    for (const Columns& part : parts) {
        sum += part;
    }
    return sum;
}

/// out = a · small, or out −= a · small.
template<bool subtract>
void combine(const Eigen::Ref<const Columns>& a, const Columns& small, Eigen::Ref<Columns> out) {
    const Index chunks = (a.rows() + chunk_rows - 1) / chunk_rows;
    tbb::parallel_for(Index{0}, chunks, [&](Index i) {
        const Index first = i * chunk_rows, rows = std::min(chunk_rows, a.rows() - first);
        if constexpr (subtract) {
            out.middleRows(first, rows).noalias() -= a.middleRows(first, rows) * small;
        } else {
            out.middleRows(first, rows).noalias() = a.middleRows(first, rows) * small;
        }
    });
}

class BlockLanczos {
public:
    BlockLanczos(const SymmetricOperator& apply, Index size, const EigenOptions& options)
        : apply_(apply),
          size_(size),
          count_(options.count),
          block_(std::min<Index>(options.block, size)),
          options_(options),
          random_(options.seed) {
        const Index wanted = options.most_basis > 0
                                 ? options.most_basis
                                 : std::max<Index>(2 * count_ + 4 * block_, count_ + 8 * block_);
        most_ = std::min(size_, std::max(wanted, count_ + 2 * block_));
        basis_.resize(size_, most_);
        images_.resize(size_, most_);
    }

    Eigenpairs run(JobContext& job) {
        Columns next = random_columns(block_);
        Index orthogonal = orthonormalise(next, 0);
        for (;;) {
            job.check_cancelled();
            const Index fresh = std::min(orthogonal, most_ - used_);
            expand(next.leftCols(fresh));
            const bool full = used_ + block_ > most_ && most_ < size_;
            if (used_ >= std::min<Index>(size_, count_ + 1) && (full || used_ == size_)) {
                solve();
                if (residual_ <= options_.tolerance || used_ == size_ ||
                    products_ >= options_.most_products) {
                    break;
                }
                if (full) {
                    restart();
                    next = next_after_restart_;
                    orthogonal = orthonormalise(next, used_);
                    continue;
                }
            }
            next = images_.middleCols(used_ - fresh, fresh);
            orthogonal = orthonormalise(next, used_);
        }
        return result();
    }

private:
    Columns random_columns(Index columns) {
        std::normal_distribution<double> normal;
        return Columns::NullaryExpr(size_, columns, [&] { return normal(random_); });
    }

    /// Makes the columns orthonormal to the first `used` of the basis and to each other; replaces those that
    /// vanish by random ones. Returns how many there are.
    Index orthonormalise(Columns& columns, Index used) {
        const Index room = std::min(columns.cols(), size_ - used);
        columns.conservativeResize(Eigen::NoChange, room);
        project(columns, used);
        project(columns, used);
        for (Index j = 0; j < room; ++j) {
            for (int attempt = 0; attempt < 4; ++attempt) {
                const double before = columns.col(j).norm();
                Columns column = columns.col(j);
                for (int pass = 0; pass < 2; ++pass) {
                    if (attempt > 0) {
                        project(column, used);
                    }
                    column -= columns.leftCols(j) * (columns.leftCols(j).transpose() * column);
                }
                const double after = column.norm();
                if (after > 1e-8 * before && after > 1e-200) {
                    columns.col(j) = column / after;
                    break;
                }
                columns.col(j) = random_columns(1);
            }
        }
        return room;
    }

    void project(Columns& columns, Index used) {
        if (used > 0) {
            const Columns overlap = inner(basis_.leftCols(used), columns);
            combine<true>(basis_.leftCols(used), overlap, columns);
        }
    }

    void expand(const Eigen::Ref<const Columns>& next) {
        basis_.middleCols(used_, next.cols()) = next;
        apply_(basis_.col(used_).data(), next.cols(), images_.col(used_).data());
        used_ += next.cols();
        ++products_;
    }

    /// Rayleigh and Ritz: the best that the basis holds.
    void solve() {
        Columns small = inner(basis_.leftCols(used_), images_.leftCols(used_));
        small = (small + small.transpose().eval()) / 2;
        const Eigen::SelfAdjointEigenSolver<Columns> solver(small);
        values_ = solver.eigenvalues().reverse();
        rotation_ = solver.eigenvectors().rowwise().reverse();
        const Columns rotation = rotation_.leftCols(count_);
        Columns difference(size_, count_);
        combine<false>(images_.leftCols(used_), rotation, difference);
        combine<true>(basis_.leftCols(used_), rotation * values_.head(count_).asDiagonal(), difference);
        residual_ = difference.colwise().norm().maxCoeff() /
                    std::max(values_.head(count_).cwiseAbs().maxCoeff(), 1e-300);
    }

    /// Keeps the best vectors, and goes on in the direction in which the space would have grown.
    void restart() {
        const Index keep = std::min(most_ - 2 * block_, count_ + std::max<Index>(block_, count_ / 2));
        next_after_restart_ = images_.middleCols(used_ - block_, block_);
        const Columns rotation = rotation_.leftCols(keep);
        project(next_after_restart_, used_);
        Columns kept(size_, keep);
        combine<false>(basis_.leftCols(used_), rotation, kept);
        basis_.leftCols(keep) = kept;
        combine<false>(images_.leftCols(used_), rotation, kept);
        images_.leftCols(keep) = kept;
        used_ = keep;
    }

    Eigenpairs result() {
        Eigenpairs pairs;
        const Columns rotation = rotation_.leftCols(count_);
        pairs.vectors.resize(static_cast<std::size_t>(size_ * count_));
        Eigen::Map<Columns> vectors(pairs.vectors.data(), size_, count_);
        combine<false>(basis_.leftCols(used_), rotation, vectors);
        pairs.values.assign(values_.data(), values_.data() + count_);
        pairs.residual = residual_;
        pairs.products = products_;
        pairs.converged = residual_ <= options_.tolerance || used_ == size_;
        return pairs;
    }

    const SymmetricOperator& apply_;
    Index size_, count_, block_, most_ = 0, used_ = 0;
    EigenOptions options_;
    std::mt19937_64 random_;
    Columns basis_, images_, rotation_, next_after_restart_;
    Eigen::VectorXd values_;
    double residual_ = 1;
    int products_ = 0;
};

} // namespace

Eigenpairs leading_eigenvectors(const SymmetricOperator& apply, std::int64_t size,
                                const EigenOptions& options, JobContext& job) {
    return BlockLanczos(apply, size, options).run(job);
}

} // namespace ember
