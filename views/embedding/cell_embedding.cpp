#include "views/embedding/cell_embedding.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"

namespace ember {

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr int components = 50;

void take(const RowBlock<float>& block, std::vector<float>& xy) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        float place[2] = {0, 0};
        if (block.sparse) {
            for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
                if (block.indices[at] < 2) {
                    place[block.indices[at]] += block.values[at];
                }
            }
        } else {
            std::copy_n(block.dense.data() + row * block.cols, std::min<std::uint64_t>(2, block.cols), place);
        }
        const std::uint64_t cell = block.first_row + row;
        const bool finite = std::isfinite(place[0]) && std::isfinite(place[1]);
        xy[2 * cell] = finite ? place[0] : missing;
        xy[2 * cell + 1] = finite && block.cols > 1 ? place[1] : missing;
    }
}

/// Dense, whatever the block is.
void copy_row(const RowBlock<float>& block, std::uint64_t at, std::vector<float>& row) {
    if (!block.sparse) {
        std::copy_n(block.dense.data() + at * block.cols, block.cols, row.begin());
        return;
    }
    std::fill(row.begin(), row.end(), 0.0F);
    for (std::uint64_t entry = block.indptr[at]; entry < block.indptr[at + 1]; ++entry) {
        row[block.indices[entry]] += block.values[entry];
    }
}

std::vector<float> copy_of(std::span<const float> values) {
    return {values.begin(), values.end()};
}

/// As many epochs as take some tens of milliseconds, so that the plot moves and cancel is heard.
class Pace {
public:
    int next() const { return epochs_; }
    void took(double seconds) {
        const double wanted = epochs_ * 0.04 / std::max(seconds, 1e-4);
        epochs_ = std::clamp(static_cast<int>(wanted), 1, 50);
    }

private:
    int epochs_ = 1;
};

PcaResult reduce(const Matrix& matrix, JobContext& job) {
    PcaOptions reduction;
    reduction.components =
        static_cast<int>(std::min<std::uint64_t>(components, std::min(matrix.rows(), matrix.cols())));
    return pca(matrix, reduction, job);
}

std::uint64_t dims_of(const PcaResult& reduced) {
    return static_cast<std::uint64_t>(reduced.count);
}

/// The rows of another matrix on these components: [rows × count].
std::vector<float> project(const Matrix& matrix, const PcaResult& reduced, JobContext& job) {
    const std::uint64_t dims = dims_of(reduced);
    std::vector<float> scores(matrix.rows() * dims);
    std::vector<float> row(matrix.cols());
    job.begin("Projecting", matrix.rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        for (std::uint64_t at = 0; at < block.rows; ++at) {
            copy_row(block, at, row);
            for (std::uint64_t d = 0; d < dims; ++d) {
                const float* weights = reduced.components.data() + d * block.cols;
                double sum = 0;
                for (std::uint64_t gene = 0; gene < block.cols; ++gene) {
                    sum += static_cast<double>(weights[gene]) *
                           (static_cast<double>(row[gene]) - static_cast<double>(reduced.mean[gene]));
                }
                scores[(block.first_row + at) * dims + d] = static_cast<float>(sum);
            }
            if (at % 256 == 0) {
                job.check_cancelled();
            }
        }
        job.advance_to(block.first_row + block.rows);
    };
    matrix.for_each_block(visit, job);
    return scores;
}

/// Runs the layout to its end; `more` rows beside its own are NaN.
std::vector<float> lay_out(Umap& umap, std::uint64_t more,
                           const std::function<void(const EmbeddingStep&)>& show, JobContext& job) {
    const auto take_copy = [&] {
        std::vector<float> xy = copy_of(umap.embedding());
        xy.resize(xy.size() + 2 * more, missing);
        return xy;
    };
    std::vector<float> xy = take_copy();
    show({xy, umap.epoch(), umap.epochs()});
    job.begin("Laying out", static_cast<std::uint64_t>(umap.epochs()), "epochs");
    Pace pace;
    while (!umap.done()) {
        const auto start = std::chrono::steady_clock::now();
        umap.step(pace.next(), job);
        pace.took(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        xy = take_copy();
        show({xy, umap.epoch(), umap.epochs()});
        job.advance_to(static_cast<std::uint64_t>(umap.epoch()));
    }
    return xy;
}

} // namespace

std::vector<float> embedding_from_file(const AnnData& data, const std::string& key, JobContext& job) {
    const MatrixPtr matrix = data.matrix({MatrixSource::Kind::obsm, key});
    std::vector<float> xy(2 * matrix->rows(), 0.0F);
    job.begin("Reading the embedding", matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        take(block, xy);
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    return xy;
}

std::vector<float> live_umap(const AnnData& data, const MatrixSource& source,
                             const std::function<void(const EmbeddingStep&)>& show, JobContext& job) {
    return live_umap(*data.matrix(source), show, job);
}

std::vector<float> live_umap(const Matrix& matrix, const std::function<void(const EmbeddingStep&)>& show,
                             JobContext& job) {
    const PcaResult reduced = reduce(matrix, job);
    Umap umap = Umap::create(reduced.scores, matrix.rows(), dims_of(reduced), {}, job);
    return lay_out(umap, 0, show, job);
}

std::vector<float> umap_onto(const Matrix& first, const std::vector<MatrixPtr>& others,
                             const std::function<void(const EmbeddingStep&)>& show, JobContext& job) {
    std::uint64_t more = 0;
    for (const MatrixPtr& other : others) {
        if (other->cols() != first.cols()) {
            throw Error("ShapeMismatch",
                        "'" + other->info().name + "' and '" + first.info().name + "' differ in columns");
        }
        more += other->rows();
    }
    const PcaResult reduced = reduce(first, job);
    Umap umap = Umap::create(reduced.scores, first.rows(), dims_of(reduced), {}, job);
    std::vector<float> xy = lay_out(umap, more, show, job);
    std::uint64_t start = first.rows();
    for (const MatrixPtr& other : others) {
        const std::vector<float> placed = umap.transform(project(*other, reduced, job), other->rows(), job);
        std::copy(placed.begin(), placed.end(), xy.begin() + static_cast<std::ptrdiff_t>(2 * start));
        start += other->rows();
    }
    return xy;
}

std::uint64_t count_left_out(const std::vector<float>& xy) {
    std::uint64_t without_x = 0, without_any = 0;
    for (std::size_t at = 0; at + 1 < xy.size(); at += 2) {
        without_x += !std::isfinite(xy[at]);
        without_any += !(std::isfinite(xy[at]) && std::isfinite(xy[at + 1]));
    }
    return 2 * without_any == xy.size() ? without_x : without_any;
}

} // namespace ember
